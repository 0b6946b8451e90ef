"""What the clock asks of pay: look at what was noted, once a night at everybody, and close months."""

from datetime import datetime

from salesmode.kernel.jobs import every
from salesmode.kernel.periods import add_months
from salesmode.pay import operations, queries
from salesmode.pay.models import PayAccount, PaySettings
from salesmode.people.models import Person


@every("minute", count=1)
def post_what_was_noted(*, at: datetime) -> None:
    """Bring the ledgers up to date of everybody whom something concerned since."""
    stale = list(PayAccount.objects.filter(is_stale=True).order_by("owner_id").values_list("owner_id", flat=True)[:200])
    if stale:
        operations.post_commission(stale, by=Person.objects.system(), at=at)


@every("day", at="02:10")
def look_at_everybody(*, at: datetime) -> None:
    """Bring everybody up to date: targets change, months end and payments fall overdue without anything happening.

    Whom no plan pays any more is looked at too: a plan's last month fills up and falls due after it has ended.
    """
    holding = queries.Holding()
    paid = queries.people_with_plans(on=queries.today_of(at), holding=holding)
    owners = sorted({*paid, *PayAccount.objects.values_list("owner_id", flat=True)})
    if owners:
        operations.post_commission(owners, by=Person.objects.system(), at=at)


@every("day", at="03:10")
def close_the_month_before(*, at: datetime) -> None:
    """Close the month before once the day for it has come; before any plan holds there is nothing to close."""
    settings, today = PaySettings.current(), queries.today_of(at)
    before = add_months(today.replace(day=1), -1)
    since = queries.Holding().since
    if settings.closes_on_day is None or today.day < settings.closes_on_day or since is None:
        return
    first = before if settings.closed_through is None else add_months(settings.closed_through, 1)
    while first <= before:
        if add_months(first, 1) > since:
            operations.close_period(first, by=Person.objects.system(), at=at)
        first = add_months(first, 1)
