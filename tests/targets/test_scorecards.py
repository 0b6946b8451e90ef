"""Scorecards: points, benchmarks, who is measured by what, and the published example."""

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models import Scorecard, ScorecardLine, ScorecardUse
from salesmode.targets.models.scorecard import LineDraft, Points, ScorecardInUse, percentile, score_of
from salesmode.targets.operations.use_scorecard import NoScorecardInUse
from tests.conftest import MONDAY, TUESDAY
from tests.targets.cards import ACTIVITY, OBJECTIVE, PUBLISHED

DAY = date(2026, 3, 4)
START = date(2026, 3, 1)


def line(metric: str = "won_count", weight: int = 100, benchmark: int = 10, **more) -> ScorecardLine:
    """A line that is not saved."""
    return ScorecardLine(score="activity", metric=metric, weight=Decimal(weight), benchmark=Decimal(benchmark), **more)


class TestPoints:
    def test_are_actual_over_benchmark_times_weight(self):
        """The published example: 2 of 4 deals × 20 + $40k of $20k × 80 = 170."""
        deals = Points(line(weight=20), Decimal(2), Decimal(4))
        money = Points(line("won_amount", weight=80), Decimal(40_000), Decimal(20_000))

        assert (deals.points, money.points, score_of([deals, money])) == (10, 160, 170)

    @given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 100))
    def test_are_never_capped_unless_asked(self, actual, benchmark, weight):
        points = Points(line(weight=weight), Decimal(actual), Decimal(benchmark)).points
        assert points is not None
        assert abs(points * benchmark - Decimal(actual) * weight) < Decimal("0.001")

    @pytest.mark.parametrize(("actual", "points"), [(4, 0), (5, 50), (12, 120), (30, 150)])
    def test_keep_to_floor_and_cap(self, actual, points):
        capped = line(cap=Decimal(150), floor=Decimal(50))
        assert Points(capped, Decimal(actual), Decimal(10)).points == points

    @pytest.mark.parametrize(("actual", "points"), [(10, 100), (5, 150), (20, 50), (0, 150)])
    def test_are_turned_round_where_lower_is_better(self, actual, points):
        assert Points(line("lost_count", cap=Decimal(150)), Decimal(actual), Decimal(10)).points == points

    def test_are_unknown_where_the_number_is(self):
        assert Points(line(), None, Decimal(10)).points is None
        assert score_of([Points(line(), None, Decimal(10))]) is None

    @given(st.decimals(min_value="0.01", max_value=1, places=2))
    def test_ask_less_of_who_was_there_for_less(self, share):
        part = Points(line(), Decimal(10) * share, Decimal(10), share)
        assert part.points == 100

    def test_ask_nothing_of_who_was_not_there(self):
        away = Points(line(), Decimal(3), Decimal(10), Decimal(0))
        assert (away.is_excused, away.points) == (True, None)


class TestPercentile:
    def test_lies_between_its_neighbours(self):
        assert percentile([Decimal(n) for n in (1, 2, 3, 4, 5, 6)]) == 5
        assert percentile([Decimal(1), Decimal(2)]) == Decimal("1.8")
        assert percentile([]) is None

    @given(st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=1, max_size=60))
    def test_has_a_fifth_above_it_at_most(self, values):
        found = percentile(values)
        assert min(values) <= found <= max(values)
        assert sum(value > found for value in values) <= math.ceil((len(values) - 1) / 5)


@pytest.mark.django_db
class TestDefineScorecard:
    @pytest.mark.parametrize(
        ("field", "lines"),
        [
            ("activity", [*ACTIVITY[:2], LineDraft("activity", "lost_count", Decimal(19), Decimal(1), Decimal(150))]),
            ("activity", ACTIVITY[:2]),
            ("lines", []),
            ("metric_0", [LineDraft("activity", "nothing", Decimal(50), Decimal(4)), *ACTIVITY[1:]]),
            ("benchmark_0", [LineDraft("activity", "new_deals", Decimal(50), Decimal(0)), *ACTIVITY[1:]]),
            ("cap_2", [*ACTIVITY[:2], LineDraft("activity", "lost_count", Decimal(20), Decimal(1))]),
            (
                "cap_0",
                [LineDraft("activity", "new_deals", Decimal(50), Decimal(4), Decimal(10), Decimal(20)), *ACTIVITY[1:]],
            ),
        ],
    )
    def test_names_what_is_wrong_and_changes_nothing(self, field, lines, bo):
        with pytest.raises(Invalid) as refusal:
            targets.define_scorecard(name="Card", lines=lines, by=bo, at=MONDAY)
        assert field in refusal.value.fields
        assert not Scorecard.objects.exists()

    def test_is_refused_to_sellers_and_auditors(self, ana, fay):
        for person in (ana, fay):
            with pytest.raises(NotAllowed):
                targets.define_scorecard(name="Card", lines=ACTIVITY, by=person, at=MONDAY)

    def test_takes_a_name_once(self, bo):
        targets.define_scorecard(name="Card", lines=ACTIVITY, by=bo, at=MONDAY)
        with pytest.raises(Invalid) as refusal:
            targets.define_scorecard(name="card", lines=ACTIVITY, by=bo, at=MONDAY)
        assert list(refusal.value.fields) == ["name"]

    def test_can_be_changed_until_people_are_measured_by_it(self, bo, north):
        card = targets.define_scorecard(name="Card", lines=ACTIVITY, by=bo, at=MONDAY)
        targets.amend_scorecard(card, lines=[*ACTIVITY, *OBJECTIVE], by=bo, at=TUESDAY)
        targets.use_scorecard(card, team=north, starts_on=START, by=bo, at=MONDAY)
        with pytest.raises(ScorecardInUse):
            targets.amend_scorecard(card, lines=ACTIVITY, by=bo, at=TUESDAY)
        targets.amend_scorecard(card, name="Other", by=bo, at=TUESDAY)

        assert (card.name, card.lines.count()) == ("Other", 6)


