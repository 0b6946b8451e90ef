"""A review's life, step by step: who may, what changes, and that nothing changes when it is refused."""

from decimal import Decimal

import pytest
from django.utils.html import escape
from django.utils.translation import override

from salesmode.analytics.metrics import metric
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, NotAllowed, Refusal, Stale
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import (
    Calibration,
    NotYourTurn,
    Review,
    ReviewLocked,
    ReviewRound,
    ReviewSide,
    SelfReviewMissing,
    Signature,
    SignedAlready,
)
from salesmode.selling import operations as selling
from tests.conftest import TUESDAY
from tests.reviews.conftest import APRIL, MAY, competency, view


def everything(review: Review) -> list:
    """All that a review consists of, to compare."""
    rows = [Review.objects.filter(pk=review.pk).values()[0], *review.lines.order_by("pk").values()]
    rows += [*ReviewSide.objects.filter(review=review).order_by("pk").values()]
    rows += [*Calibration.objects.filter(review=review).values(), *Signature.objects.filter(review=review).values()]
    return [*rows, EventRecord.objects.count()]


def refused(review: Review, act, refusal=NotAllowed) -> None:
    """An act is refused, and everything is as it was."""
    before = everything(review)
    with pytest.raises(refusal):
        act()
    assert everything(review) == before


STEPS = {
    "score_self": lambda row, by: reviews.score_self(row, draft=view(row, 3), by=by, at=APRIL),
    "submit_self": lambda row, by: reviews.submit_self_review(row, draft=view(row, 3), by=by, at=APRIL),
    "assess": lambda row, by: reviews.assess_review(row, draft=view(row, 3), by=by, at=APRIL),
    "submit": lambda row, by: reviews.submit_review(row, draft=view(row, 3), by=by, at=APRIL),
    "calibrate": lambda row, by: reviews.calibrate_review(row, result=Decimal(90), reason="Even", by=by, at=APRIL),
    "tell": lambda row, by: reviews.tell_review(row, by=by, at=APRIL),
    "agree": lambda row, by: reviews.agree_review(row, by=by, at=APRIL),
    "disagree": lambda row, by: reviews.disagree_review(row, statement="No", by=by, at=APRIL),
    "answer": lambda row, by: reviews.answer_disagreement(row, answer="Well", by=by, at=APRIL),
    "second": lambda row, by: reviews.give_second_opinion(row, opinion="Both", by=by, at=APRIL),
    "sign": lambda row, by: reviews.sign_review(row, by=by, at=APRIL),
}
# Who does each step to reach the state in which the next is refused to others.
PATH = ["submit_self", "submit", "calibrate", "tell", "disagree", "answer", "second", "sign"]
DONE_BY = {
    "score_self": "ana", "submit_self": "ana", "assess": "bo", "submit": "bo", "calibrate": "bo", "tell": "bo",
    "agree": "ana", "disagree": "ana", "answer": "bo", "second": "di", "sign": "ana",
}  # fmt: skip
WRONG = {
    "score_self": ["bo", "amy", "cy", "di", "ed", "fay", "gil"],
    "submit_self": ["bo", "amy", "cy", "di", "ed", "fay", "gil"],
    "assess": ["ana", "amy", "cy", "fay", "gil"],
    "submit": ["ana", "amy", "cy", "fay", "gil"],
    "calibrate": ["ana", "amy", "cy", "fay", "gil"],
    "tell": ["ana", "amy", "cy", "fay", "gil"],
    "agree": ["bo", "amy", "cy", "di", "ed", "fay", "gil"],
    "disagree": ["bo", "amy", "cy", "di", "ed", "fay", "gil"],
    "answer": ["ana", "amy", "cy", "fay", "gil"],
    "second": ["ana", "bo", "amy", "cy", "fay", "gil"],
    "sign": ["amy", "cy", "fay", "gil"],
}
BEFORE = {
    "score_self": [], "submit_self": [], "assess": PATH[:1], "submit": PATH[:1], "calibrate": PATH[:2],
    "tell": PATH[:2], "agree": PATH[:2] + ["tell"], "disagree": PATH[:4], "answer": PATH[:5], "second": PATH[:6],
    "sign": PATH[:7],
}  # fmt: skip


def bring(review: Review, steps: list[str], request) -> Review:
    """Take a review through some steps, each done by whoever does it."""
    for step in steps:
        STEPS[step](review, request.getfixturevalue(DONE_BY[step]))
    return review


@pytest.fixture
def _everybody(ana, bo, amy, cy, di, ed, fay, gil):
    """Whoever is asked for later is there from the beginning."""


