"""Open deals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.customers.models import Customer
from salesmode.kernel.events import record
from salesmode.kernel.locking import require, save
from salesmode.kernel.money import in_company_currency
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealOpened
from salesmode.selling.models import Deal, DealStay, Process, Stage
from salesmode.selling.operations.deal_facts import deal_facts


@transaction.atomic
def open_deal(
    *,
    title: str,
    owner: Person | None = None,
    customer: Customer | None = None,
    process: Process | None = None,
    stage: Stage | None = None,
    amount: Decimal = Decimal(0),
    currency: str = "",
    closes_on: date | None = None,
    by: Person,
    at: datetime,
    **details: Any,
) -> Deal:
    """Open a deal in the first stage of a process, or in the stage given.

    Raises NotAllowed, Invalid when there is no process yet.
    """
    require(policies.may_open_deal(by))
    process = process or (stage.process if stage else Process.objects.all().standard())
    if process is None:
        raise Invalid({"process": [_("Define a sales process first.")]})
    stage = stage or process.stages.order_by("position").first()
    deal = Deal(title=title, owner=owner or by, customer=customer, process=process, amount=amount, closes_on=closes_on, opened_at=at, **details)
    deal.account_owner_id = customer.owner_id if customer else None
    deal.currency, deal.company_amount = in_company_currency(amount, currency, on=at)
    deal.move_to(stage, at=at)
    save(deal, at=at)
    DealStay.objects.create(deal=deal, stage=stage, entered_at=at)
    record(DealOpened(**deal_facts(deal)), by=by, at=at)
    return deal
