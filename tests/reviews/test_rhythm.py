"""The rhythm of work: what holds where, reports, reminders, meetings and what is agreed there."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from salesmode.customers import operations as customers
from salesmode.forecasts import operations as forecasts
from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.people import operations as people
from salesmode.reviews import operations as reviews
from salesmode.reviews import queries
from salesmode.reviews.models import Action, Meeting, Rhythm, WorkReport
from salesmode.reviews.models.meeting import ActionOver, MeetingAlreadyPlanned, MeetingOver
from salesmode.reviews.models.report import ReportAlreadyRead, ReportAlreadySubmitted
from salesmode.reviews.schedule.rhythm import (
    close_meetings_nobody_held,
    plan_meetings_of_the_week,
    remind_of_reports,
)
from salesmode.targets import operations as targets
from salesmode.targets.models.scorecard import LineDraft
from salesmode.workspace.models import Notification
from tests.conftest import MONDAY, TUESDAY

DAY = date(2026, 3, 2)


def today() -> date:
    """Return the day that it is where the company is, as pages see it."""
    return localdate(timezone=Company.objects.current().zone)


# 18:30 on Monday in Shanghai.
EVENING = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.fixture
def required(system):
    """Everybody reports every working day by 18:00."""
    return reviews.set_rhythm("daily_report", starts_on=date(2026, 2, 1), by=system, at=MONDAY)


class TestTheRhythm:
    def test_of_a_team_goes_before_that_above_and_the_companys(self, system, north):
        inner = people.create_team(name="Inner", parent=north, by=system, at=MONDAY)
        company = reviews.set_rhythm("daily_report", starts_on=DAY, by=system, at=MONDAY)
        assert queries.rhythm_for(inner, "daily_report", day=DAY) == company

        own = reviews.set_rhythm("daily_report", team=north, due_time=time(20), starts_on=DAY, by=system, at=MONDAY)
        assert queries.rhythm_for(inner, "daily_report", day=DAY) == own
        assert queries.rhythm_for(None, "daily_report", day=DAY) == company
        freed = {"team": inner, "is_required": False, "starts_on": DAY}
        reviews.set_rhythm("daily_report", **freed, by=system, at=MONDAY)
        assert queries.rhythm_for(inner, "daily_report", day=DAY) is None

        reviews.end_rhythm(own, ends_on=date(2026, 3, 10), by=system, at=MONDAY)
        assert queries.rhythm_for(north, "daily_report", day=date(2026, 3, 9)) == own
        assert queries.rhythm_for(north, "daily_report", day=date(2026, 3, 10)) == company

    def test_set_again_ends_what_held_before(self, required, system):
        later = reviews.set_rhythm("daily_report", due_time=time(19), starts_on=DAY, by=system, at=MONDAY)

        assert queries.rhythm_for(None, "daily_report", day=date(2026, 3, 1)) == required
        assert queries.rhythm_for(None, "daily_report", day=DAY) == later
        assert Rhythm.objects.filter(ends_on=None).count() == 1

    def test_of_the_own_team_is_set_and_ended_by_its_lead(self, north, south, bo):
        people_of_bo = reviews.set_rhythm("daily_report", team=north, starts_on=DAY, by=bo, at=MONDAY)
        reviews.end_rhythm(people_of_bo, ends_on=date(2026, 3, 9), by=bo, at=MONDAY)

        for wanted in ({"team": south}, {"team": None}, {"team": north, "is_required": False}):
            with pytest.raises(NotAllowed):
                reviews.set_rhythm("daily_report", **wanted, starts_on=DAY, by=bo, at=MONDAY)
        assert Rhythm.objects.count() == 1

    def test_is_refused_without_a_weekday_and_to_others(self, ana, bo, fay, ed):
        for other in (ana, bo, fay):
            with pytest.raises(NotAllowed):
                reviews.set_rhythm("daily_report", starts_on=DAY, by=other, at=MONDAY)
        with pytest.raises(Invalid):
            reviews.set_rhythm("weekly_report", starts_on=DAY, by=ed, at=MONDAY)


class TestReporting:
    def test_counts_what_the_records_know(self, ana, northwind, renewal):
        customers.log_interaction(northwind, channel="call", content="Asked for an offer", by=ana, at=MONDAY)
        # 16:30 UTC on Sunday is Monday in Shanghai; 16:30 UTC on Monday is not any more.
        for at in (datetime(2026, 3, 1, 16, 30, tzinfo=UTC), datetime(2026, 3, 2, 16, 30, tzinfo=UTC)):
            customers.log_interaction(northwind, channel="message", content="Hello", by=ana, happened_at=at, at=TUESDAY)

        report = reviews.submit_report(kind="daily", day=DAY, done="Calls", by=ana, at=EVENING)

        assert report.numbers["channels"] == {"call": 1, "message": 1}
        assert (report.numbers["deal_opened"], report.numbers["customer_created"]) == (1, 1)
        draft = queries.report_draft(ana, first=DAY, until=date(2026, 3, 3))["done"]
        assert "Asked for an offer" in draft
        assert f"Opened the deal {renewal.title}" in draft

    def test_is_in_time_until_six_and_late_after(self, ana, required):
        in_time = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
        assert not reviews.submit_report(kind="daily", day=DAY, done="x", by=ana, at=in_time).is_late
        tomorrow = date(2026, 3, 3)
        assert reviews.submit_report(
            kind="daily", day=tomorrow, done="x", by=ana, at=EVENING + timedelta(days=1)
        ).is_late

    def test_happens_once_for_a_day_and_a_week(self, ana):
        reviews.submit_report(kind="weekly", day=date(2026, 3, 2), done="x", by=ana, at=MONDAY)

        with pytest.raises(ReportAlreadySubmitted):
            reviews.submit_report(kind="weekly", day=DAY, done="again", by=ana, at=EVENING)
        with pytest.raises(Invalid):
            reviews.submit_report(kind="daily", day=date(2026, 3, 3), done="tomorrow", by=ana, at=MONDAY)
        with pytest.raises(Invalid):
            reviews.submit_report(kind="daily", day=DAY, done="  ", by=ana, at=MONDAY)
        assert WorkReport.objects.count() == 1

    def test_can_be_corrected_until_somebody_has_read_it(self, ana, bo, cy, fay):
        report = reviews.submit_report(kind="daily", day=DAY, done="x", by=ana, at=MONDAY)
        reviews.amend_report(report, done="y", version=1, by=ana, at=MONDAY)
        with pytest.raises(Stale):
            reviews.amend_report(report, done="z", version=1, by=ana, at=MONDAY)
        for stranger in (cy, fay, ana):
            with pytest.raises(NotAllowed):
                reviews.acknowledge_report(report, by=stranger, at=MONDAY)
        for _time in range(2):
            reviews.acknowledge_report(report, by=bo, at=MONDAY)
        reviews.comment_on_report(report, content="Good", by=bo, at=MONDAY)

        assert EventRecord.objects.filter(name="work_report.acknowledged").count() == 1
        with pytest.raises(ReportAlreadyRead):
            reviews.amend_report(report, done="z", by=ana, at=MONDAY)
        with pytest.raises(NotAllowed):
            reviews.comment_on_report(report, content="x", by=cy, at=MONDAY)

    def test_shows_a_manager_who_has_not(self, ana, bo, cy, required):
        shown = queries.team_reports("daily", DAY, seen_by=bo)
        assert [line.person for line in shown.missing] == [ana]
        reviews.submit_report(kind="daily", day=DAY, done="x", by=ana, at=MONDAY)

        assert not queries.team_reports("daily", DAY, seen_by=bo).missing
        assert not queries.team_reports("daily", date(2026, 3, 1), seen_by=bo).lines


class TestReminders:
    def test_come_once_when_a_report_is_due(self, ana, required):
        from salesmode.reviews.events import PersonReportDue
        from salesmode.workspace.subscribers import remind_who_has_not_reported

        remind_of_reports(at=EVENING - timedelta(hours=1))
        assert not EventRecord.objects.filter(name="person.report_due").exists()
        for _time in range(2):
            remind_of_reports(at=EVENING)

        told = EventRecord.objects.get(name="person.report_due")
        assert told.facts["person_id"] == ana.pk
        for _time in range(2):
            remind_who_has_not_reported(PersonReportDue(**told.facts), at=EVENING)
        assert Notification.objects.get().person == ana

    def test_never_come_on_free_days_or_to_whoever_has_reported(self, ana, cy, required):
        remind_of_reports(at=datetime(2026, 3, 1, 10, 30, tzinfo=UTC))
        reviews.submit_report(kind="daily", day=DAY, done="x", by=ana, at=MONDAY)
        remind_of_reports(at=EVENING)

        reminded = EventRecord.objects.filter(name="person.report_due").values_list("facts__person_id", flat=True)
        assert list(reminded) == [cy.pk]


class TestMeetings:
    @pytest.fixture
    def talk(self, ana, bo):
        """Bo's one-to-one with Ana."""
        return reviews.plan_meeting(kind="one_to_one", person=ana, planned_on=DAY, by=bo, at=MONDAY)

    def test_are_planned_once_by_those_who_lead(self, talk, ana, bo, cy, fay, north):
        with pytest.raises(MeetingAlreadyPlanned):
            reviews.plan_meeting(kind="one_to_one", person=ana, planned_on=DAY, by=bo, at=MONDAY)
        for other in (ana, cy, fay):
            with pytest.raises(NotAllowed):
                reviews.plan_meeting(kind="pipeline_review", team=north, planned_on=DAY, by=other, at=MONDAY)
        with pytest.raises(NotAllowed):
            reviews.plan_meeting(kind="one_to_one", person=cy, planned_on=DAY, by=bo, at=MONDAY)
        assert Meeting.objects.get() == talk

    def test_end_once(self, talk, ana, bo):
        with pytest.raises(NotAllowed):
            reviews.hold_meeting(talk, by=ana, at=MONDAY)
        reviews.hold_meeting(talk, minutes=30, by=bo, at=MONDAY)

        with pytest.raises(MeetingOver):
            reviews.miss_meeting(talk, by=bo, at=MONDAY)

    def test_that_nobody_held_are_closed_by_the_clock(self, talk):
        close_meetings_nobody_held(at=TUESDAY)
        talk.refresh_from_db()
        assert talk.is_planned

        close_meetings_nobody_held(at=MONDAY + timedelta(days=4))

        talk.refresh_from_db()
        assert talk.status == Meeting.Status.MISSED

    def test_begin_with_the_deals_that_the_inspection_warns_of(self, north, ana, bo, cy, renewal):
        meeting = reviews.plan_meeting(kind="pipeline_review", team=north, planned_on=DAY, by=bo, at=MONDAY)
        assert queries.deals_at_risk(meeting, seen_by=bo).rows == []

        forecasts.refresh_warnings([renewal.pk], at=MONDAY + timedelta(days=30))
        with translation.override("en"):
            table = queries.deals_at_risk(meeting, seen_by=bo)
            said = [warning.sentence for warning in table.rows[0].warnings]

        assert ([row.deal for row in table.rows], table.count, table.amount) == ([renewal], 1, renewal.company_amount)
        assert "No contact for 30 days" in said
        assert queries.deals_at_risk(meeting, seen_by=cy).count == 0
        reviews.decide_deal_in_meeting(meeting, deal=renewal, choice="help", note="Bo calls", by=bo, at=MONDAY)
        reviews.decide_deal_in_meeting(meeting, deal=renewal, choice="push", by=bo, at=MONDAY)
        assert meeting.decisions.get().choice == "push"
        with pytest.raises(NotAllowed):
            reviews.decide_deal_in_meeting(meeting, deal=renewal, choice="push", by=cy, at=MONDAY)

    def test_keep_a_decided_deal_on_the_table_when_its_warnings_are_gone(self, north, bo, renewal):
        meeting = reviews.plan_meeting(kind="pipeline_review", team=north, planned_on=DAY, by=bo, at=MONDAY)
        reviews.decide_deal_in_meeting(meeting, deal=renewal, choice="keep", by=bo, at=MONDAY)

        table = queries.deals_at_risk(meeting, seen_by=bo)

        assert ([(row.deal, row.warnings) for row in table.rows], table.count) == ([(renewal, [])], 0)

    def test_are_planned_by_the_rhythm_once_a_week(self, north, ana, bo, cy, system):
        people.amend_team(north, lead=bo, by=system, at=MONDAY)
        for kind, weekday in (("pipeline_review", 0), ("one_to_one", 3)):
            reviews.set_rhythm(kind, team=north, weekday=weekday, starts_on=DAY, by=system, at=MONDAY)
        for _time in range(2):
            plan_meetings_of_the_week(at=MONDAY)

        rows = Meeting.objects.order_by("planned_on").values_list("type", "planned_on", "owner", "team", "person")
        assert list(rows) == [
            ("pipeline_review", DAY, bo.pk, north.pk, None),
            ("one_to_one", date(2026, 3, 5), bo.pk, north.pk, ana.pk),
        ]
        # Moved within its week it is not planned a second time; the next week has its own.
        reviews.amend_meeting(Meeting.objects.get(type="one_to_one"), planned_on=date(2026, 3, 4), by=bo, at=MONDAY)
        plan_meetings_of_the_week(at=TUESDAY)
        assert Meeting.objects.count() == 2
        plan_meetings_of_the_week(at=MONDAY + timedelta(days=7))
        assert Meeting.objects.count() == 4

    def test_show_how_somebody_scores_line_by_line(self, ana, ed):
        assert queries.scores_of(ana, today=DAY) == []
        line = LineDraft("activity", "interactions", Decimal(100), Decimal(10))
        card = targets.define_scorecard(name="Sellers", lines=[line], by=ed, at=MONDAY)
        targets.use_scorecard(card, starts_on=DAY, by=ed, at=MONDAY)

        found = queries.scores_of(ana, today=DAY)

        assert [(score.kind, [each.line.metric for each, _url in score.lines]) for score in found] == [
            ("activity", ["interactions"])
        ]

    def test_agree_on_actions_that_are_tracked_to_done(self, talk, ana, bo, cy, numbers):
        first = reviews.agree_action(talk, text="Call", owner=ana, due_on=date(2026, 3, 4), by=bo, at=MONDAY)
        second = reviews.agree_action(talk, text="Offer", owner=ana, due_on=date(2026, 3, 4), by=bo, at=MONDAY)
        third = reviews.agree_action(talk, text="Nothing", owner=ana, due_on=date(2026, 3, 4), by=bo, at=MONDAY)
        assert queries.open_actions(ana) == [first, second, third]
        with pytest.raises(NotAllowed):
            reviews.finish_action(first, by=cy, at=TUESDAY)
        # 16:30 UTC on the 4th is the 5th in Shanghai: late.
        reviews.finish_action(first, by=ana, at=TUESDAY)
        reviews.finish_action(second, by=ana, at=datetime(2026, 3, 4, 16, 30, tzinfo=UTC))
        for other in (ana, cy):
            with pytest.raises(NotAllowed):
                reviews.drop_action(third, by=other, at=TUESDAY)
        reviews.drop_action(third, by=bo, at=TUESDAY)
        with pytest.raises(ActionOver):
            reviews.drop_action(third, by=bo, at=TUESDAY)
        with pytest.raises(ActionOver):
            reviews.finish_action(first, by=ana, at=TUESDAY)
        reviews.hold_meeting(talk, by=bo, at=MONDAY)

        following = reviews.plan_meeting(kind="one_to_one", person=ana, planned_on=date(2026, 3, 9), by=bo, at=MONDAY)
        assert first in queries.actions_before(following)
        assert numbers("actions_on_time").value == pytest.approx(0.5)
        assert numbers("meetings_held").value == pytest.approx(1.0)
        kept = queries.meetings_kept(seen_by=bo, today=date(2026, 3, 8))
        assert (kept.held_share, kept.closed_share) == (1.0, 0.5)
        assert Action.objects.filter(done_at=None, dropped_at=None).count() == 0


