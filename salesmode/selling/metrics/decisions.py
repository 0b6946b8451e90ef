"""What the numbers about deals share: which rows they read, and what they can be broken down by."""

from typing import Any

from salesmode.analytics.metrics import Metric, Records

TIMES = ("month", "quarter")
PIPELINE = ("team", "person", "stage", "process", "product", "source", "category", "customer")
DECIDED = ("team", "person", "stage", "process", "product", "source", "region", "industry", "customer", *TIMES)
WON = Records("deal", {"outcome": ("won",)}, dated_by="decided_at")
OPEN = Records("deal", {"outcome": ("open",)})
OPENED = Records("deal", dated_by="opened_at")

# A decision taken back leaves a row with deals = -1: sums and counts need nothing more, medians leave both rows out.
STANDING_DECISIONS = (
    "select made.* from deal_outcomes made"
    " anti join (select deal_id, local_at from deal_outcomes where deals = -1) back"
    " on back.deal_id = made.deal_id and back.local_at = made.local_at where made.deals = 1"
)


def pipeline(code: str, label: Any, question: Any, sql: str, unit: Any) -> Metric:
    """Return a metric over the open pipeline at a moment."""
    return Metric(
        code=code,
        label=label,
        question=question,
        unit=unit,
        kind="balance",
        fact="deal_ledger",
        sql=sql,
        dimensions=PIPELINE,
        by_owner=("team",),
        records=OPEN,
        nothing_is_zero=True,
    )


def decided(code: str, label: Any, question: Any, sql: str, unit: Any, **more: Any) -> Metric:
    """Return a metric over the deals decided in a period."""
    return Metric(
        **{
            "code": code,
            "label": label,
            "question": question,
            "unit": unit,
            "fact": "deal_outcomes",
            "sql": sql,
            "dimensions": DECIDED,
            "records": WON,
            **more,
        }
    )
