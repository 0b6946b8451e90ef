"""What a deal's page shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from salesmode.customers.models import Customer
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.models import Deal, DealLine, Stage
from salesmode.selling.queries.warnings import warnings_of


@dataclass(frozen=True)
class StageStep:
    """One stage on the way of a deal: for how many days it was there in all, and whether it is there now."""

    stage: Stage
    days: int | None
    is_here: bool
    is_behind: bool


@dataclass(frozen=True)
class DealPage:
    """A deal with its way through the stages, its lines, what to watch out for, and what the viewer may do."""

    deal: Deal
    steps: list[StageStep]
    lines: list[DealLine]
    warning: str
    may: dict[str, bool]


def deal_page(deal: Deal, *, seen_by: Person, at: datetime, today: date) -> DealPage:
    """Return what a deal's page shows besides its timeline and panels. At most seven queries."""
    lines = deal.lines.select_related("product").order_by("position", "id")
    return DealPage(
        deal=deal,
        steps=_steps(deal, at=at),
        lines=list(lines),
        warning=warnings_of([deal], at=at, today=today).get(deal.pk, ""),
        may=_allowed(deal, seen_by),
    )


def _steps(deal: Deal, *, at: datetime) -> list[StageStep]:
    spent: dict[int, timedelta] = {}
    for stage_id, entered_at, left_at in deal.stays.values_list("stage_id", "entered_at", "left_at"):
        spent[stage_id] = spent.get(stage_id, timedelta()) + ((left_at or at) - entered_at)
    passed = Q(is_active=True) | Q(pk__in=[*spent, deal.stage_id])
    return [
        StageStep(
            stage=stage,
            days=max(0, spent[stage.pk].days) if stage.pk in spent else None,
            is_here=stage.pk == deal.stage_id,
            is_behind=stage.position < deal.stage.position,
        )
        for stage in Stage.objects.filter(passed, process=deal.process_id).in_order()
    ]


def _allowed(deal: Deal, person: Person) -> dict[str, bool]:
    """Return which acts to offer; every operation asks again."""
    return {
        "amend": policies.may_amend_deal(person, deal),
        "lines": deal.is_open and policies.may_set_deal_lines(person, deal),
        "move": deal.is_open and policies.may_move_deal(person, deal),
        "win": deal.is_open and policies.may_win_deal(person, deal),
        "lose": deal.is_open and policies.may_lose_deal(person, deal),
        "reopen": not deal.is_open and policies.may_reopen_deal(person, deal),
        "hand_over": policies.may_hand_over_deal(person, deal),
    }


@dataclass(frozen=True)
class DealsOf:
    """The newest deals with a customer, and what all of them are worth, in the company's currency."""

    deals: list[Deal]
    open_count: int
    open_amount: Decimal
    won_count: int
    won_amount: Decimal


def deals_of(customer: Customer, *, seen_by: Person, most: int = 30) -> DealsOf:
    """Return a customer's deals that somebody may see, open ones first. Two queries."""
    deals = Deal.objects.visible_to(seen_by).filter(customer=customer)
    newest = deals.select_related("stage", "owner").order_by("decided_at", "-created_at", "-id")
    is_open, is_won = Q(outcome=Deal.Outcome.OPEN), Q(outcome=Deal.Outcome.WON)
    sums: dict[str, Any] = deals.aggregate(
        open_count=Count("pk", filter=is_open),
        open_amount=Sum("company_amount", filter=is_open),
        won_count=Count("pk", filter=is_won),
        won_amount=Sum("company_amount", filter=is_won),
    )
    shown = sorted(newest[:most], key=lambda deal: not deal.is_open)
    known: dict[str, Any] = {name: value or 0 for name, value in sums.items()}
    return DealsOf(deals=shown, **known)
