"""The pipeline as a board: one column for each stage."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import JSONObject, RowNumber
from django.utils.safestring import SafeString

from salesmode.kernel.boards import BoardCard
from salesmode.kernel.lists_paging import fetch, read_cursor, write_cursor
from salesmode.kernel.templatetags.ui import money_short
from salesmode.people.models import Person
from salesmode.selling.models import Deal, Process, Stage
from salesmode.selling.queries.warnings import warnings_of

CARDS = 20
ORDER = ("closes_on", "id")
ON_CARDS = (
    *("version", "title", "customer__name", "owner__name", "amount", "currency", "closes_on", "next_step"),
    *("stage", "stage_entered_at", "outcome", "decided_at"),
)


@dataclass(frozen=True)
class BoardFilters:
    """What a board is narrowed to: somebody's deals, a team's, those that are to close in a span of days."""

    owner_id: int | None = None
    team_id: int | None = None
    closes_from: date | None = None
    closes_until: date | None = None

    def narrow(self, deals: QuerySet) -> QuerySet:
        """Apply the filters."""
        if self.owner_id is not None:
            deals = deals.filter(owner=self.owner_id)
        if self.team_id is not None:
            deals = deals.filter(owner__team=self.team_id)
        if self.closes_from is not None:
            deals = deals.filter(closes_on__gte=self.closes_from)
        if self.closes_until is not None:
            deals = deals.filter(closes_on__lt=self.closes_until)
        return deals


@dataclass(frozen=True)
class Card:
    """A deal on the board: with one warning at most, and whether it has been in its stage for too long."""

    deal: Deal
    warning: str
    is_slow: bool

    @property
    def html(self) -> SafeString:
        """Return the card as the board shows it."""
        deal = self.deal
        return BoardCard(
            kind="deal",
            key=deal.pk,
            version=deal.version,
            url=f"/deals/{deal.pk}",
            title=deal.title,
            customer=deal.customer.name if deal.customer else "",
            amount=money_short(deal.amount, deal.currency),
            day=deal.closes_on,
            owner=deal.owner,
            warning=self.warning,
            is_slow=self.is_slow,
            state="" if deal.is_open else deal.get_outcome_display(),
        ).html


@dataclass(frozen=True)
class BoardColumn:
    """A stage with its first cards; count and sum are of all its deals, in the company's currency."""

    stage: Stage
    count: int
    total: Decimal
    cards: list[Card]
    more: str | None


def pipeline_board(
    process: Process, filters: BoardFilters, *, seen_by: Person, at: datetime, today: date
) -> list[BoardColumn]:
    """Return the open deals of a process that a person may see, one column for each stage.

    Three queries, however many deals: counts and sums by stage, the first cards of each, and their warnings.
    """
    deals = filters.narrow(Deal.objects.open().visible_to(seen_by))
    dense = _is_dense(filters, seen_by)
    stages = list(_with_first(_summed(process, deals), deals) if dense else _summed(process, deals))
    if not stages:
        return []
    first = _first_of_all(stages) if dense else _first_of_some(stages, deals)
    by_stage: dict[int, list[Deal]] = {stage.pk: [] for stage in stages}
    for deal in sorted(first, key=lambda deal: (deal.closes_on or date.max, deal.pk)):
        by_stage[deal.stage_id].append(deal)
    return _columns([(stage, by_stage[stage.pk]) for stage in stages], at=at, today=today)


def _is_dense(filters: BoardFilters, person: Person) -> bool:
    """Say whether walking along an index by close date soon meets enough deals: all are wanted, or one owner's."""
    return filters.owner_id is not None or (person.sees_all and filters.team_id is None)


def _with_first(stages: QuerySet[Stage], deals: QuerySet) -> QuerySet[Stage]:
    """Have each stage know its first cards, in the query that counts them."""
    first = deals.filter(stage=OuterRef("pk")).order_by(*ORDER).values("pk")[: CARDS + 1]
    return stages.annotate(first=ArraySubquery(first))


def _first_of_all(stages: list[Any]) -> QuerySet:
    keys = [key for stage in stages for key in stage.first]
    return _cards(Deal.objects.filter(_IsAnyOf(F("pk"), Value(keys)))).order_by()


class _IsAnyOf(Func):
    """`key = any(array)`: the array is worked out once and its rows are fetched by key; an `in` would join all rows."""

    arg_joiner = " = any("
    template = "%(expressions)s)"
    output_field = BooleanField()


def _first_of_some(stages: list[Stage], deals: QuerySet) -> QuerySet:
    """Number the few deals that are seen: walking an index of all would pass too many that are not."""
    place = Window(RowNumber(), partition_by=F("stage"), order_by=[F("closes_on").asc(nulls_last=True), F("id").asc()])
    numbered = deals.filter(stage__in=stages).annotate(place=place).filter(place__lte=CARDS + 1)
    keys = ArraySubquery(numbered.order_by().values("pk"))
    return _cards(Deal.objects.filter(_IsAnyOf(F("pk"), keys))).order_by()


def column_cards(
    stage: Stage, filters: BoardFilters, *, seen_by: Person, after: str, at: datetime, today: date
) -> BoardColumn:
    """Return the next cards of a column, from a cursor on. Three queries, or four where deals have no close date."""
    deals = filters.narrow(Deal.objects.open().visible_to(seen_by))
    summed = _summed(stage.process, deals).get(pk=stage.pk)
    cursor = read_cursor(Deal, ORDER, after, "after")
    found = fetch(_cards(deals.filter(stage=stage)), ORDER, cursor, CARDS + 1)
    return _columns([(summed, found)], at=at, today=today)[0]


def _summed(process: Process, deals: QuerySet) -> QuerySet[Stage]:
    of_stage = deals.filter(stage=OuterRef("pk")).order_by().values("stage")
    summary = of_stage.annotate(summary=JSONObject(count=Count("pk"), total=Sum("company_amount"))).values("summary")
    stages = Stage.objects.filter(process=process).annotate(summary=Subquery(summary))
    return stages.filter(Q(is_active=True) | Exists(deals.filter(stage=OuterRef("pk")))).in_order()


def _cards(deals: QuerySet) -> QuerySet:
    return deals.select_related("customer", "owner").only(*ON_CARDS).order_by(*ORDER)


def _columns(filled: list[tuple[Any, list[Deal]]], *, at: datetime, today: date) -> list[BoardColumn]:
    for stage, deals in filled:
        for deal in deals:
            deal.stage = stage
    warnings = warnings_of([deal for _stage, deals in filled for deal in deals[:CARDS]], at=at, today=today)
    return [_column(stage, deals, warnings, at=at) for stage, deals in filled]


def _column(stage: Any, deals: list[Deal], warnings: dict[int, str], *, at: datetime) -> BoardColumn:
    summary = stage.summary or {}
    more = write_cursor(deals[CARDS - 1], ORDER) if len(deals) > CARDS else None
    cards = []
    for deal in deals[:CARDS]:
        slow = bool(stage.expected_days and deal.days_in_stage(at=at) > stage.expected_days)
        cards.append(Card(deal, warnings.get(deal.pk, ""), slow))
    return BoardColumn(stage, summary.get("count") or 0, Decimal(str(summary.get("total") or 0)), cards, more)
