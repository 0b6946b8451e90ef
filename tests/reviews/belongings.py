"""Ana's review with its round and form, her plan with a step, thanks that she gave, a badge, and her challenge."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from salesmode.kernel.periods import Period
from salesmode.people.models import Person
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Review
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return what stands for the names in the routes of this app."""
    ana, bo, north, system = cast["ana"], cast["bo"], cast["north"], cast["system"]
    line = reviews.LineDraft(Decimal(100), name="Care")
    form = reviews.define_review_template(name="Belongings", lines=[line], by=system, at=MONDAY)
    period = Period.parse("2026-01")
    opened = reviews.open_review_round(template=form, period=period, team=north, by=system, at=MONDAY)
    plan = reviews.open_improvement_plan(
        owner=ana,
        reason="Better",
        ends_on=date(2026, 6, 1),
        goals=[reviews.GoalDraft("won_amount", Decimal(1))],
        steps=[reviews.StepDraft("Call", date(2026, 4, 1))],
        by=bo,
        at=MONDAY,
    )
    badge = reviews.define_badge(name="Belongings", by=system, at=MONDAY)
    thanks = reviews.give_recognition(owner=bo, text="Helped", by=ana, at=MONDAY)
    challenge = reviews.set_up_challenge(
        name="Belongings",
        metric="won_amount",
        period=Period.parse("2026-03"),
        participants=[ana, bo],
        target=Decimal(1),
        by=bo,
        at=MONDAY,
    )
    return _rhythm(ana, bo, system) | {
        "review_id": Review.objects.get(owner=ana).pk,
        "round_id": opened.pk,
        "template_id": form.pk,
        "plan_id": plan.pk,
        "step_id": plan.steps.get().pk,
        "badge_id": badge.pk,
        "recognition_id": thanks.pk,
        "challenge_id": challenge.pk,
    }


def _rhythm(ana: Person, bo: Person, system: Person) -> dict[str, Any]:
    day = date(2026, 3, 2)
    report = reviews.submit_report(kind="daily", day=day, done="Called", by=ana, at=MONDAY)
    meeting = reviews.plan_meeting(kind="one_to_one", person=ana, planned_on=day, by=bo, at=MONDAY)
    action = reviews.agree_action(meeting, text="Call Nora", owner=ana, due_on=date(2026, 3, 9), by=bo, at=MONDAY)
    rhythm = reviews.set_rhythm("daily_report", starts_on=day, due_time=time(18), by=system, at=MONDAY)
    keys = {"meeting_id": meeting.pk, "action_id": action.pk, "rhythm_id": rhythm.pk}
    draft = reviews.keep_report_draft(kind="weekly", day=day, done="Began", by=ana, at=MONDAY)
    return keys | {"work_report_id": report.pk, "report_draft_id": draft.pk}
