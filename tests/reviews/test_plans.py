"""Improvement plans: measured where they start, followed, decided on the day, measured again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import CheckIn, ImprovementPlan, PlanDecided, PlanNotOver
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY

ENDS = date(2026, 4, 1)
END_DAY = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


def agree(ana, by, at=MONDAY, **other) -> ImprovementPlan:
    """Agree on a plan for Ana."""
    given = {
        "reason": "Few wins",
        "ends_on": ENDS,
        "goals": [reviews.GoalDraft("won_amount", Decimal(1000)), reviews.GoalDraft("win_rate", Decimal("0.5"))],
        "steps": [reviews.StepDraft("Join two visits", date(2026, 3, 10))],
    }
    return reviews.open_improvement_plan(owner=ana, by=by, at=at, **given | other)


@pytest.mark.django_db
class TestAPlan:
    def test_is_measured_at_its_start_and_its_end(self, renewal, ana, bo, numbers):
        numbers("won_amount")
        plan = agree(ana, bo)
        assert {goal.metric: goal.start_value for goal in plan.goals.all()} == {"won_amount": None, "win_rate": None}
        selling.win_deal(renewal, by=ana, at=TUESDAY)
        numbers("won_amount")

        with pytest.raises(PlanNotOver):
            reviews.decide_improvement_plan(plan, verdict="reached", by=bo, at=TUESDAY)
        reviews.decide_improvement_plan(plan, verdict="reached", note="Well done", by=bo, at=END_DAY)

        assert {goal.metric: goal.end_value for goal in plan.goals.all()} == {"won_amount": 1200, "win_rate": 1}
        assert (plan.outcome, plan.decided_at) == ("reached", END_DAY)
        assert plan.decisions.get().measured[str(plan.goals.get(metric="won_amount").pk)] == "1200.000000"
        with pytest.raises(PlanDecided):
            reviews.decide_improvement_plan(plan, verdict="not_reached", by=bo, at=END_DAY)

    def test_may_be_extended_and_goes_on(self, ana, bo, warehouse):
        plan = agree(ana, bo)
        with pytest.raises(Invalid):
            reviews.decide_improvement_plan(plan, verdict="extended", ends_on=ENDS, by=bo, at=END_DAY)
        reviews.decide_improvement_plan(plan, verdict="extended", ends_on=date(2026, 5, 1), by=bo, at=END_DAY)
        assert (plan.outcome, plan.ends_on) == ("open", date(2026, 5, 1))
        assert plan.decisions.get().ends_on == ENDS

    @pytest.mark.parametrize("who", ["ana", "amy", "cy", "fay", "gil"])
    def test_is_decided_and_agreed_by_leaders_alone(self, ana, bo, warehouse, request, who):
        person = request.getfixturevalue(who)
        plan = agree(ana, bo)
        events = EventRecord.objects.count()
        with pytest.raises(NotAllowed):
            reviews.decide_improvement_plan(plan, verdict="reached", by=person, at=END_DAY)
        with pytest.raises(NotAllowed):
            agree(ana, person)
        assert (ImprovementPlan.objects.get().outcome, EventRecord.objects.count()) == ("open", events)

    def test_is_not_agreed_with_oneself(self, bo, di, ed, warehouse):
        for who in (bo, di, ed):
            with pytest.raises(NotAllowed):
                agree(who, who)

    def test_is_seen_by_the_two_and_those_above(self, ana, amy, bo, cy, di, fay, gil, warehouse):
        plan = agree(ana, bo)
        seen = {
            who.name: ImprovementPlan.objects.visible_to(who).filter(pk=plan.pk).exists()
            for who in (ana, amy, bo, cy, di, fay, gil)
        }
        assert seen == {"Ana": True, "Amy": False, "Bo": True, "Cy": False, "Di": True, "Fay": True, "Gil": False}

    def test_is_followed_by_both(self, ana, bo, cy, warehouse):
        plan = agree(ana, bo)
        reviews.check_in_on_plan(plan, text="First visit done", by=ana, at=TUESDAY)
        reviews.check_in_on_plan(plan, text="Good", by=bo, at=TUESDAY)
        with pytest.raises(NotAllowed):
            reviews.check_in_on_plan(plan, text="Hm", by=cy, at=TUESDAY)
        step = plan.steps.get()
        reviews.finish_plan_step(plan, step=step, by=ana, at=TUESDAY)
        reviews.finish_plan_step(plan, step=step, by=ana, at=END_DAY)

        assert CheckIn.objects.count() == 2
        assert step.done_at == TUESDAY
        assert EventRecord.objects.filter(name="improvement_plan.step_done").count() == 1

    def test_says_what_is_wrong(self, ana, bo, warehouse):
        wrong = [
            {"reason": " "},
            {"ends_on": MONDAY.date()},
            {"goals": []},
            {"goals": [reviews.GoalDraft("gini", Decimal(1))]},
            {"goals": [reviews.GoalDraft("won_amount", Decimal(1))] * 2},
            {"steps": [reviews.StepDraft("Late", date(2027, 1, 1))]},
        ]
        for other in wrong:
            with pytest.raises(Invalid):
                agree(ana, bo, **other)
        assert ImprovementPlan.objects.count() == 0

    def test_lives_on_its_pages(self, client, ana, bo, warehouse):
        client.force_login(bo)
        given = {"owner": ana.pk, "reason": "Few wins", "ends_on": "2099-01-01"}
        given |= {
            "goals-TOTAL_FORMS": 1,
            "goals-INITIAL_FORMS": 0,
            "goals-0-metric": "won_amount",
            "goals-0-target": "5",
        }
        given |= {
            "steps-TOTAL_FORMS": 1,
            "steps-INITIAL_FORMS": 0,
            "steps-0-text": "Go",
            "steps-0-due_on": "2098-01-01",
        }
        assert client.get("/improvement-plans/new").status_code == 200
        assert client.post("/improvement-plans/new", given | {"goals-0-target": ""}).status_code == 422
        assert client.post("/improvement-plans/new", given).status_code == 302
        plan = ImprovementPlan.objects.get()
        address, step = f"/improvement-plans/{plan.pk}", plan.steps.get()
        client.force_login(ana)
        assert client.post(f"{address}/check-in", {"text": ""}).status_code == 422
        assert client.post(f"{address}/check-in", {"text": "Fine"}).status_code == 302
        assert client.post(f"{address}/steps/{step.pk}/done").status_code == 302
        assert client.get(f"{address}/decide").status_code == 403
        shown = client.get(address).content.decode()
        assert "Fine" in shown
        client.force_login(bo)
        assert client.get(f"{address}/decide").status_code == 200
        assert client.post(f"{address}/decide", {"verdict": "reached"}).status_code == 409