@pytest.fixture
def card(bo) -> Scorecard:
    """Bo's scorecard."""
    return targets.define_scorecard(name="Card", lines=[*ACTIVITY, *OBJECTIVE], by=bo, at=MONDAY)


@pytest.mark.django_db
class TestUseScorecard:
    def test_holds_for_a_team_and_those_below_until_they_have_their_own(self, card, north, south, di, system):
        below = people.create_team(name="Far North", parent=north, by=system, at=MONDAY)
        other = targets.define_scorecard(name="Other", lines=ACTIVITY, by=di, at=MONDAY)
        company = targets.define_scorecard(name="All", lines=ACTIVITY, by=di, at=MONDAY)
        targets.use_scorecard(card, team=north, starts_on=date(2026, 3, 10), by=di, at=MONDAY)
        targets.use_scorecard(company, starts_on=START, by=di, at=MONDAY)
        targets.use_scorecard(other, team=below, starts_on=date(2026, 3, 20), by=di, at=MONDAY)

        def held(team, day):
            found = queries.scorecard_for(team, date(2026, 3, day))
            return found.name if found else None

        assert [held(below, day) for day in (5, 12, 25)] == ["All", "Card", "Other"]
        assert [held(south, 12), held(None, 12), held(south, 1)] == ["All", "All", "All"]
        assert queries.scorecard_for(south, date(2026, 2, 27)) is None

    def test_ends_what_was_in_use_and_can_be_taken_back(self, card, north, bo, di):
        other = targets.define_scorecard(name="Other", lines=ACTIVITY, by=bo, at=MONDAY)
        targets.use_scorecard(card, team=north, starts_on=START, by=bo, at=MONDAY)
        targets.use_scorecard(other, team=north, starts_on=date(2026, 4, 1), by=bo, at=MONDAY)
        targets.stop_scorecard(team=north, ends_on=date(2026, 5, 1), by=bo, at=MONDAY)

        held = [queries.scorecard_for(north, date(2026, month, 15)) for month in (3, 4, 5)]
        assert held == [card, other, None]
        with pytest.raises(NoScorecardInUse):
            targets.stop_scorecard(team=north, ends_on=date(2026, 6, 1), by=bo, at=MONDAY)

    def test_is_told_once_however_often_it_is_asked(self, card, north, bo):
        for _again in range(2):
            targets.use_scorecard(card, team=north, starts_on=START, by=bo, at=MONDAY)
        assert ScorecardUse.objects.count() == 1
        assert EventRecord.objects.filter(name="scorecard.used").count() == 1

    def test_refuses_a_day_before_the_one_in_use_began(self, card, north, bo):
        other = targets.define_scorecard(name="Other", lines=ACTIVITY, by=bo, at=MONDAY)
        targets.use_scorecard(card, team=north, starts_on=START, by=bo, at=MONDAY)
        with pytest.raises(Invalid):
            targets.use_scorecard(other, team=north, starts_on=date(2026, 2, 1), by=bo, at=MONDAY)

    def test_is_refused_for_the_company_and_other_teams(self, card, south, bo, ana, fay, north):
        for team, person in ((None, bo), (south, bo), (north, ana), (north, fay)):
            with pytest.raises(NotAllowed):
                targets.use_scorecard(card, team=team, starts_on=START, by=person, at=MONDAY)
            with pytest.raises(NotAllowed):
                targets.stop_scorecard(team=team, ends_on=START, by=person, at=MONDAY)


