"""Rules and alerts: known numbers in, known alerts out, once however often told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models import Alert, AlertRule
from salesmode.targets.models.alert_rule import AlertRuleRetiredAlready
from salesmode.targets.queries import receivers_of
from tests.conftest import MONDAY
from tests.targets.watching import aim, on, win

pytestmark = pytest.mark.usefixtures("process")
# The seventeenth working day of March 2026 in China; the whole month has 22.
DAY = date(2026, 3, 24)


def watch(by, **how) -> AlertRule:
    """Have the won amount watched."""
    given = {"metric": "won_amount", "kind_of": "pace", "starts_on": date(2026, 3, 1), "by": by, "at": MONDAY}
    return targets.set_alert_rule(**given | how)


def look(system, day: date = DAY) -> list[Alert]:
    """Look at all rules on a day."""
    return targets.evaluate_alert_rules(by=system, at=on(day))


def told(alerts: list[Alert]) -> set[tuple[str, int]]:
    """Whom alerts are about, and their numbers."""
    return {(str(alert.owner or alert.team or "whole"), int(alert.value)) for alert in alerts}


class TestPace:
    def test_is_raised_for_who_is_behind_it(self, numbers, system, ed, ana, cy):
        aim(ana, 2026, 26_400, ed)
        aim(cy, 2026, 26_400, ed)
        win(ana, 1000, date(2026, 3, 10))
        win(cy, 1600, date(2026, 3, 10))
        watch(ed)
        numbers("won_amount")

        alert = look(system)[0]
        assert (alert.owner, alert.value, alert.expected, alert.low) == (ana, 1000, 1600, 1440)
        assert (alert.basis["elapsed"], alert.basis["total"], Decimal(alert.basis["goal"])) == (16, 22, 2200)
        assert Alert.objects.count() == 1
        assert "16" in alert.how

    def test_is_not_raised_where_nobody_set_a_target(self, numbers, system, ed, ana):
        win(ana, 1, date(2026, 3, 10))
        watch(ed)
        numbers("won_amount")

        assert look(system) == []


class TestThreshold:
    def test_looks_at_each_person_with_nothing_as_nothing(self, numbers, system, ed, ana, cy):
        win(ana, 500, date(2026, 2, 10))
        watch(ed, kind_of="threshold", limit=Decimal(400), span="last")
        numbers("won_amount")

        assert told(look(system)) == {("Cy", 0)}

    def test_looks_at_the_whole_of_a_team(self, numbers, system, ed, north, south, ana, cy):
        win(ana, 500, date(2026, 3, 10))
        win(cy, 900, date(2026, 3, 10))
        watch(ed, kind_of="threshold", limit=Decimal(600), each="team", direction="above")
        watch(ed, kind_of="threshold", limit=Decimal(1500), each="whole")
        numbers("won_amount")

        assert told(look(system)) == {("South", 900), ("whole", 1400)}


class TestChange:
    def test_compares_with_as_many_days_before(self, numbers, system, ed, ana, cy):
        win(ana, 1000, date(2026, 2, 10))
        win(ana, 9000, date(2026, 2, 27))
        win(ana, 700, date(2026, 3, 10))
        win(cy, 1000, date(2026, 2, 10))
        win(cy, 900, date(2026, 3, 10))
        watch(ed, kind_of="change", limit=Decimal(20))
        numbers("won_amount")

        alert = look(system)[0]
        assert (alert.owner, alert.value, alert.expected, alert.low) == (ana, 700, 1000, 800)
        assert Alert.objects.count() == 1


class TestAnomaly:
    def _months(self, person, amounts, last=date(2026, 2, 10)):
        for number, amount in enumerate(amounts):
            month = last.month - number
            day = date(last.year - (month <= 0), (month - 1) % 12 + 1, 10)
            win(person, amount, day)

    def test_is_told_with_the_range_that_was_tested(self, numbers, system, ed, ana, cy):
        self._months(ana, [20, 100, 110, 90, 100, 105, 95, 1])
        self._months(cy, [92, 100, 110, 90, 100, 105, 95, 1])
        watch(ed, kind_of="anomaly", limit=Decimal(2), history=6, direction="either")
        numbers("won_amount")

        alert = look(system)[0]
        spread = Decimal(5) * Decimal("1.4826") * 2
        assert (alert.owner, alert.value, alert.expected) == (ana, 20, 100)
        assert (alert.low, alert.high) == (100 - spread, 100 + spread)
        assert Alert.objects.count() == 1
        assert "85.17" in alert.how

    def test_knows_nothing_of_months_before_the_first_event(self, numbers, system, ed, ana, cy):
        from salesmode.targets.queries.alert_findings import findings

        self._months(ana, [4000, 100, 110, 90])
        self._months(cy, [100, 100, 110, 90])
        rule = watch(ed, kind_of="anomaly", limit=Decimal(2), history=12, direction="either")
        numbers("won_amount")

        found = {one.subject.person: one for one in findings([rule], today=DAY)}
        # December and January; November, in which the first deal was opened, was not written down from its first day.
        assert found[ana].basis["history"] == ["100.00", "110.00"]
        assert not found[ana].judgement.is_known
        assert look(system) == []

    def test_knows_nothing_of_months_before_somebody_came(self, numbers, system, ed, ana, cy):
        from salesmode.people.models import Person
        from salesmode.targets.queries.alert_findings import findings

        self._months(cy, [100] * 9)
        self._months(ana, [100, 100])
        Person.objects.filter(pk=ana.pk).update(started_on=date(2026, 1, 1))
        rule = watch(ed, kind_of="anomaly", metric="won_count", limit=Decimal(2), history=6, direction="either")
        numbers("won_count")

        found = {one.subject.person: one for one in findings([rule], today=DAY)}
        assert (found[ana].judgement.periods, found[ana].judgement.is_known) == (1, False)
        assert (found[cy].judgement.periods, found[cy].judgement.is_known) == (6, True)

    def test_says_nothing_without_enough_history(self, numbers, system, ed, ana, cy):
        from salesmode.targets.queries.alert_findings import findings

        win(cy, 100, date(2026, 2, 10))
        rule = watch(ed, kind_of="anomaly", metric="win_rate", each="whole", history=6)
        numbers("win_rate")

        found = list(findings([rule], today=DAY))
        assert [one.judgement.is_known for one in found] == [False]
        assert look(system) == []


class TestEvaluating:
    @pytest.fixture
    def behind(self, numbers, ed, ana):
        """Ana has won nothing this month of what she should."""
        aim(ana, 2026, 26_400, ed)
        win(ana, 100, date(2026, 2, 10))
        watch(ed, quiet_days=3, receivers=["owner", "manager", "director"])
        numbers("won_amount")
        return ana

    def test_raises_once_however_often_it_is_told(self, system, behind):
        assert len(look(system)) == 1
        assert look(system) == []
        assert EventRecord.objects.filter(name="alert.raised").count() == 1

    def test_is_armed_again_after_the_quiet_days(self, system, behind):
        look(system)

        assert look(system, DAY + timedelta(days=2)) == []
        again = look(system, DAY + timedelta(days=3))[0]
        assert (again.times, again.first) == (2, date(2026, 3, 1))

    def test_speaks_of_the_next_period_anew(self, system, ed, behind):
        look(system)

        later = look(system, date(2026, 4, 20))[0]
        assert (later.times, later.first) == (1, date(2026, 4, 1))

    def test_takes_as_many_measurements_for_twenty_people_as_for_two(
        self, system, behind, north, cy, django_assert_max_num_queries, monkeypatch
    ):
        from salesmode.targets.queries import alert_findings

        for number in range(20):
            people.create_person(
                email=f"s{number}@example.com", name=f"S{number}", role="seller", team=north, by=system, at=MONDAY
            )
        asked = []
        real = alert_findings.actuals_by
        monkeypatch.setattr(alert_findings, "actuals_by", lambda *a, **k: asked.append(a) or real(*a, **k))
        rules = list(AlertRule.objects.all())
        with django_assert_max_num_queries(10):
            found = list(alert_findings.findings(rules, today=DAY))

        assert (len(found), len(asked)) == (22, 1)

    def test_tells_whom_the_rule_names(self, system, bo, di, behind):
        assert {person.name for person in receivers_of(look(system)[0])} == {"Ana", "Bo", "Di"}

    def test_is_for_the_system_only(self, ed, behind):
        with pytest.raises(NotAllowed):
            targets.evaluate_alert_rules(by=ed, at=MONDAY)
        assert not Alert.objects.exists()


class TestSettingARule:
    def test_ends_the_one_before(self, ed):
        first = watch(ed)
        second = watch(ed, limit=Decimal(5), starts_on=date(2026, 3, 10))

        first.refresh_from_db()
        assert (first.ends_on, second.ends_on) == (date(2026, 3, 10), None)
        assert EventRecord.objects.filter(name="alert_rule.set").count() == 2

    def test_told_twice_is_set_once(self, ed):
        assert watch(ed) == watch(ed, starts_on=date(2026, 4, 1))
        assert EventRecord.objects.filter(name="alert_rule.set").count() == 1

    def test_refuses_to_overlap(self, ed):
        watch(ed)
        with pytest.raises(Invalid) as refusal:
            watch(ed, limit=Decimal(5), starts_on=date(2026, 2, 1))
        assert list(refusal.value.fields) == ["starts_on"]

    @pytest.mark.parametrize(
        ("field", "how"),
        [
            ("metric", {"metric": "luck"}),
            ("each", {"metric": "won_amount", "each": "planet"}),
            ("limit", {"limit": Decimal(100)}),
            ("limit", {"limit": Decimal("NaN")}),
            ("limit", {"limit": Decimal(10) ** 15}),
            ("limit", {"kind_of": "change", "limit": Decimal(0)}),
            ("limit", {"kind_of": "anomaly", "limit": Decimal(11)}),
            ("direction", {"kind_of": "threshold", "direction": "either"}),
            ("history", {"kind_of": "anomaly", "history": 2}),
            ("quiet_days", {"quiet_days": 400}),
            ("quiet_days", {"quiet_days": -1}),
            ("receivers", {"receivers": ["everybody"]}),
            ("receivers", {"receivers": []}),
            ("kind_of", {"kind_of": "magic"}),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, ed, field, how):
        with pytest.raises(Invalid) as refusal:
            watch(ed, **how)

        assert list(refusal.value.fields) == [field]
        assert not AlertRule.objects.exists()

    def test_is_for_heads_and_for_managers_of_their_team(self, bo, cy, fay, north, south):
        assert watch(bo, team=north).owner == bo
        for person, team in [(bo, None), (bo, south), (cy, south), (cy, None), (fay, None)]:
            with pytest.raises(NotAllowed):
                watch(person, team=team)
        assert AlertRule.objects.count() == 1

    def test_retires_once(self, ed):
        rule = watch(ed)
        targets.retire_alert_rule(rule, ends_on=date(2026, 3, 10), by=ed, at=MONDAY)

        assert not AlertRule.objects.on(date(2026, 3, 10)).exists()
        with pytest.raises(AlertRuleRetiredAlready):
            targets.retire_alert_rule(rule, ends_on=date(2026, 3, 11), by=ed, at=MONDAY)

    def test_cannot_end_before_it_begins(self, ed):
        with pytest.raises(Invalid):
            targets.retire_alert_rule(watch(ed), ends_on=date(2026, 3, 1), by=ed, at=MONDAY)

    def test_of_a_team_takes_the_place_of_the_companys(self, numbers, system, ed, bo, north, ana, cy):
        company = watch(ed, kind_of="threshold", limit=Decimal(100))
        own = watch(bo, kind_of="threshold", limit=Decimal(5), team=north)
        win(ana, 50, date(2026, 3, 3))
        win(cy, 50, date(2026, 3, 3))
        numbers("won_amount")

        assert queries.alert_rules_for(north, on=DAY) == [own]
        assert queries.alert_rules_for(None, on=DAY, kind_of="threshold") == [company]
        assert told(look(system)) == {("Cy", 50)}


class TestAcknowledging:
    @pytest.fixture
    def alert(self, numbers, system, ed, ana):
        """Ana is behind."""
        win(ana, 50, date(2026, 3, 3))
        watch(ed, kind_of="threshold", limit=Decimal(100))
        numbers("won_amount")
        return look(system)[0]

    def test_is_remembered_once(self, alert, ana, bo):
        targets.acknowledge_alert(alert, by=ana, at=on(DAY))
        targets.acknowledge_alert(alert, by=bo, at=on(DAY))

        assert (alert.status, alert.acknowledged_by) == ("acknowledged", ana)
        event = EventRecord.objects.get(name="alert.acknowledged")
        assert event.facts["owner_id"] == ana.pk

    def test_is_refused_to_strangers_and_auditors(self, alert, cy, fay):
        for person in (cy, fay):
            with pytest.raises(NotAllowed):
                targets.acknowledge_alert(alert, by=person, at=on(DAY))
        alert.refresh_from_db()
        assert alert.status == "open"

    def test_is_seen_by_who_may(self, alert, ana, bo, cy, di, fay):
        seen = [person.name for person in (ana, bo, cy, di, fay) if Alert.objects.visible_to(person).exists()]
        assert seen == ["Ana", "Bo", "Di", "Fay"]

    def test_leads_to_the_records(self, alert, ana):
        assert f"owner={ana.pk}" in queries.records_behind(alert)
