"""The doors of alerts, rules and decisions: who sees what, what a page says, and who hears of it."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from salesmode.kernel.events import SUBSCRIBERS, typed
from salesmode.kernel.models import EventRecord
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models import Alert, AlertRule, Decision, Whose
from salesmode.targets.queries import open_alerts
from salesmode.targets.schedule import alerts as schedule
from salesmode.workspace.models import Notification
from tests.conftest import MONDAY, today
from tests.targets.watching import aim, on, win

pytestmark = pytest.mark.usefixtures("process")
DAY = date(2026, 3, 24)


@pytest.fixture
def alert(numbers, system, ed, ana, cy) -> Alert:
    """Ana won 50 this month, where 100 is expected."""
    win(ana, 50, date(2026, 3, 3))
    win(cy, 500, date(2026, 3, 3))
    how = {"limit": Decimal(100), "starts_on": date(2026, 3, 1), "receivers": ["owner", "manager", "director"]}
    targets.set_alert_rule(metric="won_amount", kind_of="threshold", **how, by=ed, at=MONDAY)
    numbers("won_amount")
    return targets.evaluate_alert_rules(by=system, at=on(DAY))[0]


def api(client, person):
    """Ask as a program of somebody's."""
    from salesmode.people import operations as people

    raw = people.create_token(person=person, name="Test", scope="write", by=person, at=now())[1]

    def ask(method: str, path: str, body=None):
        more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {raw}"}, **more)

    return ask


@pytest.fixture
def decision(alert, bo) -> Decision:
    """Bo's, about Ana."""
    told = {"title": "SECRETCOACHING", "why": "Too few talks", "expected_to": Decimal(200)}
    return targets.take_decision(
        **told, metric="won_amount", alert=alert, review_on=date(2026, 4, 30), by=bo, at=on(DAY)
    )


class TestWhatCySees:
    @pytest.mark.parametrize("kind", ["alerts", "decisions"])
    def test_is_nothing_of_anas(self, client, cy, alert, decision, kind):
        client.force_login(cy)
        key = alert.pk if kind == "alerts" else decision.pk

        for address in (f"/{kind}/", f"/{kind}/?q=Ana", f"/{kind}/?sort=-created_at"):
            page = client.get(address).content.decode()
            assert f"/{kind}/{key}" not in page
            assert "SECRETCOACHING" not in page
        assert client.get(f"/{kind}/{key}").status_code == 404
        ask = api(client, cy)
        assert ask("get", f"/{kind}").json()["items"] == []
        assert ask("get", f"/{kind}/{key}").status_code == 404

    def test_is_nothing_on_today_or_in_the_cockpit(self, client, cy, alert):
        client.force_login(cy)
        for address in ("/", "/performance"):
            assert f"/alerts/{alert.pk}" not in client.get(address).content.decode()


class TestAnAlert:
    def test_explains_itself_and_leads_to_the_records(self, client, ana, alert):
        client.force_login(ana)

        page = client.get(f"/alerts/{alert.pk}").content.decode()
        assert f"owner={ana.pk}" in page
        assert "50" in page
        assert "100" in page

    def test_is_acknowledged_by_a_button(self, client, ana, alert):
        client.force_login(ana)
        client.post(f"/alerts/{alert.pk}/acknowledge")

        alert.refresh_from_db()
        assert alert.acknowledged_by == ana

    def test_is_read_by_an_auditor_who_changes_nothing(self, client, fay, alert):
        client.force_login(fay)

        assert client.get(f"/alerts/{alert.pk}").status_code == 200
        assert client.post(f"/alerts/{alert.pk}/acknowledge").status_code == 403

    def test_opens_a_decision(self, client, bo, alert):
        client.force_login(bo)

        page = client.get(f"/decisions/new?alert={alert.pk}").content.decode()
        assert f'value="person:{alert.owner_id}" selected' in page
        said = {"title": "Call more", "why": "Few talks", "metric": "won_amount", "expected_to": "200"}
        said |= {"whose": f"person:{alert.owner_id}", "review_on": f"{now().date().replace(day=1):%Y}-12-31"}
        assert client.post(f"/decisions/new?alert={alert.pk}", said).status_code == 302
        assert Decision.objects.get().alert == alert

    def _again(self, alert, **changes) -> Alert:
        """Another alert like this one."""
        kept = {field.attname: getattr(alert, field.attname) for field in Alert._meta.concrete_fields}
        return Alert.objects.create(**{name: value for name, value in kept.items() if name != "id"} | changes)

    def test_shows_three_and_the_rest_behind_more(self, system, ana, alert):
        for number in range(1, 5):
            self._again(alert, first=alert.first - timedelta(days=31 * number))

        few = open_alerts(ana, at=on(DAY))

        assert (len(few.rows), few.more) == (3, 2)

    def test_says_one_number_once_whichever_rules_speak_of_it(self, system, ana, alert):
        newest = self._again(alert, times=2, raised_at=alert.raised_at + timedelta(minutes=1))

        assert [each.pk for each in open_alerts(ana, at=on(DAY) + timedelta(minutes=1)).rows] == [newest.pk]

    def test_is_silent_once_its_rule_is_retired(self, system, ana, di, alert):
        targets.retire_alert_rule(alert.rule, ends_on=DAY + timedelta(days=1), by=di, at=on(DAY))

        assert [len(open_alerts(ana, at=on(day)).rows) for day in (DAY, DAY + timedelta(days=1))] == [1, 0]
        alert.refresh_from_db()
        assert alert.status == Alert.Status.OPEN


