"""The same for many rows at once: each row is judged by itself, and the answer says what became of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.selling.models import Deal, Lead, LossReason, Stage
from salesmode.selling.operations.claim_lead import claim_lead, hand_over_lead
from salesmode.selling.operations.hand_over_deal import hand_over_deal
from salesmode.selling.operations.lose_deal import lose_deal
from salesmode.selling.operations.move_deal import move_deal

Row = TypeVar("Row", bound=Record)


@dataclass
class Outcome:
    """What became of many rows: how many were changed, and why each of the others was not."""

    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def move_deals(deals: Iterable[Deal], *, stage: Stage, by: Person, at: datetime) -> Outcome:
    """Move many deals to a stage; each that may not is left as it was."""
    return _each(deals, lambda deal: move_deal(deal, stage=stage, by=by, at=at))


@transaction.atomic
def lose_deals(
    deals: Iterable[Deal], *, reason: LossReason | None = None, competitor: str = "", by: Person, at: datetime
) -> Outcome:
    """Close many deals as lost for one reason; each that may not is left as it was."""
    return _each(deals, lambda deal: lose_deal(deal, reason=reason, competitor=competitor, by=by, at=at))


@transaction.atomic
def hand_over_deals(deals: Iterable[Deal], *, to: Person, by: Person, at: datetime) -> Outcome:
    """Give many deals to somebody else; each that may not is left as it was."""
    return _each(deals, lambda deal: hand_over_deal(deal, to=to, by=by, at=at))


@transaction.atomic
def claim_leads(leads: Iterable[Lead], *, by: Person, at: datetime) -> Outcome:
    """Take many leads that wait; those that somebody else has taken are left with them."""
    return _each(leads, lambda lead: claim_lead(lead, by=by, at=at))


@transaction.atomic
def hand_over_leads(leads: Iterable[Lead], *, to: Person, by: Person, at: datetime) -> Outcome:
    """Give many leads to somebody else; each that may not is left as it was."""
    return _each(leads, lambda lead: hand_over_lead(lead, to=to, by=by, at=at))


def _each(rows: Iterable[Row], change: Callable[[Row], object]) -> Outcome:
    """Change rows in the order of their keys, each in a savepoint of its own."""
    outcome = Outcome()
    for row in sorted(rows, key=lambda row: row.pk):
        try:
            with transaction.atomic():
                change(row)
        except Refusal as refusal:
            outcome.refused[row.pk] = refusal.message
        else:
            outcome.changed += 1
    return outcome
