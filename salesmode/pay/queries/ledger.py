"""What stands in the ledger, as the lines that it was posted from."""

from salesmode.pay.models import LedgerEntry
from salesmode.pay.models.sale import Line


def standing_lines(owner_id: int) -> list[Line]:
    """Return somebody's entries that nothing took back, as lines: the same bytes as what should be. One query."""
    rows = LedgerEntry.objects.filter(owner=owner_id, reversal_of=None, reversed_by=None)
    return [
        Line(
            key=entry.key, rule=entry.rule, on=entry.happened_on, amount=entry.amount,
            version_id=entry.plan_version_id or 0, base=entry.base, rate=entry.rate, event_id=entry.event_id,
            deal_id=entry.deal_id, order_id=entry.order_id, payment_id=entry.payment_id, inputs=entry.inputs,
        )
        for entry in rows.exclude(rule__in=("correction", "paid"))
    ]  # fmt: skip