class TestWhoIsTold:
    def _deliver(self, name):
        """Tell the workspace of what has just been recorded, twice."""
        for row in EventRecord.objects.filter(name=name):
            row.recorded_at = row.happened_at
            EventRecord.objects.filter(pk=row.pk).update(happened_at=row.recorded_at, recorded_at=row.recorded_at)
            for _again in range(2):
                for reaction in SUBSCRIBERS[name]:
                    reaction(typed(row), at=row.happened_at)

    def test_hears_of_an_alert_once(self, alert, bo, di, ana):
        self._deliver("alert.raised")

        told = Notification.objects.filter(kind="alert.raised")
        assert sorted(note.person.name for note in told) == ["Ana", "Bo", "Di"]
        assert told.first().url == f"/alerts/{alert.pk}"

    def test_hears_what_came_of_a_decision(self, system, decision, bo):
        targets.review_decision(decision, by=system, at=on(date(2026, 5, 2)))
        self._deliver("decision.reviewed")

        assert Notification.objects.get(kind="decision.reviewed").person == bo


class TestTheSchedule:
    def test_looks_again_when_new_numbers_are_in(self, numbers, system, ed, ana, cy):
        how = {"limit": Decimal(100), "starts_on": date(2026, 3, 1)}
        rule = targets.set_alert_rule(metric="won_amount", kind_of="threshold", **how, by=ed, at=MONDAY)
        win(ana, 50, date(2026, 3, 3))
        numbers("won_amount")
        schedule.look_at_numbers(at=now())
        rule.refresh_from_db()
        first = rule.evaluated_at
        schedule.look_at_numbers(at=now())
        rule.refresh_from_db()
        assert rule.evaluated_at == first

        win(ana, 500, date(2026, 3, 4))
        numbers("won_amount")
        schedule.look_at_numbers(at=now())
        rule.refresh_from_db()
        assert rule.evaluated_at > first

    def test_reviews_what_is_due(self, decision):
        schedule.review_decisions(at=on(date(2026, 4, 29)))
        decision.refresh_from_db()
        assert not decision.is_reviewed

        schedule.review_decisions(at=on(date(2026, 5, 1)))
        decision.refresh_from_db()
        assert decision.is_reviewed


class TestARulesPage:
    def test_sets_changes_and_retires(self, client, bo, north):
        client.force_login(bo)
        said = {"metric": "won_amount", "kind_of": "pace", "limit": "10", "direction": "below", "team": north.pk}
        said |= {"each": "person", "grain": "month", "span": "running", "history": "12", "season": "recent"}
        said |= {"severity": "urgent", "quiet_days": "7", "receivers": ["owner"], "starts_on": "2026-03-01"}
        assert client.post("/alert-rules/new", said | {"limit": "100"}).status_code == 422
        assert client.post("/alert-rules/new", said).status_code == 302
        rule = AlertRule.objects.get()
        assert "10 pts behind" in client.get(f"/alert-rules/{rule.pk}").content.decode()
        assert "10 pts behind" in client.get("/alert-rules/").content.decode()
        assert client.get(f"/alert-rules/new?from={rule.pk}").status_code == 200
        assert client.post(f"/alert-rules/{rule.pk}/retire", {"ends_on": "2026-03-01"}).status_code == 422
        assert client.post(f"/alert-rules/{rule.pk}/retire", {"ends_on": "2026-03-05"}).status_code == 302

    def test_is_not_for_sellers(self, client, ana):
        client.force_login(ana)
        assert client.get("/alert-rules/").status_code == 403


class TestTheApi:
    def test_sets_a_rule_and_says_at_the_field_what_is_wrong(self, client, di):
        ask = api(client, di)
        body = {"metric": "won_amount", "kind": "pace", "starts_on": "2026-03-01"}

        assert ask("post", "/alert-rules", body).status_code == 201
        wrong = ask("post", "/alert-rules", body | {"metric": "luck"})
        assert wrong.status_code == 422
        assert [error["field"] for error in wrong.json()["errors"]] == ["metric"]
        holding = ask("get", "/alert-rules/holding?on=2026-03-05").json()["items"]
        assert [rule["kind"] for rule in holding] == ["pace"]

    def test_lists_alerts_and_decisions(self, client, bo, alert, decision):
        ask = api(client, bo)
        assert [one["value"] for one in ask("get", "/alerts").json()["items"]] == ["50"]
        assert [one["expected_to"] for one in ask("get", "/decisions").json()["items"]] == ["200"]


