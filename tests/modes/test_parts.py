"""What practices set in the apps below: the rhythm of work and pace alerts, from the day of the adoption on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import now

from salesmode.kernel.models import Company
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.reviews import operations as reviews
from salesmode.reviews import queries as rhythm
from salesmode.reviews.models import Meeting, Rhythm
from salesmode.reviews.schedule.rhythm import plan_meetings_of_the_week
from salesmode.targets import operations as targets
from salesmode.targets.models import AlertRule
from salesmode.targets.queries import alert_rules_for, sheet_due
from tests.conftest import MONDAY, TUESDAY, today
from tests.modes.conftest import FIRST

RHYTHMS = ["daily_report", "weekly_report", "pipeline_review", "one_to_one"]


@pytest.fixture(autouse=True)
def in_germany(system):
    """No holidays in the first weeks of March."""
    Company.objects.update(country="DE", time_zone="UTC")


def targets_due(team, day):
    """What the required sheet of a team lacks."""
    return sheet_due(team, day)


def required(kind: str, among) -> list:
    return [person for person, _due in rhythm.reporters(kind, FIRST, among=among)]


class TestTheDailyReport:
    def test_is_required_of_the_team_that_adopts_it(self, north, di, ana, cy, adopt):
        adopt(by=di, team=north, practices=["daily_report"], parameters={"daily_report": {"clock": "20:00"}})

        assert required("daily", [ana, cy]) == [ana]
        assert [due.hour for _person, due in rhythm.reporters("daily", FIRST, among=[ana])] == [20]

    def test_comes_with_the_traditional_mode_and_not_with_performance(self, north, south, di, ana, cy, adopt):
        adopt(by=di, team=north, mode="traditional")
        adopt(by=di, team=south, mode="performance")

        assert required("daily", [ana, cy]) == [ana]
        assert required("weekly", [ana, cy]) == [cy]

    def test_is_reminded_of(self, north, di, ana, adopt):
        adopt(by=di, team=north, practices=["daily_report"])
        evening = datetime(FIRST.year, FIRST.month, FIRST.day, 18, 5, tzinfo=UTC)

        found = rhythm.reports_to_remind_of(at=evening, within=timedelta(hours=4))

        assert [(person, kind) for person, kind, _first in found] == [(ana, "daily")]

    def test_stands_on_today_until_it_is_taken_back(self, client, north, di, ana, adopt):
        day = today()
        adoption = adopt(by=di, team=north, practices=["weekly_report"], from_day=day - timedelta(days=7), at=now())
        client.force_login(ana)

        assert reverse("reviews:write_report") in client.get(reverse("workspace:today")).content.decode()

        modes.take_back_adoption(adoption, on=day - timedelta(days=7), by=di, at=now())
        assert rhythm.own_report(ana, "weekly", day) == (None, None)

    def test_is_no_longer_asked_for_when_it_is_taken_back(self, north, di, ana, adopt):
        adoption = adopt(by=di, team=north, practices=["daily_report"])

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert required("daily", [ana]) == []

    def test_what_the_company_asked_holds_again(self, north, di, ana, adopt):
        reviews.set_rhythm("weekly_report", starts_on=FIRST, weekday=2, by=di, at=MONDAY)
        adoption = adopt(by=di, team=north, practices=["weekly_report"])
        assert rhythm.rhythm_for(north, "weekly_report", day=FIRST).weekday == 4

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert rhythm.rhythm_for(north, "weekly_report", day=FIRST).weekday == 2

    def test_what_the_team_had_of_its_own_is_restored(self, north, di, adopt):
        reviews.set_rhythm("weekly_report", team=north, starts_on=FIRST, weekday=1, by=di, at=MONDAY)
        adoption = adopt(by=di, team=north, practices=["weekly_report"], from_day=FIRST + timedelta(days=7))

        modes.take_back_adoption(adoption, on=FIRST + timedelta(days=14), by=di, at=TUESDAY)

        assert Rhythm.objects.get(team=north, ends_on=None).weekday == 1

    @pytest.mark.parametrize("code", RHYTHMS)
    def test_says_in_the_preview_what_it_asks(self, north, code):
        shown = queries.preview(team=north, practices=[code], from_day=FIRST)

        (change,) = shown.changes
        assert (change.before, change.after["kind"]) == (None, code)
        assert "every" in change.says_after


class TestMeetings:
    def test_are_planned_for_the_team_that_adopts_them(self, north, south, di, bo, ana, cy, adopt):
        adopt(by=di, team=north, practices=["pipeline_review", "one_to_one"])

        plan_meetings_of_the_week(at=MONDAY)

        found = set(Meeting.objects.values_list("type", "team", "person", "owner"))
        assert found == {
            ("pipeline_review", north.pk, None, bo.pk),
            ("one_to_one", north.pk, ana.pk, bo.pk),
        }

    def test_held_are_counted_for_the_week(self, north, di, bo, ana, adopt):
        adopt(by=di, team=north, practices=["pipeline_review", "one_to_one"])
        plan_meetings_of_the_week(at=MONDAY)
        for meeting in Meeting.objects.all():
            reviews.hold_meeting(meeting, minutes=30, by=bo, at=TUESDAY)

        for running in queries.running_for(north.pk, FIRST):
            found = queries.sheet(running, today=FIRST + timedelta(days=8), weeks=2)
            assert [(cell.done, cell.expected) for cell in found.rows[0].cells] == [(1, 1), (0, 0)]


class TestPaceAlerts:
    def test_are_set_for_people_and_for_the_team(self, north, di, adopt):
        adopt(by=di, team=north, practices=["pace_alerts"], parameters={"pace_alerts": {"percent": 25}})

        found = {rule.each: (rule.kind_of, rule.limit) for rule in alert_rules_for(north, on=FIRST)}
        assert found == {"person": ("pace", Decimal(25)), "whole": ("pace", Decimal(10))}

    def test_taken_back_are_retired(self, north, di, adopt):
        adoption = adopt(by=di, team=north, practices=["pace_alerts"])

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert not alert_rules_for(north, on=FIRST + timedelta(days=1))

    def test_adopted_again_on_the_same_day_watch_from_the_next(self, north, di, adopt):
        modes.take_back_adoption(
            adopt(by=di, team=north, practices=["pace_alerts"]), on=FIRST, by=di, at=MONDAY
        )  # fmt: skip
        adopt(by=di, team=north, practices=["pace_alerts"])

        assert len(alert_rules_for(north, on=FIRST + timedelta(days=1))) == 2

    def test_restore_the_rule_that_was_there(self, north, di, adopt):
        targets.set_alert_rule(
            metric="won_amount", kind_of="pace", team=north, limit=Decimal("7.5"), severity="urgent",
            starts_on=FIRST, by=di, at=MONDAY,
        )  # fmt: skip
        adoption = adopt(by=di, team=north, practices=["pace_alerts"], from_day=FIRST + timedelta(days=7))

        modes.take_back_adoption(adoption, on=FIRST + timedelta(days=7), by=di, at=TUESDAY)

        rule = AlertRule.objects.get(team=north, ends_on=None)
        assert (rule.limit, rule.severity, rule.each) == (Decimal("7.5"), "urgent", "person")

    def test_are_counted_when_the_lead_decides(self, north, di, bo, ana, adopt):
        adopt(by=di, team=north, practices=["pace_alerts"])
        (running,) = queries.running_for(north.pk, FIRST)

        assert running.practice.adoption.who == "leads"
        assert [row.person for row in queries.sheet(running, today=FIRST, weeks=2).rows] == [bo]


class TestWhatOnlyTheCompanyHas:
    def test_is_named_when_a_team_adopts(self, north):
        shown = queries.preview(team=north, practices=["visit_plan"], from_day=FIRST)

        assert (shown.changes, [part.code for part in shown.left_alone]) == ([], ["customers.visits"])

    def test_is_set_when_the_company_does(self):
        shown = queries.preview(team=None, practices=["visit_plan"], from_day=FIRST)

        assert ([each.part.code for each in shown.changes], shown.left_alone) == (["customers.visits"], [])


class TestTheTargetSheet:
    def test_is_required_from_the_day_on_and_until_it_is_taken_back(self, north, di, ana, adopt):
        adoption = adopt(by=di, team=north, practices=["target_sheet"])
        assert targets_due(north, FIRST).names == ["North", "Ana"]
        assert targets_due(north, FIRST - timedelta(days=1)) is None

        modes.take_back_adoption(adoption, on=FIRST + timedelta(days=7), by=di, at=TUESDAY)

        assert targets_due(north, FIRST + timedelta(days=7)) is None

    def test_says_in_the_preview_what_it_asks(self, north):
        given = {"target_sheet": {"metric": "payments_received", "people": False}}
        shown = queries.preview(team=north, practices=["target_sheet"], parameters=given, from_day=FIRST)

        (change,) = shown.changes
        assert (change.before, change.after) == (None, {"metric": "payments_received", "with_people": False})
        assert "Payments received" in change.says_after

    def test_restores_what_the_team_had_of_its_own(self, north, bo, di, adopt):
        targets.require_target_sheet(team=north, metric="won_count", starts_on=FIRST, by=bo, at=MONDAY)
        adoption = adopt(by=di, team=north, practices=["target_sheet"])
        later = FIRST + timedelta(days=14)
        assert targets_due(north, later).sheet.metric == "won_amount"

        modes.take_back_adoption(adoption, on=later, by=di, at=TUESDAY)

        assert targets_due(north, later + timedelta(days=1)).sheet.metric == "won_count"

    def test_adopted_by_the_company_holds_for_every_team(self, north, south, di, ana, cy, adopt):
        adopt(by=di, practices=["target_sheet"])

        assert targets_due(south, FIRST).names == ["South", "Cy"]
        assert targets_due(north, FIRST).names == ["North", "Ana"]
