"""The numbers about what selling costs: of the company as a whole, never of one person.

What each person earns is on their statement, which only those may open whom the settings of pay allow. So these numbers
have no team and no person to be broken down by, and are unknown to whoever does not look at the whole company.
"""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Ingredient, Metric, Records, register

TIMES = ("month", "quarter")
EARNED = ("commission", "kicker", "override", "pool", "clawback", "correction")
ENTRIES = Records("commission", {"rule": EARNED}, dated_by="period")
STATEMENTS = Records("statement", {"status": ("settled",)}, dated_by="settled")

register(
    Metric(
        code="commission_earned",
        label=_("Commission earned"),
        question=_(
            "How much commission belongs to the months of the period, with all that was added and taken back there?"
        ),
        unit="money",
        direction="lower",
        fact="commission_parts",
        where="rule in ('" + "', '".join(EARNED) + "')",
        sql="sum(amount)",
        dimensions=TIMES,
        records=ENTRIES,
    ),
    Metric(
        code="commission_paid",
        label=_("Commission paid out"),
        question=_("How much did the statements come to that were paid out in the period?"),
        unit="money",
        direction="lower",
        fact="payouts",
        sql="sum(amount)",
        dimensions=TIMES,
        records=STATEMENTS,
    ),
    Metric(
        code="commission_rate",
        label=_("Commission rate"),
        question=_("What share of the money that customers paid in the period does its commission come to?"),
        unit="ratio",
        direction="lower",
        kind="formula",
        ingredients={"earned": Ingredient("commission_earned"), "received": Ingredient("payments_received")},
        formula=lambda earned, received: earned / received,
        formula_text="commission_earned / payments_received",
        records=ENTRIES,
    ),
    Metric(
        code="effective_commission_rate",
        label=_("Effective commission rate"),
        question=_("What share of the orders signed in the period was paid out as commission in it?"),
        unit="ratio",
        direction="lower",
        kind="formula",
        ingredients={"paid": Ingredient("commission_paid"), "signed": Ingredient("order_amount")},
        formula=lambda paid, signed: paid / signed,
        formula_text="commission_paid / order_amount",
        records=STATEMENTS,
    ),
)
