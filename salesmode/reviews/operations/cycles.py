"""Say how often a team is reviewed, and let the clock begin the rounds."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import ReviewCycleEnded, ReviewCycleSet
from salesmode.reviews.models import ReviewCycle, ReviewRound, ReviewTemplate
from salesmode.reviews.models.review import period_of
from salesmode.reviews.operations.rounds import open_review_round
from salesmode.reviews.queries.teams import people_of_cycle


@transaction.atomic
def set_review_cycle(
    *, team: Team | None = None, template: ReviewTemplate, grain: str, starts_on: date, by: Person, at: datetime
) -> ReviewCycle:
    """From a day on, review a team (none: the company) every month, quarter, half-year or year with a form.

    What held before for the same team ends on that day; the same said twice changes nothing.
    Raises NotAllowed, Invalid.
    """
    require(policies.may_set_review_cycle(by))
    if grain not in ReviewCycle.Grain.values:
        raise Invalid({"grain": [_("Choose month, quarter, half-year or year.")]})
    lock(template)
    if not template.is_active:
        raise Invalid({"template": [_("This form is out of use.")]})
    former = ReviewCycle.objects.select_for_update().filter(team=team, ends_on=None).first()
    if former is not None:
        if (former.template_id, former.grain) == (template.pk, grain) and former.starts_on <= starts_on:
            return former
        ended = _end(former, on=starts_on, at=at)
        record(ReviewCycleEnded(**_facts(former), ends_on=ended), by=by, at=at)
    cycle = ReviewCycle(team=team, template=template, grain=grain, starts_on=starts_on)
    save(cycle, at=at)
    record(ReviewCycleSet(**_facts(cycle)), by=by, at=at)
    return cycle


@transaction.atomic
def end_review_cycle(*, team: Team | None = None, on: date, by: Person, at: datetime) -> ReviewCycle | None:
    """From a day on, a team has no cycle of its own any more: what holds above it holds for it, too.

    Raises NotAllowed.
    """
    require(policies.may_end_review_cycle(by))
    former = ReviewCycle.objects.select_for_update().filter(team=team, ends_on=None).first()
    if former is not None:
        ended = _end(former, on=on, at=at)
        record(ReviewCycleEnded(**_facts(former), ends_on=ended), by=by, at=at)
    return former


@transaction.atomic
def open_due_rounds(*, by: Person, at: datetime) -> list[ReviewRound]:
    """Begin the rounds whose periods are over, for every cycle that holds; told again, it begins nothing again.

    Raises NotAllowed.
    """
    today = day_of(at, Company.objects.current().zone)
    opened = []
    for cycle in ReviewCycle.objects.select_related("template", "team").order_by("pk"):
        if not cycle.holds_on(today) or not cycle.template.is_active:
            continue
        first, until, label = cycle.last_period(today)
        if until <= cycle.starts_on:
            continue
        people = people_of_cycle(cycle, on=today)
        if people:
            period = period_of(first, until)
            opened.append(
                open_review_round(
                    template=cycle.template,
                    period=period,
                    team=cycle.team,
                    people=people,
                    label=label,
                    by=by,
                    at=at,
                )
            )
    return opened


def _end(cycle: ReviewCycle, *, on: date, at: datetime) -> date:
    cycle.ends_on = ended = max(on, cycle.starts_on)
    save(cycle, at=at)
    return ended


def _facts(cycle: ReviewCycle) -> dict[str, Any]:
    return {
        "review_cycle_id": cycle.pk,
        "review_template_id": cycle.template_id,
        "team_id": cycle.team_id,
        "grain": cycle.grain,
        "starts_on": cycle.starts_on,
    }
