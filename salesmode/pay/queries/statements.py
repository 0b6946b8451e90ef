"""What a statement shows, closed or of the running month."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from salesmode.kernel.here import company
from salesmode.kernel.periods import add_months
from salesmode.pay.models import LedgerEntry, PayAccount, PaySettings, Statement
from salesmode.pay.models.sale import InForce
from salesmode.pay.models.terms import PlanTerms
from salesmode.pay.queries.explaining import explanation
from salesmode.pay.queries.holding import Holding
from salesmode.pay.queries.on_target import EARNED, OnTarget, on_target
from salesmode.people.models import Person

ZERO = Decimal(0)
READINGS = 3
ORDER = [choice for choice, _label in LedgerEntry.Rule.choices]


@dataclass(frozen=True)
class Row:
    """One entry as it is shown, with its explanation."""

    entry: LedgerEntry
    why: str
    # It and what takes it back stand side by side: together they are nothing.
    is_cancelled: bool = False

    @property
    def about(self) -> str:
        """Return what it is about: the order's number and customer, or the deal."""
        if self.entry.order is not None:
            return f"{self.entry.order.number} {self.entry.order.customer.name}"
        return self.entry.deal.title if self.entry.deal is not None else ""

    @property
    def url(self) -> str:
        """Return where the sale can be looked at."""
        if self.entry.order_id:
            return f"/orders/{self.entry.order_id}"
        return f"/deals/{self.entry.deal_id}" if self.entry.deal_id else ""


@dataclass
class Group:
    """The entries of one rule."""

    rule: str
    label: Any
    rows: list[Row] = field(default_factory=list)

    @property
    def standing(self) -> list[Row]:
        """Return the entries that count."""
        return [row for row in self.rows if not row.is_cancelled]

    @property
    def cancelled(self) -> list[Row]:
        """Return what was posted and taken back again."""
        return [row for row in self.rows if row.is_cancelled]

    @property
    def total(self) -> Decimal:
        """Return what the rule comes to."""
        return sum((row.entry.amount for row in self.rows), ZERO)


@dataclass(frozen=True)
class StatementPage:
    """A month of somebody's pay."""

    person: Person
    month: date
    currency: str
    opening: Decimal
    groups: list[Group]
    statement: Statement | None
    plan: InForce | None
    is_stale: bool
    on_target: OnTarget | None = None

    @property
    def closing(self) -> Decimal:
        """Return what the account says at the end."""
        return self.opening + sum((group.total for group in self.groups), ZERO)

    @property
    def terms(self) -> PlanTerms | None:
        """Return the terms that hold at the month's end."""
        return self.plan.terms if self.plan else None

    def sum_of(self, *rules: str) -> Decimal:
        """Return what some rules come to."""
        return sum((group.total for group in self.groups if group.rule in rules), ZERO)

    @property
    def earned(self) -> Decimal:
        """Return what was earned, less what was taken back."""
        return self.sum_of(*EARNED)

    @property
    def held(self) -> Decimal:
        """Return what was held back, less what was released."""
        return self.sum_of("held", "released")

    @property
    def draw(self) -> Decimal:
        """Return what was advanced, less what was paid back."""
        return self.sum_of("draw", "recovery")

    @property
    def paid(self) -> Decimal:
        """Return what was paid out."""
        return self.sum_of("paid")


def rows_of(entries: Iterable[LedgerEntry]) -> list[Row]:
    """Return entries as they are shown; those that take each other away are marked. No further query."""
    given = list(entries)
    there = {entry.pk for entry in given}
    taken_back = {entry.reversal_of_id for entry in given if entry.reversal_of_id in there}
    return [
        Row(entry, explanation(entry), entry.pk in taken_back or entry.reversal_of_id in taken_back) for entry in given
    ]


def statement_page(person: Person, month: date) -> StatementPage:
    """Return a month of somebody's pay, entries grouped by rule. Some twelve queries, however many entries.

    Entries and plan are read one after the other. Whatever is posted or noted in between is seen at the account, and
    all is read again, so that no page shows a former plan's entries under the new plan as if nothing were to come.
    """
    for _reading in range(READINGS):
        before = _account(person)
        page = _read(person, month, is_stale=before[0])
        if _account(person) == before:
            return page
    return replace(page, is_stale=True)


def _account(person: Person) -> tuple[bool, datetime | None]:
    """Return whether work waits for an account, and when it was last brought up to date."""
    found = PayAccount.objects.filter(owner=person).values_list("is_stale", "posted_at").first()
    return found or (False, None)


def _read(person: Person, month: date, *, is_stale: bool) -> StatementPage:
    rows = LedgerEntry.objects.filter(owner=person)
    opening = rows.filter(period__lt=month).aggregate(total=Sum("amount", default=ZERO))["total"]
    entries = rows.filter(period=month).select_related(
        "deal", "order__customer", "payment", "plan_version__plan", "reversal_of", "corrects"
    )
    labels = dict(LedgerEntry.Rule.choices)
    found: dict[str, Group] = {}
    for row in rows_of(entries.order_by("happened_on", "id")):
        found.setdefault(row.entry.rule, Group(row.entry.rule, labels[row.entry.rule])).rows.append(row)
    holding = Holding()
    last = date.fromordinal(add_months(month, 1).toordinal() - 1)
    statement = Statement.objects.filter(owner=person, month=month).select_related("owner").first()
    return StatementPage(
        person=person,
        month=month,
        currency=statement.currency if statement else company().currency,
        opening=opening,
        groups=[found[rule] for rule in ORDER if rule in found],
        statement=statement,
        plan=holding.plan_on(person.pk, last),
        is_stale=is_stale,
        on_target=on_target(person, month, holding),
    )


def months_of(person: Person, *, today: date, most: int = 14) -> list[date]:
    """Return the months that can be looked at, the newest first. One query."""
    first = LedgerEntry.objects.filter(owner=person).order_by("period").values_list("period", flat=True).first()
    month = today.replace(day=1)
    found: list[date] = []
    while len(found) < most and month >= (first or month):
        found.append(month)
        month = add_months(month, -1)
    return found


@dataclass(frozen=True)
class Overview:
    """What waits to be done about pay: the next month to close, and what was closed."""

    settings: PaySettings
    next_month: date | None
    waiting: int
    approved: int
    questions: int
    due: Decimal
    # What comes next where no month is due yet.
    coming_month: date | None
    due_from: date | None
    closes_itself_on: date | None


def overview(*, today: date) -> Overview:
    """Return what waits to be done. Four queries."""
    settings = PaySettings.current()
    since = Holding().since
    before = add_months(today.replace(day=1), -1)
    following = add_months(settings.closed_through, 1) if settings.closed_through else (since or today).replace(day=1)
    is_due = since is not None and following <= before
    waits = since is not None and not is_due
    after, by_day = add_months(following, 1), settings.closes_on_day
    found = Statement.objects.exclude(status=Statement.Status.SETTLED)
    return Overview(
        settings=settings,
        next_month=following if is_due else None,
        waiting=found.filter(status=Statement.Status.CLOSED).count(),
        approved=found.filter(status=Statement.Status.APPROVED, questions=0).count(),
        questions=Statement.objects.filter(questions__gt=0).count(),
        due=found.aggregate(total=Sum("due", filter=Q(due__gt=0), default=ZERO))["total"],
        coming_month=following if waits else None,
        due_from=after if waits else None,
        closes_itself_on=after.replace(day=by_day) if waits and by_day is not None else None,
    )
