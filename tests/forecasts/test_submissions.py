"""What people say will be won: beside the roll-up, kept for ever, one at a time."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from salesmode.forecasts import operations, queries
from salesmode.forecasts.models import ForecastSubmission
from salesmode.forecasts.models.submission import SubmittedMeanwhile
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets.models import Whose
from tests.conftest import MONDAY, TUESDAY
from tests.selling.test_races import race

FRIDAY = MONDAY + timedelta(days=4)
ROUNDS = 50


@pytest.fixture
def march(system) -> Period:
    """The month that Monday lies in."""
    return Period.parse("2026-03")


@pytest.fixture
def due(renewal, ana):
    """Ana's deal is to close in March."""
    return selling.amend_deal(renewal, closes_on=date(2026, 3, 20), by=ana, at=MONDAY)


def submit(person, period, amount, *, by=None, at=TUESDAY, **more):
    """Submit a forecast of somebody."""
    return operations.submit_forecast(
        person=person, period=period, amount=Decimal(amount), by=by or person, at=at, **more
    )


class TestTheRollUp:
    @pytest.mark.parametrize(
        ("stage", "sums"),
        [
            (0, (1200, 0, 0, 0)),
            (2, (1200, 1200, 0, 0)),
            (3, (1200, 1200, 1200, 0)),
            (4, (1200, 1200, 1200, 1200)),
        ],
    )
    def test_counts_a_deal_in_every_category_that_it_is_sure_enough_for(self, due, process, ana, march, stage, sums):
        selling.move_deal(due, stage=list(process.stages.in_order())[stage], by=ana, at=TUESDAY)

        roll = queries.roll_of_unit(ana, None, march)

        assert (roll.open_pipeline, roll.best_case, roll.most_likely, roll.commit) == sums

    def test_leaves_omitted_deals_out(self, due, ana, march):
        selling.amend_deal(due, category="omitted", by=ana, at=TUESDAY)

        roll = queries.roll_of_unit(ana, None, march)

        assert (roll.open_pipeline, roll.best_case, roll.weighted) == (0, 0, 0)
        assert roll.amounts["omitted"] == 1200

    def test_counts_what_was_won_in_the_period_by_the_decision(self, due, ana, march, north):
        selling.win_deal(due, by=ana, at=FRIDAY)

        assert queries.roll_of_unit(None, north, march).commit == 1200
        assert queries.roll_of_unit(None, None, Period.parse("2026-04")).commit == 0

    def test_of_another_team_counts_nothing_of_anas(self, due, south, march):
        assert queries.roll_of_unit(None, south, march).open_pipeline == 0


class TestAnOwnCategory:
    def test_is_kept_when_the_deal_moves_on(self, due, process, ana):
        selling.amend_deal(due, category="commit", by=ana, at=TUESDAY)

        selling.move_deal(due, stage=list(process.stages.in_order())[1], by=ana, at=TUESDAY)

        assert (due.category, due.own_category, due.stage.category) == ("commit", "commit", "pipeline")

    def test_can_be_taken_back(self, due, ana):
        selling.amend_deal(due, category="commit", by=ana, at=TUESDAY)
        selling.amend_deal(due, category="", by=ana, at=TUESDAY)

        assert (due.category, due.own_category) == ("pipeline", "")

    def test_is_said_on_the_deals_page(self, client, due, ana):
        client.force_login(ana)

        client.post(f"/deals/{due.pk}/category", {"category": "best_case", "version": due.version})

        due.refresh_from_db()
        assert due.own_category == "best_case"
        assert "Stage says" in client.get(f"/deals/{due.pk}").content.decode()


class TestTheFormulaOfCoverage:
    def test_is_said_below_the_grid_with_what_is_needed(self, client, due, ana):
        client.force_login(ana)
        page = client.get("/pipeline/forecast").content.decode()

        assert "Coverage = pipeline due in the period ÷ what is missing to the target." in page
        assert "Coverage needed = 1 ÷ the win rate by value of the last twelve months." in page


