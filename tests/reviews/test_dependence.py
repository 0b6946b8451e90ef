"""Dependence on individuals: figures that somebody can work out on paper."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from salesmode.customers import operations as customers
from salesmode.kernel.periods import Period
from salesmode.people import operations as people
from salesmode.reviews.queries.dependence import HandedOver, dependence, handed_over_deals, known_by_one
from salesmode.selling import operations as selling
from salesmode.selling.models import LossReason
from tests.conftest import MONDAY, TUESDAY

TODAY = date(2026, 4, 2)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def march() -> Period:
    """March 2026."""
    return Period.parse("2026-03")


@pytest.fixture
def abe(system, north):
    """Sells in the north, too."""
    return people.create_person(email="abe@example.com", name="Abe", team=north, by=system, at=MONDAY)


@pytest.fixture
def deal(process):
    """Open a deal of somebody: deal(ana, 1000)."""
    made: list[int] = []

    def begin(who, amount, customer=None):
        made.append(amount)
        theirs = customer or customers.create_customer(name=f"{who.name} {len(made)}", owner=who, by=who, at=MONDAY)
        return selling.open_deal(title="D", customer=theirs, owner=who, amount=Decimal(amount), by=who, at=MONDAY)

    return begin


@pytest.fixture
def hand_over(deal, system, bo, abe, ana):
    """Hand deals of Ana over to Abe, of which so many are won and so many lost: hand_over(won=2, lost=3)."""
    reason = selling.define_loss_reason(name="Price", by=system, at=MONDAY) if not LossReason.objects.exists() else None

    def go(*, won, lost):
        for number in range(won + lost):
            found = deal(ana, 10)
            selling.hand_over_deal(found, to=abe, by=bo, at=TUESDAY)
            if number < won:
                selling.win_deal(found, by=abe, at=WEDNESDAY)
            else:
                selling.lose_deal(found, reason=reason or LossReason.objects.get(), by=abe, at=WEDNESDAY)

    return go


def ask(march, di, team=None):
    """What the page shows the director."""
    return dependence(period=march, team=team, seen_by=di, today=TODAY)


@pytest.mark.django_db
class TestDealsThatWereHandedOver:
    @pytest.mark.parametrize(("won", "lost", "rate"), [(0, 0, None), (2, 2, None), (2, 3, "0.4"), (0, 5, "0")])
    def test_say_what_others_win_from_five_on(self, won, lost, rate):
        assert HandedOver(won, lost).rate == (None if rate is None else Decimal(rate))

    def test_are_counted_once_however_often_and_not_while_open(self, hand_over, deal, march, ana, abe, bo, cy, di):
        hand_over(won=2, lost=3)
        still_open = deal(ana, 10)
        selling.hand_over_deal(still_open, to=abe, by=bo, at=TUESDAY)
        selling.hand_over_deal(still_open, to=ana, by=bo, at=WEDNESDAY)
        selling.win_deal(deal(ana, 10), by=ana, at=TUESDAY)

        assert handed_over_deals(team=None, seen_by=di, today=TODAY) == HandedOver(2, 3)
        selling.win_deal(still_open, by=ana, at=WEDNESDAY + timedelta(hours=1))
        assert handed_over_deals(team=None, seen_by=di, today=TODAY) == HandedOver(3, 3)

    def test_are_counted_for_two_years_and_within_what_one_sees(self, hand_over, ana, cy, di, south):
        hand_over(won=2, lost=3)

        assert handed_over_deals(team=None, seen_by=di, today=date(2028, 3, 4)) == HandedOver(0, 0)
        assert handed_over_deals(team=south, seen_by=di, today=TODAY) == HandedOver(0, 0)
        assert handed_over_deals(team=None, seen_by=cy, today=TODAY) == HandedOver(0, 0)


@pytest.mark.django_db
class TestIfATopSellerLeft:
    def test_the_weighted_pipeline_less_what_others_would_win_is_missing(
        self, hand_over, deal, numbers, march, process, ana, abe, di
    ):
        """Ana: 1,000 open at 90 % is 900; others win two of five, 400; 500 are missing."""
        hand_over(won=2, lost=3)
        selling.win_deal(deal(ana, 80), by=ana, at=TUESDAY)
        late = deal(ana, 1000)
        selling.move_deal(late, stage=process.stages.order_by("position").last(), by=ana, at=TUESDAY)
        numbers("won_amount")

        found = {one.person.name: one for one in ask(march, di).sellers}

        first = found["Ana"]
        assert (first.won, first.share) == (80, 0.8)
        assert (first.open_amount, first.weighted, first.kept, first.at_risk) == (1000, 900, 400, 500)
        # Ana wins all that she decides herself, others 40 %: 60 % of her 80 % are at risk.
        assert first.won_share_at_risk == pytest.approx(0.48)
        assert (found["Abe"].won, found["Abe"].open_amount, found["Abe"].at_risk) == (20, 0, 0)

    def test_nothing_is_missing_where_others_win_more_than_the_weight(self, hand_over, deal, numbers, march, ana, di):
        hand_over(won=5, lost=0)
        selling.win_deal(deal(ana, 80), by=ana, at=TUESDAY)
        deal(ana, 1000)
        numbers("won_amount")

        first = ask(march, di).sellers[0]

        assert (first.weighted, first.kept, first.at_risk) == (100, 1000, 0)
        assert first.won_share_at_risk == 0

    def test_nobody_knows_before_five_were_handed_over(self, hand_over, deal, numbers, march, ana, di):
        hand_over(won=2, lost=2)
        selling.win_deal(deal(ana, 80), by=ana, at=TUESDAY)
        numbers("won_amount")

        first = ask(march, di).sellers[0]

        assert (first.kept, first.at_risk, first.won_share_at_risk) == (None, None, None)


@pytest.mark.django_db
class TestCustomersKnownToNobodyElse:
    def test_are_those_whom_only_their_owner_spoke_with_for_a_year(self, deal, numbers, march, process, ana, bo, di):
        def customer(name, *speakers, at=TUESDAY):
            row = customers.create_customer(name=name, owner=ana, by=ana, at=MONDAY)
            for who in speakers:
                customers.log_interaction(row, content="Called", happened_at=at, by=who, at=TUESDAY)
            return row

        alone = customer("Alone", ana, ana)
        customer("Both", ana, bo), customer("Nobody"), customer("Bo only", bo)
        customer("Long ago", ana, at=datetime(2025, 1, 1, tzinfo=UTC))
        selling.win_deal(deal(ana, 80, customer=alone), by=ana, at=TUESDAY)
        numbers("won_amount")

        assert list(known_by_one(ana.pk, seen_by=di, today=TODAY)) == [alone]
        assert ask(march, di).sellers[0].single == 1


@pytest.mark.django_db
class TestWhenTooLittleWasHandedOver:
    def test_what_others_win_of_their_own_deals_is_taken_instead(
        self, deal, numbers, march, process, system, ana, abe, di
    ):
        """Abe won one of five; of Ana's 1,000 open he would win 200."""
        reason = selling.define_loss_reason(name="Price", by=system, at=MONDAY)
        selling.win_deal(deal(abe, 20), by=abe, at=TUESDAY)
        for _number in range(4):
            selling.lose_deal(deal(abe, 20), reason=reason, by=abe, at=TUESDAY)
        selling.win_deal(deal(ana, 80), by=ana, at=TUESDAY)
        deal(ana, 1000)
        numbers("won_amount")

        page = ask(march, di)

        found = {one.person.name: one for one in page.sellers}
        assert page.by_others
        assert found["Ana"].kept == 200
        # Only one deal of somebody else's was decided: nobody knows what would become of Abe's.
        assert found["Abe"].kept is None
