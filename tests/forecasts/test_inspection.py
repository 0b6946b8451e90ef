"""What open deals are warned of, and from when on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salesmode.customers import operations as customers
from salesmode.forecasts import operations, queries
from salesmode.forecasts.models import DealWarnings, StageExpectation
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.selling import operations as selling
from tests.conftest import MONDAY

TODAY = MONDAY + timedelta(days=60)


def codes(deal, *, at=TODAY) -> set[str]:
    """Look at one deal and return its warnings."""
    operations.refresh_warnings([deal.pk], at=at)
    row = DealWarnings.objects.filter(deal=deal).first()
    return set(row.codes) if row else set()


@pytest.fixture
def well(renewal, ana, northwind):
    """Ana's deal as it should be: two contacts, one who decides, a call the day before, a close date to come."""
    customers.create_contact(customer=northwind, name="Li", is_decision_maker=True, by=ana, at=MONDAY)
    customers.create_contact(customer=northwind, name="Wu", by=ana, at=MONDAY)
    talk(renewal, ana, days=59)
    return selling.amend_deal(renewal, closes_on=(TODAY + timedelta(days=9)).date(), by=ana, at=MONDAY)


def talk(deal, by, *, days, channel="call", content="spoke", **more):
    """Be in contact about a deal so many days after Monday."""
    at = MONDAY + timedelta(days=days)
    customers.log_interaction(about=deal, channel=channel, content=content, by=by, at=at, **more)


class TestADeal:
    def test_that_is_well_has_no_warning(self, well):
        assert codes(well) == set()

    def test_nobody_spoke_about_has_no_activity(self, well):
        assert codes(well, at=TODAY + timedelta(days=30)) >= {"no_activity", "overdue"}

    def test_past_its_close_date_is_overdue(self, well):
        assert codes(well, at=TODAY + timedelta(days=10)) == {"overdue"}

    def test_whose_messages_are_not_answered_is_ghosted_until_somebody_calls(self, well, ana):
        talk(well, ana, days=60, channel="message")
        talk(well, ana, days=66, channel="email")
        at = MONDAY + timedelta(days=75)
        selling.amend_deal(well, closes_on=date(2026, 12, 1), by=ana, at=TODAY)
        assert codes(well, at=at) == {"ghosted"}

        talk(well, ana, days=70, channel="message", is_inbound=True)

        assert codes(well, at=at) == set()

    def test_with_one_contact_has_too_few(self, renewal, ana, northwind):
        customers.create_contact(customer=northwind, name="Li", is_decision_maker=True, by=ana, at=MONDAY)
        talk(renewal, ana, days=59)

        assert codes(renewal) == {"few_contacts"}

    def test_without_anybody_who_decides_says_so_after_a_while(self, renewal, ana, northwind):
        for name in ("Li", "Wu"):
            customers.create_contact(customer=northwind, name=name, by=ana, at=MONDAY)
        talk(renewal, ana, days=5)

        assert codes(renewal, at=MONDAY + timedelta(days=7)) == set()
        assert codes(renewal, at=MONDAY + timedelta(days=20)) == {"no_decision_maker"}

    def test_without_any_price_says_so_until_one_is_named(self, well, ana):
        selling.amend_deal(well, amount=Decimal(0), by=ana, at=TODAY)
        assert codes(well) == {"price_not_discussed"}

        talk(well, ana, days=59, content="他们问了报价")

        assert codes(well) == set()

    def test_put_off_three_times_raises_a_red_flag(self, well, ana):
        for days in (10, 11, 12):
            selling.amend_deal(well, closes_on=(TODAY + timedelta(days=days)).date(), by=ana, at=TODAY)

        assert codes(well) == {"red_flag"}

    def test_in_whose_talk_a_red_word_falls_raises_a_red_flag_and_says_which(self, well, ana):
        talk(well, ana, days=58, content="The project is On Hold now")

        assert codes(well) == {"red_flag"}
        assert queries.worst_sentences([well.pk]) == {well.pk: "Mentioned: on hold"}

    def test_is_stalled_only_when_enough_won_deals_say_how_long_a_stage_takes(self, well):
        row = StageExpectation.objects.create(stage=well.stage, days=20, deals=19)
        assert codes(well) == set()

        row.deals = 20
        row.save()

        assert codes(well) == {"stalled"}

    def test_that_is_decided_is_warned_of_nothing(self, renewal, ana):
        assert codes(renewal)

        selling.win_deal(renewal, by=ana, at=TODAY)
        operations.refresh_warnings(at=TODAY)

        assert not DealWarnings.objects.exists()

    def test_looked_at_twice_is_told_once(self, renewal):
        assert codes(renewal) == codes(renewal)
        assert DealWarnings.objects.count() == 1


def test_how_long_a_stage_takes_is_learnt_from_won_deals(renewal, ana, northwind, process, numbers):
    for days in (10, 20, 30, 40):
        deal = selling.open_deal(title="D", customer=northwind, owner=ana, by=ana, at=MONDAY)
        selling.win_deal(deal, by=ana, at=MONDAY + timedelta(days=days))
    selling.lose_deal(renewal, reason=None, by=ana, at=MONDAY + timedelta(days=300))
    numbers("won_count")

    operations.learn_expectations(at=TODAY)

    (row,) = StageExpectation.objects.all()
    assert (row.days, row.deals) == (pytest.approx(32.5), 4)


