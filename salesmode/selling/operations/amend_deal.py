"""Change the details of deals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.custom_fields import clean_custom
from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import DealAmended
from salesmode.selling.models import Deal
from salesmode.selling.models.deal import DealAlreadyDecided
from salesmode.selling.operations.deal_facts import deal_facts, standing
from salesmode.selling.operations.entries import index_deal
from salesmode.selling.operations.set_deal_lines import LineDraft, set_deal_lines
from salesmode.selling.operations.worth import value

DETAILS = frozenset({"title", "contact", "source", "type", "next_step", "notes", "custom", "external_key"})
SETTLED = frozenset({"amount", "currency", "closes_on", "category", "probability", "customer"})


@transaction.atomic
def amend_deal(
    deal: Deal,
    *,
    lines: Sequence[LineDraft] | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
    **changes: Any,
) -> Deal:
    """Change a deal's details, or its lines; amount, customer, close date and category only while it is open.

    Raises DealAlreadyDecided, NotAllowed, Stale, Invalid for a value that does not fit.
    """
    lock(deal, version=version)
    require(policies.may_amend_deal(by, deal))
    counted = standing(deal)
    former: dict[str, Any] = {
        "former_amount": deal.amount,
        "former_company_amount": deal.company_amount,
        "former_closes_on": deal.closes_on,
        "former_category": deal.category,
    }
    names = _apply(deal, changes, at=at)
    if names:
        fit(deal)
        save(deal, at=at)
        if {"title", "customer", "contact", "notes"} & set(names):
            index_deal(deal)
        facts = deal_facts(deal, counted)
        record(DealAmended(**facts, **former, changed=names, push_count=deal.push_count), by=by, at=at)
    if lines is not None:
        set_deal_lines(deal, lines=lines, by=by, at=at)
    return deal


def _apply(deal: Deal, changes: dict[str, Any], *, at: datetime) -> list[str]:
    if unknown := set(changes) - DETAILS - SETTLED:
        raise Invalid({name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    before = {name: getattr(deal, name) for name in changes}
    if "category" in changes:
        before["category"] = (deal.category, deal.own_category)
    if "custom" in changes:
        changes["custom"] = clean_custom("deal", changes["custom"], former=deal.custom)
    if "customer" in changes:
        deal.belong_to(changes.pop("customer"))
    if "contact" in changes:
        deal.speak_with(changes.pop("contact"))
    if "closes_on" in changes:
        deal.expect_close_on(changes.pop("closes_on"))
    deal.estimate(probability=changes.pop("probability", None), category=changes.pop("category", None))
    changed(deal, changes)
    now = {name: getattr(deal, name) for name in before}
    if "category" in before:
        now["category"] = (deal.category, deal.own_category)
    names = sorted(name for name, value in before.items() if now[name] != value)
    if SETTLED & set(names) and not deal.is_open:
        raise DealAlreadyDecided(deal)
    if {"amount", "currency"} & set(names):
        if "amount" in names and deal.lines.exists():
            raise Invalid({"amount": [_("The amount is the sum of the lines. Change the lines.")]})
        value(deal, at=at)
    return names
