"""How much of the variable pay that a plan means for those who reach their target has been earned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from salesmode.kernel.periods import Period, add_months
from salesmode.pay.models import LedgerEntry, curve
from salesmode.pay.models.earning import span_of
from salesmode.pay.queries.holding import Holding
from salesmode.people.models import Person

ZERO, HUNDRED, MONTHS = Decimal(0), Decimal(100), 12
# What was earned: not what is lent, held back for later, or paid out.
EARNED = ("commission", "kicker", "override", "pool", "clawback", "correction")


@dataclass(frozen=True)
class Reached:
    """What was earned of the variable pay on target of some months."""

    earned: Decimal
    variable: Decimal

    @property
    def share(self) -> Decimal:
        """Return how much of it was reached, in percent: never less than unknown, never cut off at the top."""
        return self.earned * HUNDRED / self.variable


@dataclass(frozen=True)
class OnTarget:
    """A month, and its year until then, beside the variable pay on target; and what exactly on target pays."""

    month: Reached
    year: Reached
    rate: Decimal | None


def variable_of(person: Person, months: Iterable[date], holding: Holding) -> dict[date, Decimal]:
    """Return the variable pay on target of each month, where a plan says one; a first month counts by its days.

    One query, whatever the months.
    """
    found = {}
    began = holding.started_on(person.pk)
    for month in months:
        until = add_months(month, 1)
        plan = holding.plan_on(person.pk, until - timedelta(days=1))
        if plan is None or not plan.terms.target_variable or (began is not None and began >= until):
            continue
        whole = plan.terms.target_variable / MONTHS
        days = (until - max(month, began or month)).days
        found[month] = whole * days / (until - month).days
    return found


def on_target(person: Person, month: date, holding: Holding) -> OnTarget | None:
    """Return how a month and its year stand beside the variable pay on target; None where no plan says one.

    Three queries at most.
    """
    first = Period.containing(month, "fiscal_year").first
    months = [first]
    while months[-1] < month:
        months.append(add_months(months[-1], 1))
    wanted = variable_of(person, months, holding)
    if month not in wanted:
        return None
    rows = LedgerEntry.objects.filter(owner=person, period__in=list(wanted), rule__in=EARNED)
    earned = dict(rows.order_by().values_list("period").annotate(total=Sum("amount")))
    plan = holding.plan_on(person.pk, add_months(month, 1) - timedelta(days=1))
    rate = None
    if plan is not None:
        quota = holding.quota_of(plan, person.pk, span_of(month, plan.terms.frequency))
        rate = curve.effective_rate(plan.terms, quota)
    return OnTarget(
        Reached(earned.get(month, ZERO), wanted[month]),
        Reached(sum(earned.values(), ZERO), sum(wanted.values(), ZERO)),
        rate,
    )
