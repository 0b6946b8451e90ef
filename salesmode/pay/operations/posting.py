"""Make the ledger say what people should have: by adding entries, never by changing one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.kernel.models import Company
from salesmode.pay import policies, queries
from salesmode.pay.events import CommissionPosted
from salesmode.pay.models import LedgerEntry, PayAccount, PaySettings
from salesmode.pay.models.earning import earn
from salesmode.pay.models.sale import Book, Line
from salesmode.people.models import Person

TOGETHER = 50
BY_HAND = (LedgerEntry.Rule.CORRECTION, LedgerEntry.Rule.PAID)
_ACCOUNTS = """
insert into pay_payaccount (owner_id, is_stale) select id, false from people_person where id = any(%s)
on conflict (owner_id) do nothing
"""


@transaction.atomic
def post_commission(owners: Sequence[Person] | Sequence[int], *, by: Person, at: datetime) -> int:
    """Bring people's ledgers up to date with what was sold and paid; returns how many entries that took.

    Told again, nothing changes. What belongs to a closed month is corrected in the first open one.

    Raises NotAllowed.
    """
    require(policies.may_post_commission(by))
    keys = sorted({owner if isinstance(owner, int) else owner.pk for owner in owners})
    settings = hold_settings()
    accounts = hold_accounts(keys)
    book = queries.book_of(keys, as_of=queries.today_of(at))
    posted = 0
    for account, rows in _with_entries(accounts):
        entries = bring_into_line(account.owner_id, rows, book=book, settings=settings, by=by, at=at)
        posted += len(entries)
        if entries:
            amount = sum((entry.amount for entry in entries), Decimal())
            said: dict[str, Any] = {"entries": len(entries), "amount": amount, "currency": book.currency}
            said["parts"] = _parts(entries)
            record(CommissionPosted(pay_account_id=account.pk, owner_id=account.owner_id, **said), by=by, at=at)
    PayAccount.objects.filter(pk__in=[account.pk for account in accounts]).update(is_stale=False, posted_at=at)
    return posted


def _with_entries(accounts: Sequence[PayAccount]) -> Iterator[tuple[PayAccount, list[LedgerEntry]]]:
    """Return each account with what its plans have posted, the oldest first. One query for some accounts at a time."""
    for first in range(0, len(accounts), TOGETHER):
        some = accounts[first : first + TOGETHER]
        found: dict[int, list[LedgerEntry]] = defaultdict(list)
        rows = LedgerEntry.objects.filter(owner__in=[account.owner_id for account in some]).order_by("pk")
        for entry in rows.exclude(rule__in=BY_HAND).select_related("reversed_by"):
            found[entry.owner_id].append(entry)
        yield from ((account, found[account.owner_id]) for account in some)


def _parts(entries: Iterable[LedgerEntry]) -> list[tuple[date, str, Decimal]]:
    """Return by how much each month of pay and rule was moved."""
    moved: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        moved[entry.period, str(entry.rule)] += entry.amount
    return [(month, rule, amount) for (month, rule), amount in sorted(moved.items()) if amount]


def hold_settings(*, to_close: bool = False) -> PaySettings:
    """Keep months from being closed until the transaction ends; whoever closes one keeps everybody from posting."""
    strength = "update" if to_close else "share"
    held = f"select * from pay_paysettings where id = 1 for {strength}"  # noqa: S608
    for row in PaySettings.objects.raw(held):
        return row
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into pay_paysettings (id, closes_on_day, managers_see, version) values (1, 3, true, 1)"
            " on conflict (id) do nothing"
        )
    return PaySettings.objects.raw(held)[0]


def hold_accounts(owner_ids: Iterable[int]) -> list[PayAccount]:
    """Hold people's accounts, in the order of their ids, so that one posts after the other."""
    keys = sorted(set(owner_ids))
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [keys])
    return list(PayAccount.objects.select_for_update().filter(owner__in=keys).order_by("owner_id"))


def bring_into_line(
    owner_id: int, rows: Iterable[LedgerEntry], *, book: Book, settings: PaySettings, by: Person, at: datetime
) -> list[LedgerEntry]:
    """Post the difference between what somebody should have and what stands; reversals first. One query."""
    wanted = {line.key: line for line in earn(book, owner_id)}
    standing: dict[str, LedgerEntry] = {}
    turns: dict[str, int] = {}
    for entry in rows:
        if entry.reversal_of_id is None:
            turns[entry.key] = max(turns.get(entry.key, 0), entry.turn)
            if not hasattr(entry, "reversed_by"):
                standing[entry.key] = entry
    entries: list[LedgerEntry] = []
    shared = {"posted_by": by, "created_at": at}
    for key, entry in standing.items():
        line = wanted.get(key)
        if line is not None and _agrees(entry, line, settings):
            del wanted[key]
        else:
            entries.append(_reversal(entry, settings, **shared))
    for key, line in wanted.items():
        entry = _entry(owner_id, line, book.currency, settings, turn=turns.get(key, 0) + 1, **shared)
        former = standing.get(key)
        entry.corrects = former if former is not None and former.period != entry.period else None
        entries.append(entry)
    if entries:
        LedgerEntry.objects.bulk_create(entries, batch_size=500)
    return entries


def _agrees(entry: LedgerEntry, line: Line, settings: PaySettings) -> bool:
    """Say whether an entry still tells the truth; in a closed month, whether its amount does."""
    if (entry.amount, entry.belongs_to) != (line.amount, line.month):
        return False
    if settings.closed_through is not None and entry.period <= settings.closed_through:
        return True
    stands = (entry.happened_on, entry.plan_version_id, entry.base, entry.rate, entry.event_id, entry.inputs)
    return stands == (line.on, line.version_id, line.base, line.rate, line.event_id, dict(line.inputs))


def _entry(owner_id: int, line: Line, currency: str, settings: PaySettings, *, turn: int, **more: Any) -> LedgerEntry:
    return LedgerEntry(
        owner_id=owner_id,
        key=line.key,
        turn=turn,
        rule=line.rule,
        period=settings.open_month(line.month),
        belongs_to=line.month,
        happened_on=line.on,
        amount=line.amount,
        currency=currency,
        base=line.base,
        rate=line.rate,
        event_id=line.event_id,
        deal_id=line.deal_id,
        order_id=line.order_id,
        payment_id=line.payment_id,
        plan_version_id=line.version_id,
        inputs=dict(line.inputs),
        **more,
    )


def _reversal(entry: LedgerEntry, settings: PaySettings, **more: Any) -> LedgerEntry:
    """Return the entry that takes another one back, in the same month while that is open."""
    copied = ("owner_id", "key", "turn", "rule", "belongs_to", "happened_on", "currency", "base", "rate", "event_id",
              "deal_id", "order_id", "payment_id", "plan_version_id", "inputs")  # fmt: skip
    kept = {name: getattr(entry, name) for name in copied}
    period = settings.open_month(entry.period)
    return LedgerEntry(**kept, amount=-entry.amount, period=period, reversal_of=entry, **more)


def post_by_hand(
    owner_id: int, *, rule: str, key: str, amount: Decimal, settings: PaySettings, on: date, by: Person, at: datetime,
    **more: Any,
) -> LedgerEntry:  # fmt: skip
    """Post one entry that no plan asked for: a correction or a payout, once for its key."""
    month = on.replace(day=1)
    return LedgerEntry.objects.create(
        owner_id=owner_id,
        key=key,
        rule=rule,
        period=settings.open_month(month),
        belongs_to=month,
        happened_on=on,
        amount=amount,
        currency=Company.objects.current().currency,
        posted_by=by,
        created_at=at,
        **more,
    )
