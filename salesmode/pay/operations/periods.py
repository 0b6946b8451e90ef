"""Close months of pay, and say when they close."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from salesmode.kernel import wording
from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.kernel.models import Company
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Invalid, Refusal, Stale
from salesmode.pay import policies, queries
from salesmode.pay.events import PayPeriodClosed, PaySettingsAmended
from salesmode.pay.models import LedgerEntry, PayAccount, PayPeriod, PaySettings, Statement
from salesmode.pay.models.ledger import PeriodIsClosed
from salesmode.pay.operations.posting import hold_settings, post_commission
from salesmode.people.models import Person

Rule = LedgerEntry.Rule
EARNED = (Rule.COMMISSION, Rule.KICKER, Rule.OVERRIDE, Rule.POOL, Rule.CLAWBACK, Rule.CORRECTION)


class MonthBeforeIsOpen(Refusal):
    """Months are closed one after the other."""

    def __init__(self, month: date) -> None:
        super().__init__(
            _("Close %(month)s first: months are closed one after the other.") % {"month": wording.month(month)}
        )


@transaction.atomic
def close_period(month: date, *, by: Person, at: datetime) -> PayPeriod:
    """Bring everybody up to date, close a month for good, and write the statements for it.

    Raises PeriodIsClosed, MonthBeforeIsOpen, NotAllowed, Invalid for a month that is not over.
    """
    require(policies.may_close_period(by))
    month = month.replace(day=1)
    if add_months(month, 1) > queries.today_of(at):
        raise Invalid({"month": [_("%(month)s is not over yet.") % {"month": wording.month(month)}]})
    settings = hold_settings(to_close=True)
    _is_next(settings, month)
    owners = sorted({*PayAccount.objects.values_list("owner_id", flat=True), *_paid_in(month)})
    post_commission(owners, by=by, at=at)
    open_until_now = Q(closed_through=None) | Q(closed_through=add_months(month, -1))
    if not PaySettings.objects.filter(open_until_now, pk=1).update(closed_through=month, version=F("version") + 1):
        raise PeriodIsClosed(month)
    statements = _write_statements(month, owners, at=at)
    period = PayPeriod.objects.create(month=month, closed_at=at, closed_by=by, statements=len(statements))
    total = sum((statement.due for statement in statements), Decimal())
    said: dict[str, Any] = {
        "statements": len(statements),
        "amount": total,
        "currency": Company.objects.current().currency,
    }
    record(PayPeriodClosed(pay_period_id=period.pk, month=month, **said), by=by, at=at)
    return period


def _is_next(settings: PaySettings, month: date) -> None:
    if settings.closed_through is None:
        return
    if month <= settings.closed_through:
        raise PeriodIsClosed(month)
    if month > add_months(settings.closed_through, 1):
        raise MonthBeforeIsOpen(add_months(settings.closed_through, 1))


def _paid_in(month: date) -> list[int]:
    """Return the sellers and managers whom a plan paid at the end of a month."""
    paid = queries.people_with_plans(on=date.fromordinal(add_months(month, 1).toordinal() - 1))
    sales = (Person.Role.SELLER, Person.Role.MANAGER)
    return list(Person.objects.active().filter(pk__in=paid, role__in=sales).values_list("pk", flat=True))


def _write_statements(month: date, owners: list[int], *, at: datetime) -> list[Statement]:
    """Write what each account says; accounts that never moved and have no plan get none. Three queries."""
    entries = LedgerEntry.objects.filter(owner__in=owners, period__lte=month).order_by()
    totals = entries.values("owner_id").annotate(
        before=Sum("amount", filter=Q(period__lt=month), default=Decimal(0)),
        all_earned=Sum("amount", filter=~Q(rule=Rule.PAID), default=Decimal(0)),
        earned=Sum("amount", filter=Q(period=month, rule__in=EARNED), default=Decimal(0)),
        held=Sum("amount", filter=Q(period=month, rule__in=(Rule.HELD, Rule.RELEASED)), default=Decimal(0)),
        draw=Sum("amount", filter=Q(period=month, rule__in=(Rule.DRAW, Rule.RECOVERY)), default=Decimal(0)),
        paid=Sum("amount", filter=Q(period=month, rule=Rule.PAID), default=Decimal(0)),
    )
    known: dict[int, dict[str, Any]] = {row["owner_id"]: dict(row) for row in totals}
    promised = dict(
        Statement.objects.filter(month__lt=month, owner__in=owners)
        .order_by()
        .values_list("owner_id")
        .annotate(due=Sum("due"))
    )
    currency, zero = Company.objects.current().currency, Decimal(0)
    planned = set(_paid_in(month))
    made = []
    for owner_id in owners:
        row = known.get(owner_id)
        if row is None and owner_id not in planned:
            continue
        row = row or dict.fromkeys(("before", "all_earned", "earned", "held", "draw", "paid"), zero)
        due = max(zero, row["all_earned"] - promised.get(owner_id, zero))
        parts = {name: row[name] for name in ("earned", "held", "draw", "paid")}
        made.append(
            Statement(
                owner_id=owner_id, month=month, currency=currency, opening=row["before"], due=due,
                created_at=at, updated_at=at, **parts,
            )
        )  # fmt: skip
    return Statement.objects.bulk_create(made)


@transaction.atomic
def amend_settings(
    *, closes_on_day: int | None, managers_see: bool, by: Person, at: datetime, version: int | None = None
) -> PaySettings:
    """Say on which day the month before is closed by itself (none: by hand), and whether managers see statements.

    Raises NotAllowed, Stale, Invalid for a day that not every month has.
    """
    require(policies.may_amend_settings(by))
    settings = hold_settings(to_close=True)
    if version is not None and settings.version != version:
        raise Stale(settings.version)
    if closes_on_day is not None and not 1 <= closes_on_day <= 28:
        raise Invalid({"closes_on_day": [_("Choose a day from 1 to 28.")]})
    wanted = {"closes_on_day": closes_on_day, "managers_see": managers_see}
    names = [name for name, value in wanted.items() if getattr(settings, name) != value]
    if names:
        for name in names:
            setattr(settings, name, wanted[name])
        settings.version += 1
        settings.save()
        record(PaySettingsAmended(pay_settings_id=1, changed=names), by=by, at=at)
    return settings
