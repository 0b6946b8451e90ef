"""Bring in many deals from elsewhere at once, with their dates: what is long over is told as it happened then."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.catalog.models import Product
from salesmode.customers.models import Customer
from salesmode.kernel.events import Event, record_many
from salesmode.kernel.locking import fit, require
from salesmode.kernel.models import Company
from salesmode.kernel.money import in_company_currency, known_currency, payable
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealLost, DealMoved, DealOpened, DealWon, Standing
from salesmode.selling.models import Deal, DealLine, DealStay, LossReason, Stage
from salesmode.selling.operations.deal_facts import stated_facts
from salesmode.selling.operations.entries import index_deals
from salesmode.selling.operations.worth import ensure_not_negative

Visit = tuple[Stage, datetime]


@dataclass(frozen=True)
class DealRow:
    """One deal as another system knew it: where it has been since when, and how it ended.

    `visits` are the stages it passed, each with the moment it entered; the first is when the deal was opened.
    `quantity` and `list_price` describe its one line when there is a product; the line's price is the amount.
    """

    title: str
    owner: Person
    visits: Sequence[Visit]
    customer: Customer | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    closes_on: date | None = None
    outcome: str = Deal.Outcome.OPEN
    decided_at: datetime | None = None
    loss_reason: LossReason | None = None
    product: Product | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def import_deals(
    rows: Sequence[DealRow], *, unfit: Callable[[int, Refusal], None] | None = None, by: Person, at: datetime
) -> list[Deal]:
    """Bring in many deals, each with its line, its stays and the events of its whole life, in a few statements.

    `unfit` is told which rows do not fit, counted from one, and why; the others come in. Without it one such row
    raises Invalid, naming the row, and nothing is kept. Raises NotAllowed.
    """
    require(policies.may_import_deals(by))
    _require_owners(rows, by=by)
    currency = Company.objects.current().currency
    pairs = []
    for number, row in enumerate(rows, start=1):
        try:
            pairs.append((_deal(row, own_currency=currency, at=at), row))
        except Refusal as refusal:
            if unfit is None:
                raise _at_row(number, refusal) from None
            unfit(number, refusal)
    deals = [deal for deal, _row in pairs]
    Deal.objects.bulk_create(deals, batch_size=1_000)
    DealLine.objects.bulk_create([line for pair in pairs for line in _lines(*pair)], batch_size=2_000)
    DealStay.objects.bulk_create([stay for pair in pairs for stay in _stays(*pair)], batch_size=2_000)
    index_deals(deals)
    happened = [moment for pair in pairs for moment in _life(*pair)]
    record_many(sorted(happened, key=lambda moment: moment[1]), by=by)
    return deals


def _require_owners(rows: Sequence[DealRow], *, by: Person) -> None:
    for owner in {row.owner.pk: row.owner for row in rows}.values():
        require(policies.may_open_deal(by, Deal(owner=owner)))


def _at_row(number: int, refusal: Refusal) -> Invalid:
    return Invalid({f"row {number}": [refusal.message, *(text for texts in refusal.fields.values() for text in texts)]})


def _deal(row: DealRow, *, own_currency: str, at: datetime) -> Deal:
    moments = [moment for _stage, moment in row.visits] + ([row.decided_at] if row.decided_at else [])
    if not row.visits or moments != sorted(moments):
        raise Invalid({"visits": [_("A deal enters its stages one after the other and is decided at the end.")]})
    first, opened_at = row.visits[0]
    deal = Deal(title=row.title, owner=row.owner, process_id=first.process_id, opened_at=opened_at, **row.details)
    deal.closes_on, deal.created_at, deal.updated_at = row.closes_on, opened_at, at
    ensure_not_negative(row.amount)
    currency = known_currency(row.currency) if row.currency else own_currency
    deal.amount = deal.company_amount = payable(row.amount, currency)
    deal.currency = currency
    if currency != own_currency:
        deal.currency, deal.company_amount = in_company_currency(deal.amount, currency, on=opened_at)
    if row.customer is not None:
        deal.belong_to(row.customer)
    for stage, moment in row.visits:
        deal.move_to(stage, at=moment)
    fit(deal)
    if row.outcome == Deal.Outcome.WON:
        deal.mark_won(at=row.decided_at or moments[-1])
    elif row.outcome == Deal.Outcome.LOST:
        deal.mark_lost(reason=row.loss_reason, at=row.decided_at or moments[-1])
    return deal


def _lines(deal: Deal, row: DealRow) -> Iterator[DealLine]:
    if row.product is not None:
        yield DealLine(deal=deal, product=row.product, price=row.amount, amount=row.amount, position=1)


def _stays(deal: Deal, row: DealRow) -> Iterator[DealStay]:
    left = [moment for _stage, moment in row.visits[1:]] + [deal.decided_at]
    for (stage, entered_at), left_at in zip(row.visits, left, strict=True):
        yield DealStay(deal=deal, stage=stage, entered_at=entered_at, left_at=left_at)


def _life(deal: Deal, row: DealRow) -> Iterator[tuple[Event, datetime]]:
    """Tell the deal's life: opened, each move with the stage it left, and the decision."""
    outside: dict[str, Any] = {"team_id": row.owner.team_id, "product_id": row.product.pk if row.product else None}
    if row.customer is not None:
        outside |= {"province": row.customer.province, "industry": row.customer.industry}
    final = stated_facts(deal, stage_position=row.visits[-1][0].position, **outside)
    former: Visit | None = None
    counted: dict[str, Any] | None = None
    for stage, moment in row.visits:
        there = {"stage_id": stage.pk, "stage_position": stage.position, "category": stage.category}
        then = final | there | {"probability": stage.probability, "outcome": "open", "former": counted}
        if former is None:
            yield DealOpened(**then), moment
        else:
            yield DealMoved(**then, from_stage_id=former[0].pk, entered_at=former[1]), moment
        former, counted = (stage, moment), {name: then[name] for name in Standing.model_fields}
    if deal.decided_at is None:
        return
    ended = final | {"former": counted, "entered_at": deal.stage_entered_at}
    if deal.outcome == Deal.Outcome.WON:
        yield DealWon(**ended), deal.decided_at
    else:
        yield DealLost(**ended, loss_reason_id=deal.loss_reason_id, competitor=deal.competitor), deal.decided_at