@pytest.mark.django_db
@pytest.mark.usefixtures("_everybody")
class TestEveryStep:
    @pytest.mark.parametrize(("step", "who"), [(step, who) for step, people in WRONG.items() for who in people])
    def test_is_refused_to_the_wrong_person_and_changes_nothing(self, review, request, step, who):
        bring(review, BEFORE[step], request)

        refused(review, lambda: STEPS[step](review, request.getfixturevalue(who)))

    @pytest.mark.parametrize("step", [*STEPS])
    def test_is_done_by_the_right_person_and_remembered(self, review, request, step):
        bring(review, BEFORE[step], request)
        before = EventRecord.objects.count()

        STEPS[step](review, request.getfixturevalue(DONE_BY[step]))

        event = EventRecord.objects.order_by("-id").first()
        assert EventRecord.objects.count() == before + 1
        assert (event.subject_kind, event.subject_id, event.facts["person_id"]) == (
            "review",
            review.pk,
            review.owner_id,
        )

    @pytest.mark.parametrize("step", [*STEPS])
    def test_is_refused_when_locked(self, review, request, step):
        bring(review, [*PATH], request)
        reviews.sign_review(review, by=request.getfixturevalue("bo"), at=MAY)
        assert review.status == "locked"

        refused(review, lambda: STEPS[step](review, request.getfixturevalue(DONE_BY[step])), ReviewLocked)

    @pytest.mark.parametrize("step", ["assess", "submit", "calibrate", "tell", "agree", "disagree", "answer", "second"])
    def test_is_refused_before_its_time(self, review, request, step):
        refusal = SelfReviewMissing if step in ("assess", "submit") else NotYourTurn
        refused(review, lambda: STEPS[step](review, request.getfixturevalue(DONE_BY[step])), refusal)

    @pytest.mark.parametrize("step", ["submit_self", "submit", "calibrate", "tell", "disagree", "answer", "second"])
    def test_is_refused_on_an_old_version(self, review, request, step):
        bring(review, BEFORE[step], request)
        verbs = {
            "submit_self": lambda: reviews.submit_self_review(review, version=99, by=review.owner, at=APRIL),
            "submit": lambda: reviews.submit_review(review, version=99, by=request.getfixturevalue("bo"), at=APRIL),
            "calibrate": lambda: reviews.calibrate_review(
                review, result=Decimal(1), reason="x", version=99, by=request.getfixturevalue("bo"), at=APRIL
            ),
            "tell": lambda: reviews.tell_review(review, version=99, by=request.getfixturevalue("bo"), at=APRIL),
            "disagree": lambda: reviews.disagree_review(review, statement="x", version=99, by=review.owner, at=APRIL),
            "answer": lambda: reviews.answer_disagreement(
                review, answer="x", version=99, by=request.getfixturevalue("bo"), at=APRIL
            ),
            "second": lambda: reviews.give_second_opinion(
                review, opinion="x", version=99, by=request.getfixturevalue("di"), at=APRIL
            ),
        }
        refused(review, verbs[step], Stale)


@pytest.mark.django_db
class TestARound:
    def test_makes_nothing_twice(self, form, quarter, ana, bo, cy, ed):
        first = reviews.open_review_round(template=form, period=quarter, by=ed, at=APRIL)
        events = EventRecord.objects.count()

        again = reviews.open_review_round(template=form, period=quarter, by=ed, at=MAY)

        assert first.pk == again.pk
        assert sorted(first.reviews.values_list("owner__name", flat=True)) == ["Ana", "Bo", "Cy"]
        assert (ReviewRound.objects.count(), EventRecord.objects.count()) == (1, events)

    def test_gives_nobody_a_second_review_for_the_same_period(self, form, quarter, ana, bo, cy, north, ed):
        reviews.open_review_round(template=form, period=quarter, team=north, by=ed, at=APRIL)
        reviews.open_review_round(template=form, period=quarter, by=ed, at=APRIL)

        assert Review.objects.filter(owner=ana).count() == 1
        assert Review.objects.count() == 3

    def test_of_a_team_is_begun_by_its_lead_and_by_no_other(self, form, quarter, ana, bo, cy, north, south):
        reviews.open_review_round(template=form, period=quarter, team=north, by=bo, at=APRIL)

        for team in (south, None):
            with pytest.raises(NotAllowed):
                reviews.open_review_round(template=form, period=quarter, team=team, by=bo, at=APRIL)
        with pytest.raises(NotAllowed):
            reviews.open_review_round(template=form, period=quarter, team=south, by=cy, at=APRIL)
        assert ReviewRound.objects.count() == 1

    def test_keeps_the_lines_that_the_form_had(self, review, form, ed):
        line = reviews.LineDraft(Decimal(100), name="Courage")
        reviews.amend_review_template(form, name="Other", lines=[line], grades=form.scale, by=ed, at=APRIL)

        assert sorted(one.metric or one.name for one in review.lines.all()) == ["Teamwork", "won_amount"]

    def test_names_who_answers_for_each(self, review, ana, bo):
        assert review.leader == bo
        assert Review.objects.get(owner=bo).leader is None