class TestTheDecisionsPage:
    @pytest.mark.parametrize(("state", "found"), [("open", 0), ("due", 1), ("reviewed", 0)])
    def test_narrows_by_state(self, client, bo, decision, state, found, monkeypatch):
        monkeypatch.setattr("salesmode.targets.listings.alerts.localdate", lambda: date(2026, 5, 1))
        client.force_login(bo)

        assert ("SECRETCOACHING" in client.get(f"/decisions/?state={state}").content.decode()) is bool(found)

    def test_marks_the_month_of_the_decision(self, client, bo, decision):
        client.force_login(bo)
        page = client.get(f"/decisions/{decision.pk}").content.decode()

        assert page.count("data-mark=") == 1


class TestTheWall:
    def test_shows_the_attainment_of_a_team(self, client, numbers, bo, ed, ana, north):
        targets_of = aim(ana, today().year, 1200, ed)
        win(ana, 50, now())
        numbers("won_amount")
        client.force_login(bo)

        page = client.get(f"/performance/wall?scope=person:{ana.pk}")
        assert page.context["wall"].pace.attainment == Decimal("0.5")
        assert [(one.person, one.share) for one in page.context["wall"].runners] == [(ana, Decimal("0.5"))]
        assert page.context["wall"].today.count == 1
        assert targets_of.whose == Whose("person", person=ana)

    def test_compares_all_that_the_lead_of_one_team_looks_after_with_its_target(self, client, numbers, bo, ed, north):
        year = today().year
        aimed = targets.set_target(
            metric="won_amount", year=year, whose=Whose("team", team=north), base=Decimal(1200), by=ed, at=now()
        )
        targets.approve_target(aimed, by=ed, at=now())
        numbers("won_amount")
        client.force_login(bo)

        assert client.get("/performance/wall").context["wall"].pace.target == 100

    def test_is_for_who_is_signed_in_and_may_see_the_team(self, client, cy, north):
        assert client.get("/performance/wall").status_code == 302
        client.force_login(cy)
        assert client.get(f"/performance/wall?scope=team:{north.pk}").status_code == 422


class TestWhatARuleSeesToday:
    def test_says_where_there_is_not_enough_history(self, client, numbers, ana, bo, ed, process):
        win(ana, 50, date(2026, 10, 5))
        rule = targets.set_alert_rule(
            metric="win_rate", kind_of="anomaly", each="person", starts_on=date(2026, 3, 1), by=ed, at=MONDAY
        )
        numbers("won_amount")
        found = queries.rule_today(rule, seen_by=ed, today=date(2026, 11, 4))

        assert [(one.label, one.value, one.fine) for one in found.rows] == [("Ana", "100.0%", "—")]
        assert found.unknown == 1
        assert found.rows[0].verdict.startswith(("Not enough history: 0 of at least 6", "历史数据不足"))
        client.force_login(ed)
        assert "What it sees today" in client.get(f"/alert-rules/{rule.pk}").content.decode()

    def test_shows_the_expected_range_of_what_is_unusual(self, numbers, ana, ed, process):
        for month, amount in enumerate((100, 110, 90, 100, 105, 95, 100), 3):
            win(ana, amount, date(2026, month, 5))
        win(ana, 1000, date(2026, 10, 5))
        rule = targets.set_alert_rule(
            metric="won_amount",
            kind_of="anomaly",
            direction="either",
            history=7,
            starts_on=date(2026, 3, 1),
            by=ed,
            at=MONDAY,
        )
        numbers("won_amount")
        (seen,) = queries.rule_today(rule, seen_by=ed, today=date(2026, 11, 4)).rows

        assert (seen.value, seen.expected, seen.tone) == ("¥1,000.00", "¥100.00", "wrong")
        assert "¥" in seen.fine

    def test_shows_a_manager_only_their_own_people(self, numbers, ana, cy, bo, ed, process):
        win(ana, 50, date(2026, 3, 3))
        win(cy, 500, date(2026, 3, 3))
        how = {"limit": Decimal(100), "starts_on": date(2026, 3, 1)}
        rule = targets.set_alert_rule(metric="won_amount", kind_of="threshold", **how, by=ed, at=MONDAY)
        numbers("won_amount")

        assert [one.label for one in queries.rule_today(rule, seen_by=bo, today=DAY).rows] == ["Ana"]
        assert [one.label for one in queries.rule_today(rule, seen_by=ed, today=DAY).rows] == ["Ana", "Cy"]