class TestThePages:
    def test_take_a_report_from_today_to_the_manager(self, client, ana, bo, cy, system):
        reviews.set_rhythm("daily_report", starts_on=date(2026, 1, 1), by=system, at=MONDAY)
        client.force_login(ana)
        assert client.get("/").status_code == 200
        assert client.get("/reports/write").status_code == 200
        given = {"kind": "daily", "day": f"{today()}", "done": "Called", "plan": "", "problems": "Price"}
        assert client.post("/reports/write", given | {"done": "", "problems": ""}).status_code == 422
        assert client.post("/reports/write", given).status_code == 302
        report = WorkReport.objects.get()
        assert client.get(f"/reports/{report.pk}").status_code == 200
        client.force_login(bo)
        assert b"Price" in client.get("/reports/team").content
        client.post(f"/reports/{report.pk}/read")
        client.post(f"/reports/{report.pk}/comments", {"content": "Ask Gil"})
        client.force_login(ana)
        page = client.get(f"/reports/{report.pk}").content
        assert b"Ask Gil" in page
        assert "Bo" in page.decode().split("Read by")[1].split("Comments")[0]
        client.force_login(cy)
        assert client.get(f"/reports/{report.pk}").status_code == 404
        assert client.post(f"/reports/{report.pk}/comments", {"content": "x"}).status_code == 404

    def test_run_a_one_to_one(self, client, ana, bo, cy, renewal):
        client.force_login(bo)
        made = client.post("/meetings/new", {"kind": "one_to_one", "person": ana.pk, "planned_on": f"{today()}"})
        meeting = Meeting.objects.get()
        assert made.status_code == 302
        assert b"Renewal" in client.get(f"/meetings/{meeting.pk}").content
        notes = {"deal": renewal.pk, "skill": "Questions", "notes": "Good talk", "version": meeting.version}
        client.post(f"/meetings/{meeting.pk}/notes", notes)
        client.post(f"/meetings/{meeting.pk}/deals/{renewal.pk}", {"choice": "help", "note": "Bo calls"})
        for text in ("Call", "Write"):
            client.post(f"/meetings/{meeting.pk}/actions", {"text": text, "owner": ana.pk, "due_on": f"{today()}"})
        write = Action.objects.get(text="Write")
        dropped = client.post(f"/actions/{write.pk}/drop", {"meeting": f"{meeting.pk}"})
        assert dropped.headers["Location"] == f"/meetings/{meeting.pk}"
        meeting.refresh_from_db()
        client.post(f"/meetings/{meeting.pk}/held", {"version": meeting.version})
        meeting.refresh_from_db()
        assert (meeting.status, meeting.skill) == ("held", "Questions")
        assert client.get("/meetings/").status_code == 200
        client.force_login(ana)
        assert b"Call" in client.get("/").content
        assert client.get(f"/meetings/{meeting.pk}").status_code == 200
        assert client.post(f"/actions/{Action.objects.get(text='Call').pk}/done").status_code == 302
        client.force_login(cy)
        assert client.get(f"/meetings/{meeting.pk}").status_code == 404

    def test_set_the_rhythm(self, client, ed):
        client.force_login(ed)
        given = {"kind": "weekly_report", "weekday": "4", "due_time": "18:00", "starts_on": "2026-03-02"}
        assert client.post("/settings/rhythm", given | {"is_required": "on"}).status_code == 302
        assert client.get("/settings/rhythm").status_code == 200
        assert client.post(f"/settings/rhythm/{Rhythm.objects.get().pk}/end").status_code == 302

    def test_do_not_call_a_report_missing_before_it_is_due(self, client, system, ana, bo):
        reviews.set_rhythm("weekly_report", weekday=4, starts_on=date(2026, 2, 1), by=system, at=MONDAY)
        client.force_login(bo)
        next_week = today() + timedelta(days=7)

        page = client.get("/reports/team", {"kind": "weekly", "day": next_week.isoformat()}).content.decode()
        assert "due " in page
        assert "missing" not in page
        page = client.get("/reports/team", {"kind": "weekly", "day": "2026-03-02"}).content.decode()
        assert "missing" in page