class TestAllThatALeadLooksAfter:
    def test_has_the_sum_of_its_teams_targets_and_says_which_is_missing(self, client, due, bo, di, north, march):
        client.force_login(bo)
        assert "No target for: North" in client.get("/pipeline/forecast?period=2026-03").content.decode()

        norths = Whose(unit="team", team=north)
        draft = targets.set_target(metric="won_amount", year=2026, whose=norths, base=Decimal(12000), by=di, at=MONDAY)
        targets.approve_target(draft, by=di, at=MONDAY)

        tree = queries.Tree.of(bo)
        whole = queries.forecast_grid(march, queries.scopes(tree)[0], tree, at=TUESDAY).total
        assert (whole.kind, whole.quota, whole.coverage, whole.without_quota) == ("company", 1000, 1.2, ())

    def test_leads_from_a_teams_number_to_its_deals(self, client, due, bo, north):
        client.force_login(bo)
        page = client.get("/pipeline/forecast?period=2026-03").content.decode()

        assert f"&amp;category={due.category}&amp;team={north.pk}" in page.replace("&team", "&amp;team")


class TestCumulativeSums:
    def test_are_shown_when_asked_for(self, client, due, ana):
        client.force_login(ana)

        single = client.get("/pipeline/forecast?period=2026-03").content.decode()
        cumulative = client.get("/pipeline/forecast?period=2026-03&sums=cumulative").content.decode()

        assert "Best case forecast" not in single
        assert "Omitted" in single
        assert "Best case forecast" in cumulative
        assert "Open pipeline" in cumulative


class TestSubmitForecast:
    def test_stands_beside_the_roll_up_and_changes_nothing_in_it(self, due, ana, march):
        made = submit(ana, march, 900, comment="careful")

        assert (made.number, made.amount, made.rolled_up, made.is_own) == (1, 900, 0, True)
        assert queries.roll_of_unit(ana, None, march).open_pipeline == 1200

    def test_is_remembered_with_whose_it_is(self, due, ana, bo, march):
        submit(ana, march, 900, by=bo)

        event = EventRecord.objects.get(name="forecast.submitted")
        assert (event.facts["person_id"], event.facts["submitted_by_id"], event.facts["is_own"]) == (
            ana.pk,
            bo.pk,
            False,
        )

    def test_keeps_every_one(self, due, ana, bo, march):
        submit(ana, march, 900)
        submit(ana, march, 800, by=bo)
        submit(ana, march, 1000)

        rows = queries.history_of(("person", ana.pk), march, bo)
        assert [(row.number, row.amount, row.is_own) for row in rows] == [
            (3, 1000, True), (2, 800, False), (1, 900, True)
        ]  # fmt: skip

    def test_for_somebody_else_is_refused_and_nothing_kept(self, due, ana, cy, fay, gil, march):
        for stranger in (cy, fay, gil):
            with pytest.raises(NotAllowed):
                submit(ana, march, 900, by=stranger)

        assert not ForecastSubmission.objects.exists()

    def test_for_a_team_is_its_leads_and_for_the_company_the_directors(self, due, ana, bo, di, north, south, march):
        ok = {"period": march, "amount": Decimal(5), "at": TUESDAY}
        north.refresh_from_db()

        operations.submit_forecast(team=north, by=bo, **ok)
        operations.submit_forecast(by=di, **ok)

        for person, team in ((ana, north), (bo, south), (bo, None)):
            with pytest.raises(NotAllowed):
                operations.submit_forecast(team=team, by=person, **ok)

    @pytest.mark.parametrize(("amount", "best"), [(-1, None), (100, 50)])
    def test_of_what_cannot_be_is_refused(self, ana, march, amount, best):
        with pytest.raises(Invalid):
            submit(ana, march, amount, best_case=None if best is None else Decimal(best))

    def test_for_a_period_that_is_over_is_refused(self, ana, march):
        with pytest.raises(Invalid):
            submit(ana, march, 1, at=MONDAY + timedelta(days=60))

    def test_from_an_old_look_is_refused(self, ana, bo, march):
        submit(ana, march, 900, seen=0)

        with pytest.raises(SubmittedMeanwhile):
            submit(ana, march, 800, by=bo, seen=0)
        assert submit(ana, march, 800, by=bo, seen=1).number == 2


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def _run(self, system) -> list[list[str]]:
        march = Period.parse("2026-03")
        found = []
        for number in range(ROUNDS):
            ana = people.create_person(email=f"a{number}@example.com", name="A", by=system, at=MONDAY)
            copies = [Person.objects.get(pk=ana.pk) for _copy in range(2)]
            found.append(race(*(lambda one=one: submit(one, march, 5, seen=0) for one in copies)))
        return found

    def test_let_one_in(self, transactional_db, system):
        assert self._run(system) == [["done", "refused"]] * ROUNDS

    def test_without_the_guard_let_both_in_sometimes(self, transactional_db, system):
        name = "forecast_submission_has_its_number_once"
        with connection.cursor() as cursor:
            cursor.execute(f"alter table forecasts_forecastsubmission drop constraint {name}")
        try:
            assert ["done", "done"] in self._run(system)
        finally:
            ForecastSubmission.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    f"alter table forecasts_forecastsubmission add constraint {name} unique nulls not distinct"
                    " (person_id, team_id, first_on, until_on, number)"
                )