@pytest.mark.django_db
class TestTheNumbers:
    def test_are_frozen_when_the_manager_submits(self, review, renewal, ana, bo, numbers):
        selling.win_deal(renewal, by=ana, at=TUESDAY)
        numbers("won_amount")
        reviews.submit_self_review(review, draft=view(review, 5), by=ana, at=APRIL)
        reviews.submit_review(review, draft=view(review, 3), by=bo, at=APRIL)

        selling.reopen_deal(renewal, by=ana, at=APRIL)
        numbers("won_amount")

        line = review.lines.get(kind="metric")
        assert (line.reading, line.target, line.points) == (Decimal(1200), Decimal(1000), Decimal(120))
        assert f"owner={ana.pk}" in line.source["url"]
        assert "decided_at_from=2026-01-01" in line.source["url"]
        assert line.source["loaded_at"]
        # 60 % of 120 and 40 % of 3 × 20.
        assert ReviewSide.objects.get(review=review, side="manager").result == Decimal("96.00")

    def test_say_in_words_what_they_answer_and_fold_the_expression_away(
        self, client, review, renewal, ana, bo, numbers
    ):
        selling.win_deal(renewal, by=ana, at=TUESDAY)
        numbers("won_amount")
        reviews.submit_self_review(review, draft=view(review, 5), by=ana, at=APRIL)
        reviews.submit_review(review, draft=view(review, 3), by=bo, at=APRIL)
        client.force_login(bo)
        page = client.get(f"/reviews/{review.pk}").content.decode()

        assert f"<p>{escape(str(metric('won_amount').question))}</p>" in page
        before, _, folded = page.partition('<details class="expression">')
        assert metric("won_amount").computed not in before
        assert escape(metric("won_amount").computed) in folded.partition("</details>")[0]
        assert "question" not in review.lines.get(kind="metric").source

    def test_that_nobody_knows_are_left_out_and_not_nought(self, assessed):
        side = ReviewSide.objects.get(review=assessed, side="manager")
        assert assessed.lines.get(kind="metric").reading is None
        assert (side.result, side.covered) == (Decimal("60.00"), Decimal("40.00"))

    def test_are_held_against_the_goal_where_the_form_names_none(self, form, quarter, renewal, ana, bo, ed, numbers):
        from salesmode.analytics import goals

        kept = list(goals._ANSWER)
        goals.answer_goals(
            lambda code, period, unit, key, level: (
                Decimal(600) if (unit, key, period.label) == ("person", ana.pk, "2026-Q1") else None
            )
        )
        try:
            lines = [reviews.LineDraft(Decimal(100), metric="won_amount", cap=Decimal(150))]
            reviews.amend_review_template(form, name="Goals", lines=lines, grades=form.scale, by=ed, at=APRIL)
            reviews.open_review_round(template=form, period=quarter, by=ed, at=APRIL)
            selling.win_deal(renewal, by=ana, at=TUESDAY)
            numbers("won_amount")
            row = Review.objects.get(owner=ana)
            reviews.submit_self_review(row, by=ana, at=APRIL)
            reviews.submit_review(row, by=bo, at=APRIL)
        finally:
            goals._ANSWER[:] = kept

        line = row.lines.get()
        assert (line.target, line.points) == (Decimal(600), Decimal(150))


@pytest.mark.django_db
class TestAResult:
    def test_is_calibrated_beside_the_managers_and_never_over_it(self, assessed, bo, di):
        reviews.calibrate_review(assessed, result=Decimal(75), reason="As in the south", by=di, at=APRIL)
        reviews.calibrate_review(assessed, result=Decimal(85), reason="Looked again", by=di, at=APRIL)
        reviews.tell_review(assessed, by=bo, at=APRIL)

        assert ReviewSide.objects.get(review=assessed, side="manager").result == Decimal("60.00")
        rows = Calibration.objects.filter(review=assessed).order_by("pk")
        assert [(row.former, row.result) for row in rows] == [(60, 75), (75, 85)]
        assert (assessed.result, assessed.grade) == (Decimal(85), "B")

    def test_needs_a_reason_to_be_calibrated(self, assessed, di):
        refused(
            assessed,
            lambda: reviews.calibrate_review(assessed, result=Decimal(1), reason=" ", by=di, at=APRIL),
            Invalid,
        )

    def test_of_a_leader_is_not_for_the_leader_to_judge(self, review, bo, ed, di):
        own = Review.objects.get(owner=bo)
        reviews.submit_self_review(own, draft=view(own, 5), by=bo, at=APRIL)
        refused(own, lambda: reviews.submit_review(own, draft=view(own, 5), by=bo, at=APRIL))
        reviews.submit_review(own, draft=view(own, 4), by=di, at=APRIL)

    def test_may_be_worked_out_without_an_own_view_once_that_was_due(self, review, bo):
        reviews.submit_review(review, draft=view(review, 3), by=bo, at=MAY)
        assert review.status == "submitted"

    def test_needs_every_level(self, review, ana):
        refused(review, lambda: reviews.submit_self_review(review, draft=view(review, None), by=ana, at=APRIL), Invalid)
        wrong = reviews.SideDraft(levels={competency(review): 6})
        refused(review, lambda: reviews.score_self(review, draft=wrong, by=ana, at=APRIL), Invalid)
        strange = reviews.SideDraft(levels={999_999: 3})
        refused(review, lambda: reviews.score_self(review, draft=strange, by=ana, at=APRIL), Invalid)