class TestTheRules:
    def test_of_a_team_hold_before_the_companys_until_taken_back(self, well, ed, north):
        operations.set_inspection(off=["overdue"], since=date(2026, 3, 1), by=ed, at=MONDAY)
        operations.set_inspection(north, limits={"few_contacts": 5}, since=date(2026, 3, 1), by=ed, at=MONDAY)
        assert codes(well, at=TODAY + timedelta(days=10)) == {"overdue", "few_contacts"}

        operations.withdraw_inspection(north, since=date(2026, 3, 2), by=ed, at=MONDAY)

        assert codes(well, at=TODAY + timedelta(days=10)) == set()

    def test_take_words_as_they_are(self, well, ana, ed):
        operations.set_inspection(red_words=["a.b(", "50%"], since=date(2026, 3, 1), by=ed, at=MONDAY)
        talk(well, ana, days=58, content="axb")
        assert codes(well) == set()

        talk(well, ana, days=58, content="only 50% now")

        assert codes(well) == {"red_flag"}

    def test_are_not_set_by_sellers_managers_or_auditors(self, ana, bo, fay):
        for person in (ana, bo, fay):
            with pytest.raises(NotAllowed):
                operations.set_inspection(since=date(2026, 3, 1), by=person, at=MONDAY)
        assert not EventRecord.objects.filter(name="inspection.set").exists()

    @pytest.mark.parametrize("wrong", [{"limits": {"colour": 1}}, {"limits": {"overdue": -1}}, {"off": ["colour"]}])
    def test_of_what_does_not_exist_are_refused(self, ed, wrong):
        with pytest.raises(Invalid):
            operations.set_inspection(since=date(2026, 3, 1), by=ed, at=MONDAY, **wrong)


class TestThePages:
    @pytest.fixture
    def warned(self, renewal):
        operations.refresh_warnings(at=TODAY)
        return renewal

    def test_show_the_worst_on_the_board_and_the_list(self, client, ana, warned):
        client.force_login(ana)

        assert "No contact for 60 days" in client.get("/deals/board").content.decode()
        assert "Renewal" in client.get("/deals/?warning=no_activity&columns=title,warnings").content.decode()
        assert "Renewal" not in client.get("/deals/?warning=red_flag").content.decode()
        assert "Too few contacts" in client.get(f"/deals/{warned.pk}").content.decode()

    def test_show_deals_against_warnings(self, client, bo, warned):
        client.force_login(bo)

        page = client.get("/pipeline/inspection").content.decode()

        assert "Renewal" in page
        assert "Renewal" not in client.get("/pipeline/inspection?warning=ghosted").content.decode()

    def test_show_nothing_of_anas_to_cy(self, client, cy, warned):
        client.force_login(cy)

        assert "Renewal" not in client.get("/pipeline/inspection").content.decode()
        assert client.post(f"/deals/{warned.pk}/category", {"category": "commit"}).status_code == 404

    def test_take_no_more_queries_for_more_deals(self, client, ana, warned, northwind, django_assert_max_num_queries):
        for number in range(30):
            selling.open_deal(title=f"More {number}", customer=northwind, owner=ana, by=ana, at=MONDAY)
        operations.refresh_warnings(at=TODAY)
        client.force_login(ana)

        with django_assert_max_num_queries(16):
            client.get("/pipeline/inspection")

    def test_let_operations_choose_and_take_back(self, client, ed, north, warned):
        client.force_login(ed)
        form = dict.fromkeys(["red_flag", "overdue", "ghosted", "stalled", "no_activity"], 3)
        form |= dict.fromkeys(["no_decision_maker", "price_not_discussed", "few_contacts"], 1)

        form |= {"team": north.pk, "since": "2026-03-01", "on_overdue": "on", "red_words": "on hold, 取消"}
        answer = client.post("/settings/forecast/inspection", form)

        assert answer.status_code == 302
        rules = queries.rules_of(north, date(2026, 3, 1))
        assert (rules.limits, rules.red_words) == ({"overdue": 3}, ("on hold", "取消"))
        assert client.get("/settings/forecast").status_code == 200
        assert client.get("/settings/forecast/inspection").status_code == 200
        client.post("/settings/forecast/inspection/withdraw", {"team": north.pk})
        assert queries.rules_of(north, date(2100, 3, 1)).chosen is None


class TestReactions:
    def test_look_at_a_deal_that_was_just_changed(self, renewal, ana):
        from django.utils.timezone import now

        from salesmode.kernel.jobs import run_waiting_jobs

        run_waiting_jobs()
        assert not DealWarnings.objects.filter(deal=renewal).exists()

        selling.amend_deal(renewal, title="Renewal 2", by=ana, at=now())
        run_waiting_jobs()
        run_waiting_jobs()

        assert DealWarnings.objects.filter(deal=renewal).count() == 1
