"""The numbers about deals: known deals in, known numbers out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from salesmode.analytics.measure import Request, dimensions_of, measure_many
from salesmode.analytics.metrics import REGISTRY
from salesmode.catalog import operations as catalog
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY


def a_deal(owner, customer, amount, *, at=MONDAY, **details):
    """Open a deal with a name that nobody looks at."""
    return selling.open_deal(
        title="Deal", owner=owner, customer=customer, amount=Decimal(amount), by=owner, at=at, **details
    )


class TestWinRate:
    def test_is_the_share_of_decided_deals_that_were_won(self, numbers, ana, northwind, process):
        won, lost, _open = (a_deal(ana, northwind, 100) for _ in range(3))
        selling.win_deal(won, by=ana, at=TUESDAY)
        selling.lose_deal(lost, by=ana, at=TUESDAY)

        assert numbers("win_rate").value == 0.5

    def test_is_unknown_when_nothing_was_decided(self, numbers, renewal):
        assert numbers("win_rate").value is None

    def test_forgets_a_decision_that_was_taken_back(self, numbers, renewal, ana, bo):
        selling.win_deal(renewal, by=ana, at=TUESDAY)
        selling.reopen_deal(renewal, by=bo, at=TUESDAY + timedelta(days=40))

        assert numbers("win_rate").value is None
        assert numbers("won_amount").value == 0
        assert numbers("median_cycle").value is None
        assert numbers("open_pipeline", "2026-04").value == 1200


class TestWeightedPipeline:
    def test_counts_the_largest_deal_there_can_be(self, numbers, ana, northwind, process):
        """It once stopped the loader, and with it every number of everybody, for good."""
        largest = Decimal("999999999999.99")
        deal = a_deal(ana, northwind, largest)
        selling.amend_deal(deal, probability=Decimal(100), by=ana, at=MONDAY)

        assert numbers("weighted_pipeline").value == largest

    def test_is_not_stopped_by_a_product_taken_many_times(self, numbers, ana, ed, renewal):
        suite = catalog.create_product(name="Suite", price=Decimal(68_000), by=ed, at=MONDAY)

        with pytest.raises(Invalid) as refused:
            selling.set_deal_lines(
                renewal, lines=[selling.LineDraft(suite, Decimal(1_000_000_000))], by=ana, at=TUESDAY
            )

        assert "12 digits" in refused.value.fields["amount"][0]
        assert numbers("open_pipeline").value == 1200


class TestWonAmount:
    def test_belongs_to_the_day_in_the_companys_time_zone(self, numbers, renewal, ana):
        selling.win_deal(
            renewal, by=ana, at=datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
        )  # half past midnight in Shanghai

        assert numbers("won_amount", "2026-03").value == 0
        assert numbers("won_amount", "2026-04").value == Decimal("1200.00")

    def test_is_unknown_where_no_deal_was_ever_decided(self, numbers, renewal):
        assert numbers("won_amount").value is None

    def test_stays_with_the_team_of_the_day_it_was_won(self, numbers, renewal, ana, cy, north, ed):
        selling.win_deal(renewal, by=ana, at=TUESDAY)
        selling.hand_over_deal(renewal, to=cy, by=ed, at=TUESDAY + timedelta(days=1))

        (only,) = numbers("won_amount", by="team").breakdown
        assert (only.key, only.label, only.value) == (north.pk, "North", 1200)

    def test_compares_with_the_period_before(self, numbers, ana, northwind, process):
        for day, amount in ((5, 100), (6, 50)):
            selling.win_deal(a_deal(ana, northwind, amount), by=ana, at=MONDAY + timedelta(days=day))
        selling.win_deal(a_deal(ana, northwind, 600), by=ana, at=MONDAY + timedelta(days=35))

        reading = numbers("won_amount", "2026-04", compare="previous", by="person")
        assert (reading.value, reading.previous, reading.change) == (600, 150, 3.0)
        assert [(one.label, one.value, one.previous) for one in reading.breakdown] == [("Ana", 600, 150)]
        assert [point.value for point in reading.series[-3:]] == [0, 150, 600]

    def test_shows_only_what_belongs_to_those_the_viewer_sees(self, numbers, renewal, ana, cy):
        selling.win_deal(renewal, by=ana, at=TUESDAY)

        assert numbers("won_amount", seen_by_owners=[cy.pk]).value == 0
        assert numbers("won_amount", seen_by_owners=[ana.pk, cy.pk]).value == 1200

    def test_is_narrowed_by_a_slice(self, numbers, renewal, ana, south, north):
        selling.win_deal(renewal, by=ana, at=TUESDAY)

        assert numbers("won_amount", where={"team": [north.pk]}).value == 1200
        assert numbers("won_amount", where={"team": [south.pk]}).value == 0

    def test_refuses_a_slice_it_does_not_have(self, numbers):
        with pytest.raises(Invalid):
            numbers("won_amount", by="channel")


class TestThePipeline:
    def test_is_what_was_open_at_the_end_of_the_period(self, numbers, ana, northwind, process):
        first, second = a_deal(ana, northwind, 100), a_deal(ana, northwind, 40)
        selling.win_deal(first, by=ana, at=MONDAY + timedelta(days=20))
        selling.amend_deal(second, amount=Decimal(70), by=ana, at=MONDAY + timedelta(days=40))

        april = numbers("open_pipeline", "2026-04", compare="previous")
        assert (april.value, april.previous) == (70, 40)
        assert numbers("open_deals", "2026-03-05").value == 2

    def test_weighs_each_deal_by_its_stage(self, numbers, renewal, ana, process):
        close = process.stages.get(name="Close")
        selling.move_deal(renewal, stage=close, by=ana, at=TUESDAY)

        assert numbers("weighted_pipeline").value == Decimal("1080.00")
        assert [(one.label, one.value) for one in numbers("open_pipeline", by="stage").breakdown] == [("Close", 1200)]

    def test_follows_a_deal_to_its_new_owner_and_their_team(self, numbers, renewal, cy, ed):
        selling.hand_over_deal(renewal, to=cy, by=ed, at=TUESDAY)

        assert [(one.label, one.value) for one in numbers("open_pipeline", by="team").breakdown] == [("South", 1200)]
        assert [(one.label, one.value) for one in numbers("open_deals", by="person").breakdown] == [("Cy", 1)]


class TestStageConversion:
    def test_follows_the_deals_that_entered_in_the_period(self, numbers, ana, northwind, process):
        discover, present = process.stages.get(name="Discover"), process.stages.get(name="Present")
        forward, stuck = a_deal(ana, northwind, 1), a_deal(ana, northwind, 1)
        selling.move_deal(forward, stage=discover, by=ana, at=TUESDAY)
        selling.move_deal(forward, stage=present, by=ana, at=MONDAY + timedelta(days=60))

        reading = numbers("stage_conversion", by="stage")
        assert [(one.label, one.value) for one in reading.breakdown] == [("Identify", 0.5), ("Discover", 1.0)]
        assert stuck.is_open

    def test_does_not_count_a_step_back(self, numbers, renewal, ana, process):
        selling.move_deal(renewal, stage=process.stages.get(name="Close"), by=ana, at=TUESDAY)
        selling.move_deal(renewal, stage=process.stages.get(name="Present"), by=ana, at=TUESDAY + timedelta(hours=1))

        values = {one.label: one.value for one in numbers("stage_conversion", by="stage").breakdown}
        assert values == {"Identify": 1.0, "Present": 0.0, "Close": 0.0}


class TestPace:
    def test_cycle_is_the_time_from_opening_to_winning(self, numbers, ana, northwind, process):
        for days in (10, 20, 60):
            selling.win_deal(a_deal(ana, northwind, 1), by=ana, at=MONDAY + timedelta(days=days))

        assert numbers("median_cycle", "2026").value == 20
        assert numbers("mean_cycle", "2026").value == 30

    def test_velocity_is_deals_times_value_times_rate_a_day(self, numbers, ana, northwind, process):
        selling.win_deal(a_deal(ana, northwind, 300), by=ana, at=MONDAY + timedelta(days=10))
        selling.lose_deal(a_deal(ana, northwind, 900), by=ana, at=MONDAY + timedelta(days=10))
        a_deal(ana, northwind, 5), a_deal(ana, northwind, 5)

        assert numbers("sales_velocity", "2026-03").value == Decimal("30.00")  # 2 open * 300 * 0.5 / 10 days

    def test_a_stay_counts_when_it_ends(self, numbers, renewal, ana, process):
        selling.move_deal(renewal, stage=process.stages.get(name="Discover"), by=ana, at=MONDAY + timedelta(days=4))

        assert numbers("median_stage_days", by="stage").breakdown[0].value == 4

    def test_slippage_is_what_was_put_off_of_what_was_due(self, numbers, ana, northwind, process):
        due = [a_deal(ana, northwind, amount, closes_on=date(2026, 4, 20)) for amount in (100, 300)]
        selling.amend_deal(due[0], closes_on=date(2026, 5, 20), by=ana, at=MONDAY + timedelta(days=40))
        selling.amend_deal(due[1], closes_on=date(2026, 4, 25), by=ana, at=MONDAY + timedelta(days=40))

        assert numbers("slippage", "2026-04").value == 0.25
        assert numbers("push_count", "2026-04").value == 2


class TestDependenceOnFew:
    @pytest.fixture
    def three_sellers(self, ana, cy, bo, ed, northwind, process):
        for owner, amount in ((ana, 60), (cy, 30), (bo, 10)):
            deal = selling.open_deal(
                title="D", owner=owner, customer=northwind, amount=Decimal(amount), by=ed, at=MONDAY
            )
            selling.win_deal(deal, by=ed, at=TUESDAY)

    def test_share_of_the_best_and_of_the_best_three(self, numbers, three_sellers):
        assert numbers("top_seller_share").value == 0.6
        assert numbers("top_three_share").value == 1.0

    def test_gini_is_that_of_the_amounts(self, numbers, three_sellers):
        assert numbers("gini").value == pytest.approx(1 / 3)  # (2*(1*10+2*30+3*60)/(3*100)) - 4/3

    def test_can_be_asked_for_each_team(self, numbers, three_sellers):
        values = {one.label: one.value for one in numbers("top_seller_share", by="team").breakdown}
        assert values == {"North": pytest.approx(6 / 7), "South": 1.0}


class TestBuyingAgain:
    def test_counts_customers_that_had_bought_before(self, numbers, ana, northwind, process):
        from salesmode.customers import operations as customers

        once = customers.create_customer(name="Contoso", owner=ana, by=ana, at=MONDAY)
        for customer in (northwind, northwind, once):
            selling.win_deal(a_deal(ana, customer, 1), by=ana, at=TUESDAY)

        assert numbers("repeat_purchase_rate").value == 0.5
        assert numbers("first_time_buyers").value == 2


def test_every_metric_answers_without_any_event(numbers):
    numbers("won_amount")

    everything = [Request(code, series=True) for code in REGISTRY]
    readings = measure_many(everything, Period.parse("2026-03"), compare="last_year")
    assert len(readings) >= 25
    assert {reading.value for reading in readings} == {None}


def test_every_metric_can_be_sliced_by_all_it_offers(numbers, renewal, ana):
    selling.win_deal(renewal, by=ana, at=TUESDAY)
    numbers("won_amount")

    march = Period.parse("2026-03")
    slices = [Request(code, by=name) for code in REGISTRY for name in dimensions_of(REGISTRY[code])]
    together = {
        (one.metric.code, request.by): one for request, one in zip(slices, measure_many(slices, march), strict=True)
    }
    assert together["won_amount", "customer"].breakdown[0].label == "Northwind"
    assert together["won_amount", "month"].breakdown[0].label == "2026-03"
    assert together["won_amount", "source"].breakdown[0].key == ""