class TestTheCycle:
    def test_of_a_team_holds_before_the_companys(self, ed, north, south):
        operations.set_submission_cycle(
            weekday=4, clock=time(17), grain="month", since=date(2026, 3, 1), by=ed, at=MONDAY
        )
        operations.set_submission_cycle(
            north, weekday=0, clock=time(9), grain="month", since=date(2026, 3, 10), by=ed, at=MONDAY
        )

        assert queries.cycle_of(north, date(2026, 3, 9)).weekday == 4
        assert queries.cycle_of(north, date(2026, 3, 10)).weekday == 0
        assert queries.cycle_of(south, date(2026, 3, 10)).weekday == 4
        assert queries.cycle_of(None, date(2026, 2, 1)) is None

    def test_of_a_larger_team_holds_for_those_inside(self, ed, north):
        inside = people.create_team(name="Inside", parent=north, by=ed, at=MONDAY)
        operations.set_submission_cycle(north, weekday=0, clock=time(9), since=date(2026, 3, 1), by=ed, at=MONDAY)

        assert queries.cycle_of(inside, date(2026, 3, 10)).weekday == 0

    def test_taken_back_lets_hold_what_is_above(self, ed, north):
        operations.set_submission_cycle(weekday=4, clock=time(17), since=date(2026, 3, 1), by=ed, at=MONDAY)
        operations.set_submission_cycle(north, weekday=0, clock=time(9), since=date(2026, 3, 1), by=ed, at=MONDAY)
        operations.withdraw_submission_cycle(north, since=date(2026, 4, 1), by=ed, at=MONDAY)

        assert queries.cycle_of(north, date(2026, 3, 31)).weekday == 0
        assert queries.cycle_of(north, date(2026, 4, 1)).weekday == 4

    def test_is_not_decided_by_sellers_managers_or_auditors(self, ana, bo, fay):
        for person in (ana, bo, fay):
            with pytest.raises(NotAllowed):
                operations.set_submission_cycle(weekday=4, clock=time(17), since=date(2026, 3, 1), by=person, at=MONDAY)

    def test_was_last_due_on_its_weekday(self, ed):
        cycle = operations.set_submission_cycle(weekday=4, clock=time(17), since=date(2026, 3, 1), by=ed, at=MONDAY)
        zone = ZoneInfo("Asia/Shanghai")

        assert cycle.last_due(datetime(2026, 3, 6, 17, 0, tzinfo=zone)) == datetime(2026, 3, 6, 17, 0, tzinfo=zone)
        assert cycle.last_due(datetime(2026, 3, 6, 16, 59, tzinfo=zone)) == datetime(2026, 2, 27, 17, 0, tzinfo=zone)