@pytest.mark.django_db
class TestScores:
    @pytest.fixture
    def published(self, di) -> Scorecard:
        """The published example as a scorecard of the company; two lines are enough for it."""
        made = targets.define_scorecard(name="Published", lines=PUBLISHED, by=di, at=MONDAY)
        targets.use_scorecard(made, starts_on=START, by=di, at=MONDAY)
        return made

    @pytest.fixture
    def sold(self, ana, northwind, process):
        """Ana won two deals in March, 40,000 together."""
        for amount in (15_000, 25_000):
            deal = selling.open_deal(
                title="Deal", customer=northwind, owner=ana, amount=Decimal(amount), by=ana, at=MONDAY
            )
            selling.win_deal(deal, by=ana, at=MONDAY)

    def test_come_to_the_published_170(self, published, sold, ana, bo, numbers):
        numbers("won_amount")
        found = {one.person.name: one.objective.value for one in queries.scores([ana, bo], day=DAY)}

        assert found == {"Ana": 170, "Bo": 0}

    def test_lead_to_the_records_of_the_person(self, published, sold, ana, numbers):
        numbers("won_amount")
        [one] = queries.scores([ana], day=DAY)

        assert [(points.actual, points.points) for points, _url in one.objective.lines] == [(2, 10), (40_000, 160)]
        assert all(f"owner={ana.pk}" in url for _points, url in one.objective.lines)

    def test_are_measured_against_the_persons_then_the_teams_benchmark(self, published, sold, ana, bo, north, numbers):
        numbers("won_amount")
        deals = published.lines.get(metric="won_count")
        targets.set_benchmark(deals, value=Decimal(1), team=north, by=published.owner, at=MONDAY)
        assert queries.scores([ana], day=DAY)[0].objective.value == 40 + 160
        targets.set_benchmark(deals, value=Decimal(2), person=ana, by=bo, at=MONDAY)
        assert queries.scores([ana], day=DAY)[0].objective.value == 20 + 160
        targets.set_benchmark(deals, value=None, person=ana, by=bo, at=MONDAY)
        assert queries.scores([ana], day=DAY)[0].objective.value == 40 + 160

    def test_ask_less_of_who_was_on_leave(self, published, sold, ana, bo, numbers):
        numbers("won_amount")
        # Half of March's 22 working days.
        targets.note_absence(person=ana, first_on=date(2026, 3, 16), last_on=date(2026, 3, 31), by=bo, at=MONDAY)
        there = queries.shares_there([ana], date(2026, 3, 1), date(2026, 4, 1))[ana.pk]
        [one] = queries.scores([ana], day=DAY)

        assert there == Decimal(10) / 22 or there == Decimal("0.454545")
        assert one.objective.value == pytest.approx(170 / there)

    def test_show_how_they_went(self, published, sold, ana, numbers):
        numbers("won_amount")
        [one] = queries.scores([ana], day=date(2026, 4, 10), trend=2)

        assert [(label, value) for label, value in one.trend["objective"]] == [
            ("2026-02", 0),
            ("2026-03", 170),
            ("2026-04", 0),
        ]
        assert one.change("objective") == -170

    def test_take_a_handful_of_queries_however_many_people(
        self, published, sold, ana, system, numbers, django_assert_max_num_queries
    ):
        many = [people.create_person(email=f"p{n}@example.com", name=f"P {n}", by=system, at=MONDAY) for n in range(30)]
        numbers("won_amount")
        with django_assert_max_num_queries(12):
            found = queries.scores(many, day=DAY)
        assert len(found) == 30

    def test_leave_out_who_has_no_scorecard(self, card, ana, cy, north, bo, numbers):
        targets.use_scorecard(card, team=north, starts_on=START, by=bo, at=MONDAY)
        assert [one.person for one in queries.scores(Person.objects.filter(pk__in=[ana.pk, cy.pk]), day=DAY)] == [ana]

    def test_propose_the_benchmark_that_one_in_five_reached(self, sold, ana, bo, cy, numbers):
        numbers("won_amount")
        assert queries.proposed_benchmark("won_count", "objective", [ana], today=date(2026, 4, 1)) == Decimal("1.2")


@pytest.mark.django_db
class TestSetBenchmark:
    def test_is_for_those_below_and_above_zero(self, card, ana, bo, cy, north):
        row = card.lines.first()
        with pytest.raises(Invalid):
            targets.set_benchmark(row, value=Decimal(0), person=ana, by=bo, at=MONDAY)
        with pytest.raises(Invalid):
            targets.set_benchmark(row, value=Decimal(1), by=bo, at=MONDAY)
        for person, by in ((ana, ana), (cy, bo), (bo, bo)):
            with pytest.raises(NotAllowed):
                targets.set_benchmark(row, value=Decimal(1), person=person, by=by, at=MONDAY)


@pytest.mark.django_db
class TestAbsences:
    def test_are_noted_by_oneself_or_who_leads(self, ana, bo, cy, fay):
        for by in (ana, bo):
            row = targets.note_absence(person=ana, first_on=START, last_on=DAY, by=by, at=MONDAY)
            targets.withdraw_absence(row, by=by, at=TUESDAY)
        for by in (cy, fay):
            with pytest.raises(NotAllowed):
                targets.note_absence(person=ana, first_on=START, last_on=DAY, by=by, at=MONDAY)

    def test_end_after_they_began(self, ana):
        with pytest.raises(Invalid) as refusal:
            targets.note_absence(person=ana, first_on=DAY, last_on=START, by=ana, at=MONDAY)
        assert list(refusal.value.fields) == ["last_on"]
