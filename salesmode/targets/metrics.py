"""The numbers about targets: what people are to win, how much of it they won, and whether the pipeline will do."""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Ingredient, Metric, Records, register
from salesmode.targets.queries import goals

QUOTA = ("team", "person", "month", "quarter")
DUE = Records("deal", {"outcome": ("open",)}, dated_by="closes_on")


def _coverage(pipeline: float, won: float, quota: float | None) -> float | None:
    if quota is None:
        return pipeline / won
    return pipeline / (quota - won) if quota > won else None


register(
    Metric(
        code="quota",
        label=_("Quota"),
        question=_(
            "What are people to win in the months that begin in the period: the approved targets of everybody together?"
        ),
        unit="money",
        source="select * from target_months where unit = 'person' and aim = 'won_amount'",
        reads=("target_months",),
        sql="sum(amount)",
        dimensions=QUOTA,
    ),
    Metric(
        code="quota_attainment",
        label=_("Quota attainment"),
        question=_("How much of their quota for the period did people win?"),
        unit="ratio",
        kind="formula",
        ingredients={"won": Ingredient("won_amount"), "quota": Ingredient("quota")},
        formula=lambda won, quota: won / quota,
        formula_text="won_amount / quota",
        records=Records("deal", {"outcome": ("won",)}, dated_by="decided_at"),
    ),
    Metric(
        code="pipeline_due",
        label=_("Pipeline due"),
        question=_("What are the deals worth that are open at the end of the period and expected to close in it?"),
        unit="money",
        kind="state",
        reads=("deal_ledger",),
        source=(
            "select * from deal_ledger where local_at < $as_of::date"
            " and closes_on >= $first::date and closes_on < $until::date"
        ),
        sql="sum(amount)",
        dimensions=("team", "person", "stage", "process", "product", "source", "category", "customer"),
        by_owner=("team",),
        records=DUE,
        nothing_is_zero=True,
    ),
    Metric(
        code="coverage",
        label=_("Pipeline coverage"),
        question=_(
            "How many times would the open deals that are due in the period cover what is still to be won of the quota?"
            " Where nobody has a quota: how many times would they cover what was won in the period?"
        ),
        unit="ratio",
        kind="formula",
        ingredients={
            "pipeline": Ingredient("pipeline_due"),
            "won": Ingredient("won_amount"),
            "quota": Ingredient("quota", may_be_unknown=True),
        },
        formula=_coverage,
        formula_text="pipeline_due / (quota - won_amount); without a quota pipeline_due / won_amount",
        records=DUE,
    ),
)

__all__ = ["goals"]