class TestTheGrid:
    @pytest.fixture
    def grid(self, due, settings, tmp_path, march):
        settings.WAREHOUSE_DIR = tmp_path / "warehouse"

        def ask(viewer, *, at=TUESDAY, scope=""):
            tree = queries.Tree.of(viewer)
            chosen = queries.scope_called(scope, queries.scopes(tree))
            found = queries.forecast_grid(march, chosen, tree, at=at)
            return found, {line.label: line for line in found.lines}

        return ask

    def test_shows_a_seller_only_herself(self, grid, ana, bo, cy):
        assert set(grid(ana)[1]) == {"Ana"}
        assert set(grid(cy)[1]) == {"Cy"}

    def test_shows_a_manager_the_team_with_both_submissions(self, grid, ana, bo, march):
        submit(ana, march, 900)
        submit(ana, march, 700, by=bo)

        line = grid(bo)[1]["Ana"]

        assert (line.own.amount, line.manager.amount, line.roll.open_pipeline) == (900, 700, 1200)
        assert grid(bo)[1]["North"].roll.open_pipeline == 1200

    def test_says_when_the_deals_have_moved_since(self, grid, ana, process, march, due):
        submit(ana, march, 900)
        assert not grid(ana)[1]["Ana"].is_stale

        selling.move_deal(due, stage=list(process.stages.in_order())[4], by=ana, at=TUESDAY)

        assert grid(ana)[1]["Ana"].is_stale

    def test_says_whose_submission_is_missing(self, grid, ana, bo, ed, march):
        operations.set_submission_cycle(
            weekday=2, clock=time(9), grain="month", since=date(2026, 3, 1), by=ed, at=MONDAY
        )
        assert [line.label for line in grid(bo, at=TUESDAY)[0].missing] == []
        assert [line.label for line in grid(bo, at=FRIDAY)[0].missing] == ["Ana"]

        submit(ana, march, 900)

        assert [line.label for line in grid(bo, at=FRIDAY)[0].missing] == []

    def test_compares_the_pipeline_with_the_quota(self, grid, ana, monkeypatch):
        from salesmode.analytics import goals

        monkeypatch.setattr(goals, "_ANSWER", [lambda code, period, unit, key, level: Decimal(600)])

        line = grid(ana)[1]["Ana"]

        assert (line.gap, line.coverage) == (600, 2.0)

    def test_knows_no_coverage_without_a_quota(self, grid, ana, monkeypatch):
        from salesmode.analytics import goals

        monkeypatch.setattr(goals, "_ANSWER", [])

        assert grid(ana)[1]["Ana"].coverage is None


class TestAccuracyAndBias:
    def test_of_one_period(self, due, ana, march):
        submit(ana, march, 900)
        selling.win_deal(due, by=ana, at=FRIDAY)

        (found,) = queries.track_records([ana], "month", at=MONDAY + timedelta(days=40))

        assert found.accuracy == pytest.approx(0.75)
        assert found.bias == pytest.approx(-0.25)

    def test_take_the_call_that_stood_in_the_middle(self, due, ana, march):
        submit(ana, march, 900)
        submit(ana, march, 1200, at=MONDAY + timedelta(days=28))
        selling.win_deal(due, by=ana, at=MONDAY + timedelta(days=28))

        (found,) = queries.track_records([ana], "month", at=MONDAY + timedelta(days=40))

        assert found.submitted == 900

    def test_are_unknown_when_nothing_was_submitted_or_won(self, ana, march):
        at = MONDAY + timedelta(days=40)
        assert queries.track_records([ana], "month", at=at)[0].accuracy is None

        submit(ana, march, 900)

        assert queries.track_records([ana], "month", at=at)[0].bias is None