@pytest.mark.django_db
class TestADisagreement:
    def test_goes_to_the_next_leader_whose_result_holds(self, told, ana, bo, di):
        reviews.disagree_review(told, statement="The customer moved", by=ana, at=APRIL)
        reviews.answer_disagreement(told, answer="It was foreseeable", by=bo, at=APRIL)
        reviews.give_second_opinion(told, opinion="Half each", result=Decimal(82), by=di, at=APRIL)

        assert (told.result, told.grade, told.status) == (Decimal(82), "B", "second_opinion")
        assert ReviewSide.objects.get(review=told, side="manager").result == Decimal("60.00")

    def test_may_end_with_the_answer(self, told, ana, bo):
        reviews.disagree_review(told, statement="Hm", by=ana, at=APRIL)
        reviews.answer_disagreement(told, answer="Because", by=bo, at=APRIL)
        reviews.agree_review(told, by=ana, at=APRIL)
        assert told.status == "agreed"

    def test_needs_words(self, told, ana):
        refused(told, lambda: reviews.disagree_review(told, statement="  ", by=ana, at=APRIL), Invalid)


@pytest.mark.django_db
class TestSigning:
    def test_by_both_locks_it_once(self, told, ana, bo):
        reviews.agree_review(told, by=ana, at=APRIL)
        reviews.sign_review(told, by=bo, at=APRIL)
        assert told.status == "agreed"

        reviews.sign_review(told, by=ana, at=APRIL)

        assert (told.status, told.locked_at) == ("locked", APRIL)
        assert EventRecord.objects.filter(name="review.locked", subject_id=told.pk).count() == 1

    def test_twice_by_one_side_is_refused(self, told, ana, bo, di):
        reviews.agree_review(told, by=ana, at=APRIL)
        reviews.sign_review(told, by=bo, at=APRIL)
        refused(told, lambda: reviews.sign_review(told, by=bo, at=APRIL), SignedAlready)
        refused(told, lambda: reviews.sign_review(told, by=di, at=APRIL), SignedAlready)


@pytest.mark.django_db
class TestAForm:
    def test_weighs_a_hundred(self, ed, form):
        for weights in ([50, 40], [60, 50], [100, 0], [101, -1], []):
            lines = [reviews.LineDraft(Decimal(weight), name=f"C{weight}") for weight in weights]
            with pytest.raises(Invalid):
                reviews.define_review_template(name="Wrong", lines=lines, by=ed, at=APRIL)

    def test_is_for_heads_to_write(self, form, ana, bo, fay, gil):
        lines = [reviews.LineDraft(Decimal(100), name="C")]
        for who in (ana, bo, fay, gil):
            with pytest.raises(NotAllowed):
                reviews.define_review_template(name="Mine", lines=lines, by=who, at=APRIL)
            with pytest.raises(NotAllowed):
                reviews.amend_review_template(form, name="X", lines=lines, grades=form.scale, by=who, at=APRIL)

    def test_knows_only_numbers_of_single_people(self, ed, form):
        lines = [reviews.LineDraft(Decimal(100), metric="gini")]
        with pytest.raises(Invalid):
            reviews.define_review_template(name="Odd", lines=lines, by=ed, at=APRIL)

    def test_has_a_name_of_its_own(self, ed, form):
        lines = [reviews.LineDraft(Decimal(100), name="C")]
        with pytest.raises(Invalid):
            reviews.define_review_template(name="Quarter", lines=lines, by=ed, at=APRIL)


def test_a_period_knows_what_it_is(db):
    from datetime import date

    from salesmode.reviews.models.review import period_of

    spans = [
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 1, 1), date(2027, 1, 1)),
    ]
    assert [period_of(*span).grain for span in spans] == ["quarter", "days", "year"]
    assert period_of(*spans[0]).label == Period.parse("2026-Q1").label


def test_every_refusal_is_a_sentence():
    assert issubclass(ReviewLocked, Refusal)
    with override("en"):
        assert "locked" in ReviewLocked(Review()).message
