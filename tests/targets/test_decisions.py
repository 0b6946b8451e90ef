"""Decisions: taken, measured again on their date, and learned from."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.targets import operations as targets
from salesmode.targets.models import Decision, Whose
from salesmode.targets.models.decision import DecisionNotDue, DecisionNotReviewed
from tests.conftest import MONDAY
from tests.targets.watching import on, win

pytestmark = pytest.mark.usefixtures("process")


def decide(by, whose, **how) -> Decision:
    """Decide on 2 March that 30 days later it is 300."""
    given = {"title": "Two calls a day more", "why": "Too few talks", "metric": "won_amount"}
    given |= {"expected_to": Decimal(300), "review_on": date(2026, 4, 1), "whose": whose, "by": by, "at": MONDAY}
    return targets.take_decision(**given | how)


class TestTakingADecision:
    def test_starts_from_as_many_days_before(self, numbers, bo, ana, cy, for_ana):
        win(ana, 90, date(2026, 1, 20))
        win(ana, 200, date(2026, 2, 10))
        win(cy, 900, date(2026, 2, 10))
        numbers("won_amount")

        decision = decide(bo, for_ana)
        assert (decision.expected_from, decision.days, decision.owner) == (200, 30, bo)
        event = EventRecord.objects.get(name="decision.taken")
        assert (event.facts["owner_id"], event.facts["person_id"]) == (bo.pk, ana.pk)

    @pytest.mark.parametrize(
        ("field", "how"),
        [
            ("metric", {"metric": "luck"}),
            ("title", {"title": "  "}),
            ("why", {"why": ""}),
            ("review_on", {"review_on": date(2026, 3, 2)}),
            ("review_on", {"review_on": date(2028, 3, 2)}),
            ("expected_to", {"expected_to": Decimal("Infinity")}),
            ("expected_from", {"expected_from": Decimal(10) ** 15}),
            ("person", {"whose": Whose("person")}),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, numbers, di, for_ana, field, how):
        with pytest.raises(Invalid) as refusal:
            decide(di, **{"whose": for_ana} | how)

        assert list(refusal.value.fields) == [field]
        assert not Decision.objects.exists()

    def test_is_for_who_answers_for_the_number(self, numbers, ana, bo, cy, di, fay, for_ana, north):
        assert [decide(person, for_ana).owner for person in (ana, bo, di)] == [ana, bo, di]
        for person, whose in [(cy, for_ana), (fay, for_ana), (bo, Whose()), (cy, Whose("team", team=north))]:
            with pytest.raises(NotAllowed):
                decide(person, whose)
        assert Decision.objects.count() == 3

    def test_is_seen_by_who_may(self, numbers, ana, bo, cy, di, fay, for_ana):
        decide(bo, for_ana)
        seen = [person.name for person in (ana, bo, cy, di, fay) if Decision.objects.visible_to(person).exists()]
        assert seen == ["Ana", "Bo", "Di", "Fay"]


class TestTheReview:
    @pytest.mark.parametrize(("amount", "verdict"), [(300, "reached"), (260, "partly"), (210, "not_reached")])
    def test_measures_both_spans(self, numbers, system, bo, ana, for_ana, amount, verdict):
        win(ana, 200, date(2026, 2, 10))
        decision = decide(bo, for_ana)
        win(ana, amount, date(2026, 3, 20))
        win(ana, 5000, date(2026, 4, 2))
        numbers("won_amount")
        targets.review_decision(decision, by=system, at=on(date(2026, 4, 3)))

        assert (decision.before, decision.after, decision.verdict) == (200, amount, verdict)
        assert EventRecord.objects.get(name="decision.reviewed").facts["verdict"] == verdict

    def test_says_what_cannot_be_measured(self, numbers, system, bo, for_ana):
        decision = decide(bo, for_ana, metric="win_rate", expected_to=Decimal("0.5"))
        targets.review_decision(decision, by=system, at=on(date(2026, 4, 3)))

        assert (decision.verdict, decision.after) == ("unknown", None)

    def test_comes_not_before_its_date(self, numbers, bo, for_ana):
        decision = decide(bo, for_ana)
        with pytest.raises(DecisionNotDue):
            targets.review_decision(decision, by=bo, at=on(date(2026, 3, 31)))
        decision.refresh_from_db()
        assert not decision.is_reviewed

    def test_happens_once(self, numbers, system, bo, for_ana):
        decision = decide(bo, for_ana)
        for _again in range(2):
            targets.review_decision(decision, by=system, at=on(date(2026, 4, 3)))
        assert EventRecord.objects.filter(name="decision.reviewed").count() == 1

    def test_is_what_is_learned_from(self, numbers, system, bo, cy, for_ana):
        decision = decide(bo, for_ana)
        with pytest.raises(DecisionNotReviewed):
            targets.note_lesson(decision, lesson="Calls help", by=bo, at=MONDAY)
        targets.review_decision(decision, by=system, at=on(date(2026, 4, 3)))
        targets.note_lesson(decision, lesson="Calls help", by=bo, at=on(date(2026, 4, 3)))

        with pytest.raises(NotAllowed):
            targets.note_lesson(decision, lesson="Mine", by=cy, at=MONDAY)
        decision.refresh_from_db()
        assert decision.lesson == "Calls help"
