"""Open deals."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers.models import Contact, Customer
from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, require
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealOpened
from salesmode.selling.models import Deal, DealLine, Process, Stage
from salesmode.selling.models.owners import CannotOwn
from salesmode.selling.operations.deal_facts import stated_facts
from salesmode.selling.operations.entries import index_deal
from salesmode.selling.operations.set_deal_lines import LineDraft, work_out_lines
from salesmode.selling.operations.stays import save_in_first_stage
from salesmode.selling.operations.worth import value


@transaction.atomic
def open_deal(
    *,
    title: str,
    owner: Person | None = None,
    customer: Customer | None = None,
    contact: Contact | None = None,
    process: Process | None = None,
    stage: Stage | None = None,
    amount: Decimal = Decimal(0),
    currency: str = "",
    closes_on: date | None = None,
    probability: Decimal | None = None,
    category: str = "",
    lines: Sequence[LineDraft] = (),
    custom: dict[str, Any] | None = None,
    by: Person,
    at: datetime,
    **details: Any,
) -> Deal:
    """Open a deal in the first stage of a process, or in the stage given; with lines, their sum is its amount.

    Probability and category are the stage's unless given.

    Raises NotAllowed, CannotOwn, Invalid when there is no process yet or a value does not fit.
    """
    deal = Deal(title=title, owner=owner or by, amount=amount, currency=currency, opened_at=at, **details)
    deal.expect_close_on(closes_on)
    require(policies.may_open_deal(by, deal))
    if not policies.may_own_deals(deal.owner):
        raise CannotOwn(deal.owner)
    stage = stage or _first_stage(process)
    deal.process = process or stage.process
    deal.custom = clean_custom("deal", custom or {})
    value(deal, at=at)
    deal.belong_to(customer)
    deal.speak_with(contact)
    deal.move_to(stage, at=at)
    deal.estimate(probability=probability, category=category)
    fit(deal)
    rows = work_out_lines(deal, lines, at=at) if lines else []
    save_in_first_stage(deal, at=at)
    if rows:
        DealLine.objects.bulk_create(rows)
    index_deal(deal)
    known: dict[str, Any] = {
        "team_id": deal.owner.team_id,
        "product_id": rows[0].product_id if rows else None,
        "stage_position": stage.position,
        "province": customer.province if customer else "",
        "industry": customer.industry if customer else "",
    }
    record(DealOpened(**stated_facts(deal, **known)), by=by, at=at)
    return deal


def _first_stage(process: Process | None) -> Stage:
    stage = process.stages.in_use().in_order().first() if process else Stage.objects.first_of_standard()
    if stage is None:
        if process is None and not Process.objects.standard():
            raise Invalid({"process": [_("Define a sales process first.")]})
        raise Invalid({"process": [_("Define a sales process with at least one stage first.")]})
    return stage
