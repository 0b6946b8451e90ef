"""Leaderboards and challenges: never an activity alone, never capped, ties stated, nobody shown against their will."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Challenge, ChallengeOver, ChallengeRunning, Recognition
from salesmode.reviews.queries.boards import leaderboard, ranking
from salesmode.reviews.queries.challenge_page import challenge_page
from salesmode.reviews.schedule.rounds import begin_reviews, count_challenges
from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY

APRIL = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 4, 2)


@pytest.fixture
def march() -> Period:
    """March 2026."""
    return Period.parse("2026-03")


@pytest.fixture
def sell(process):
    """Let somebody win a deal: sell(ana, 1200)."""

    def win(who, amount, at=TUESDAY):
        customer = customers.create_customer(name=f"{who.name} {amount} {at}", owner=who, by=who, at=MONDAY)
        deal = selling.open_deal(title="D", customer=customer, owner=who, amount=Decimal(amount), by=who, at=MONDAY)
        return selling.win_deal(deal, by=who, at=at)

    return win


@pytest.fixture
def abe(system, north):
    """Sells in the north, too."""
    return people.create_person(email="abe@example.com", name="Abe", team=north, by=system, at=MONDAY)


@pytest.mark.django_db
class TestALeaderboard:
    def test_puts_the_best_first_and_adds_up(self, march, sell, numbers, ana, abe, bo, cy, di):
        sell(ana, 1200), sell(ana, 300), sell(cy, 500), sell(abe, 500)
        total = numbers("won_amount").value

        board = leaderboard("won_amount", march, team=None, seen_by=di, today=TODAY)

        assert [(rank.person.name, rank.place, rank.is_tied, rank.points) for rank in board.ranks] == [
            ("Ana", 1, False, 100),
            ("Abe", 2, True, Decimal("33.33")),
            ("Cy", 2, True, Decimal("33.33")),
        ]
        assert board.total == total == 2500

    def test_names_a_lead_only_with_a_figure_of_their_own(self, march, sell, numbers, ana, bo, di):
        sell(ana, 1200)
        numbers("won_amount")
        assert [rank.person for rank in leaderboard("won_amount", march, team=None, seen_by=di, today=TODAY).ranks] == [
            ana
        ]

        sell(bo, 300)
        numbers("won_amount")

        board = leaderboard("won_amount", march, team=None, seen_by=di, today=TODAY)
        assert [(rank.person, rank.place) for rank in board.ranks] == [(ana, 1), (bo, 2)]

    def test_has_no_first_while_nobody_has_anything(self, sell, numbers, ana, cy, di):
        sell(ana, 1200)
        numbers("won_amount")

        board = ranking("won_amount", Period.parse("2026-04"), [ana, cy], today=date(2026, 5, 1))

        assert [(rank.value, rank.place) for rank in board.ranks] == [(0, None), (0, None)]

    def test_is_never_of_an_activity_alone(self, march, warehouse, ana, cy, di):
        for code in ("interactions", "customers_touched", "new_deals", "new_customers", "open_deals"):
            with pytest.raises(Invalid):
                leaderboard(code, march, team=None, seen_by=di, today=TODAY)
            with pytest.raises(Invalid):
                leaderboard(code, march, team=None, paired="new_leads", seen_by=di, today=TODAY)
        leaderboard("interactions", march, team=None, paired="won_amount", seen_by=di, today=TODAY)

    def test_lets_an_activity_count_half_beside_a_result(self, march, sell, numbers, northwind, ana, cy, di):
        for _time in range(4):
            customers.log_interaction(northwind, content="Called", by=ana, at=TUESDAY)
        sell(cy, 1000)
        deal = sell(ana, 500)
        customers.log_interaction(deal.customer, content="Called", by=ana, at=TUESDAY)
        numbers("won_amount")

        board = ranking("interactions", march, [ana, cy], paired="won_amount", today=TODAY)

        # Ana: 100 % of the contacts and 50 % of the money; Cy: none, and 100 %.
        assert {rank.person.name: rank.points for rank in board.ranks}["Ana"] == 75

    def test_is_not_capped_by_a_target(self, march, sell, numbers, ana, cy):
        from salesmode.analytics import goals

        sell(ana, 300), sell(cy, 100)
        numbers("won_amount")
        kept = list(goals._ANSWER)
        goals.answer_goals(lambda code, period, unit, key, level: Decimal(100) if key == ana.pk else None)
        try:
            board = ranking("won_amount", march, [ana, cy], kind="target", today=TODAY)
        finally:
            goals._ANSWER[:] = kept

        assert [(rank.person.name, rank.place, rank.points) for rank in board.ranks] == [
            ("Ana", 1, 300),
            ("Cy", None, None),
        ]

    def test_by_improvement_holds_everybody_against_themselves(self, sell, numbers, ana, abe, cy):
        sell(ana, 1000), sell(cy, 100)
        sell(ana, 1100, at=APRIL), sell(cy, 200, at=APRIL), sell(abe, 900, at=APRIL)
        numbers("won_amount")

        board = ranking(
            "won_amount", Period.parse("2026-04"), [ana, abe, cy], kind="improvement", today=date(2026, 5, 1)
        )

        assert [(rank.person.name, rank.place, rank.points) for rank in board.ranks] == [
            ("Cy", 1, 100),
            ("Ana", 2, 10),
            ("Abe", None, None),
        ]

    def test_names_nobody_against_their_will(self, client, march, sell, numbers, ana, abe, cy, di):
        sell(ana, 1200), sell(abe, 100)
        numbers("won_amount")
        reviews.choose_display(ana, hides_rank=True, hides_praise=False, by=ana, at=TUESDAY)

        for other, total in ((abe, None), (cy, None), (di, 1300)):
            board = leaderboard("won_amount", march, team=None, seen_by=other, today=TODAY)
            first = board.ranks[0]
            assert (first.person, first.key, first.url, first.place) == (None, 0, "", 1)
            assert board.total == total
            client.force_login(other)
            shown = client.get("/leaderboards?period=2026-03").content.decode()
            assert "Ana" not in shown
            assert f"owner={ana.pk}" not in shown
        own = leaderboard("won_amount", march, team=None, seen_by=ana, today=TODAY).ranks[0]
        assert (own.person, own.is_me, own.place) == (ana, True, 1)

    def test_is_chosen_only_for_oneself(self, ana, bo, ed):
        for who in (bo, ed):
            with pytest.raises(NotAllowed):
                reviews.choose_display(ana, hides_rank=True, hides_praise=True, by=who, at=TUESDAY)

    def test_links_only_where_the_viewer_sees_the_records(self, march, sell, numbers, ana, abe):
        sell(ana, 1200), sell(abe, 100)
        numbers("won_amount")
        board = leaderboard("won_amount", march, team=None, seen_by=abe, today=TODAY)
        assert [bool(rank.url) for rank in board.ranks if rank.person in (ana, abe)] == [False, True]


@pytest.mark.django_db
class TestResultsBeyondOnesTeam:
    """Ana and Abe sell in the north, Cy in the south: to each other they are places, not amounts."""

    @pytest.fixture(autouse=True)
    def sold(self, sell, numbers, ana, abe, bo, cy, di):
        sell(ana, 1200), sell(abe, 300), sell(cy, 777_777)
        sell(ana, 1800, at=APRIL), sell(cy, 888_888, at=APRIL)
        numbers("won_amount")

    def test_are_places_on_the_board_of_the_company(self, march, ana):
        board = leaderboard("won_amount", march, team=None, seen_by=ana, today=TODAY)

        assert [(rank.person.name, rank.place, rank.value, rank.points) for rank in board.ranks] == [
            ("Cy", 1, None, None),
            ("Ana", 2, 1200, None),
            ("Abe", 3, 300, None),
        ]
        assert (board.total, board.has_outsiders, board.shows_points) == (None, True, False)

    def test_are_shares_where_a_share_tells_no_amount(self, ana):
        board = leaderboard(
            "won_amount", Period.parse("2026-04"), team=None, kind="improvement", seen_by=ana, today=date(2026, 5, 1)
        )

        assert [(rank.person.name, rank.value, rank.compared, rank.points) for rank in board.ranks[:2]] == [
            ("Ana", 1800, 1200, 50),
            ("Cy", None, None, Decimal("14.29")),
        ]

    def test_stay_whole_on_the_board_of_ones_team_and_for_who_sees_all(self, march, north, ana, di):
        own = leaderboard("won_amount", march, team=north, seen_by=ana, today=TODAY)
        whole = leaderboard("won_amount", march, team=None, seen_by=di, today=TODAY)

        assert [(rank.value, rank.points) for rank in own.ranks] == [(1200, 100), (300, 25)]
        assert own.total == 1500
        assert whole.total == 779_277

    @pytest.mark.parametrize("kind", ["value", "target", "improvement"])
    def test_are_on_no_page_and_in_no_answer(self, client, kind, ana, di, north):
        secrets = {who: people.create_token(who, name="T", scope="read", by=who, at=now())[1] for who in (ana, di)}

        def seen(who, address):
            client.force_login(who)
            page = client.get(f"/leaderboards?team=&{address}").content.decode()
            bearer = {"HTTP_AUTHORIZATION": f"Bearer {secrets[who]}"}
            return (page + client.get(f"/api/v1/leaderboards?{address}", **bearer).content.decode()).replace(",", "")

        assert not re.search("777777|888888|779277", seen(ana, f"period=2026-03&by={kind}"))
        assert re.search("777777|779277", seen(di, f"period=2026-03&by={kind}"))

    def test_are_places_in_a_challenge(self, march, ana, abe, cy, di):
        made = reviews.set_up_challenge(
            name="M", metric="won_amount", period=march, participants=[ana, abe, cy], rule="ranking", by=di, at=MONDAY
        )

        lines = challenge_page(made, seen_by=ana, today=TODAY).standings

        assert [(line.person.name, line.place, line.value, line.points, line.wins) for line in lines] == [
            ("Cy", 1, None, None, True),
            ("Ana", 2, 1200, None, True),
            ("Abe", 3, 300, None, True),
        ]

    def test_begin_with_ones_own_team(self, client, ana, di, north):
        client.force_login(ana)
        assert client.get("/leaderboards").context["team"] == north
        client.force_login(di)
        assert client.get("/leaderboards").context["team"] is None


class TestTheBoardsOfAnOldCompany:
    def test_begin_with_the_last_year_in_which_anything_was_decided(self, client, process, ana, di, numbers):
        at = TUESDAY.replace(year=2017)
        customer = customers.create_customer(name="Northwind", owner=ana, by=ana, at=at)
        deal = selling.open_deal(title="D", customer=customer, owner=ana, amount=Decimal(1200), by=ana, at=at)
        selling.win_deal(deal, by=ana, at=at)
        numbers("won_amount")
        client.force_login(di)

        assert client.get("/leaderboards").context["board"].total == 1200
        assert client.get("/leaderboards?period=this-quarter").context["board"].total != 1200


@pytest.fixture
def challenge(march, ana, abe, cy, di, warehouse) -> Challenge:
    """Who wins most in March."""
    badge = reviews.define_badge(name="March", by=di, at=MONDAY)
    return reviews.set_up_challenge(
        name="March",
        metric="won_amount",
        period=march,
        participants=[ana, abe, cy],
        rule="ranking",
        badge=badge,
        by=di,
        at=MONDAY,
    )


@pytest.mark.django_db
class TestAChallenge:
    def test_is_counted_by_the_clock_once_and_stays(self, challenge, sell, numbers, system, ana, abe, cy):
        sell(ana, 500), sell(cy, 500)
        numbers("won_amount")
        with pytest.raises(ChallengeRunning):
            reviews.finish_challenge(challenge, by=system, at=TUESDAY)

        count_challenges(at=APRIL)
        count_challenges(at=APRIL)
        sell(abe, 9000)
        numbers("won_amount")

        challenge.refresh_from_db()
        places = {
            each.person.name: (each.place, each.is_tied, each.wins, each.value) for each in challenge.places.all()
        }
        assert challenge.status == "finished"
        assert places == {"Ana": (1, True, True, 500), "Cy": (1, True, True, 500), "Abe": (3, False, False, 0)}
        thanks = Recognition.objects.filter(challenge=challenge)
        assert sorted(thanks.values_list("owner__name", "badge__name")) == [("Ana", "March"), ("Cy", "March")]
        assert EventRecord.objects.filter(name="challenge.finished").count() == 1
        with pytest.raises(ChallengeOver):
            reviews.finish_challenge(challenge, by=system, at=APRIL)

    def test_for_a_target_rewards_every_success(self, march, sell, numbers, system, ana, abe, cy, di):
        numbers("won_amount")
        made = reviews.set_up_challenge(
            name="400",
            metric="won_amount",
            period=march,
            participants=[ana, abe, cy],
            target=Decimal(400),
            by=di,
            at=MONDAY,
        )
        sell(ana, 400), sell(abe, 401), sell(cy, 399)
        numbers("won_amount")
        reviews.finish_challenge(made, by=system, at=APRIL)
        assert {each.person.name: each.wins for each in made.places.all()} == {"Ana": True, "Abe": True, "Cy": False}

    def test_is_counted_by_nobody_but_the_clock(self, challenge, ana, bo, di, ed):
        for who in (ana, bo, di, ed):
            with pytest.raises(NotAllowed):
                reviews.finish_challenge(challenge, by=who, at=APRIL)
        assert Challenge.objects.get().status == "running"

    def test_is_set_up_for_people_whom_one_leads(self, march, ana, abe, bo, cy, warehouse):
        given = {"name": "N", "metric": "won_amount", "period": march, "target": Decimal(1), "at": MONDAY}
        reviews.set_up_challenge(**given, participants=[ana, abe], by=bo)
        for people_asked, who in (([ana, cy], bo), ([ana, abe], ana)):
            with pytest.raises(NotAllowed):
                reviews.set_up_challenge(**given, participants=people_asked, by=who)
        with pytest.raises(Invalid):
            reviews.set_up_challenge(**given | {"metric": "interactions"}, participants=[ana, abe], by=bo)
        assert Challenge.objects.count() == 1

    def test_is_called_off_by_who_set_it_up(self, challenge, ana, bo, di):
        for who in (ana, bo):
            with pytest.raises(NotAllowed):
                reviews.cancel_challenge(challenge, by=who, at=TUESDAY)
        reviews.cancel_challenge(challenge, by=di, at=TUESDAY)
        with pytest.raises(ChallengeOver):
            reviews.cancel_challenge(challenge, by=di, at=TUESDAY)


@pytest.mark.django_db
class TestThanks:
    def test_are_shown_to_the_team(self, ana, abe, bo, cy, di):
        row = reviews.give_recognition(owner=ana, text="Helped", by=bo, at=TUESDAY)
        seen = {
            who.name: Recognition.objects.visible_to(who).filter(pk=row.pk).exists() for who in (ana, abe, bo, cy, di)
        }
        assert seen == {"Ana": True, "Abe": True, "Bo": True, "Cy": False, "Di": True}

    def test_are_not_shown_of_who_would_rather_not(self, ana, abe, bo, di):
        row = reviews.give_recognition(owner=ana, text="Helped", by=bo, at=TUESDAY)
        reviews.choose_display(ana, hides_rank=False, hides_praise=True, by=ana, at=TUESDAY)
        seen = {who.name: Recognition.objects.visible_to(who).filter(pk=row.pk).exists() for who in (ana, abe, bo, di)}
        assert seen == {"Ana": True, "Abe": False, "Bo": True, "Di": False}

    def test_are_given_to_others_and_taken_back_by_the_giver(self, ana, bo, cy, fay):
        with pytest.raises(Invalid):
            reviews.give_recognition(owner=ana, text="Me", by=ana, at=TUESDAY)
        with pytest.raises(NotAllowed):
            reviews.give_recognition(owner=ana, text="Well", by=fay, at=TUESDAY)
        row = reviews.give_recognition(owner=ana, text="Well", by=bo, at=TUESDAY)
        for who in (ana, cy):
            with pytest.raises(NotAllowed):
                reviews.withdraw_recognition(row, by=who, at=TUESDAY)
        assert Recognition.objects.count() == 1
        reviews.withdraw_recognition(row, by=bo, at=TUESDAY)
        assert Recognition.objects.count() == 0


@pytest.mark.django_db
class TestACycle:
    def test_holds_for_the_nearest_team(self, form, north, south, ed):
        from salesmode.reviews.queries.teams import cycle_for

        inner = people.create_team(name="Inner", parent=north, by=ed, at=MONDAY)
        day = date(2026, 4, 1)
        company = reviews.set_review_cycle(template=form, grain="year", starts_on=day, by=ed, at=MONDAY)
        own = reviews.set_review_cycle(team=north, template=form, grain="quarter", starts_on=day, by=ed, at=MONDAY)

        assert [cycle_for(team, on=day) for team in (inner, north, south, None)] == [own, own, company, company]
        assert cycle_for(north, on=date(2026, 3, 31)) is None
        again = reviews.set_review_cycle(team=north, template=form, grain="quarter", starts_on=day, by=ed, at=MONDAY)
        assert again.pk == own.pk
        reviews.end_review_cycle(team=north, on=date(2026, 5, 1), by=ed, at=MONDAY)
        assert cycle_for(inner, on=date(2026, 5, 1)) == company

    def test_opens_the_rounds_once(self, form, north, ana, bo, cy, ed):
        from salesmode.reviews.models import Review, ReviewRound

        start = date(2026, 1, 15)
        reviews.set_review_cycle(team=north, template=form, grain="quarter", starts_on=start, by=ed, at=MONDAY)
        begin_reviews(at=TUESDAY)
        assert ReviewRound.objects.count() == 0

        begin_reviews(at=APRIL)
        begin_reviews(at=APRIL)

        assert [(row.label, row.team) for row in ReviewRound.objects.all()] == [("2026-Q1", north)]
        assert sorted(Review.objects.values_list("owner__name", flat=True)) == ["Ana", "Bo"]

    def test_is_set_by_heads_alone(self, form, ana, bo, fay):
        for who in (ana, bo, fay):
            with pytest.raises(NotAllowed):
                reviews.set_review_cycle(template=form, grain="year", starts_on=TODAY, by=who, at=MONDAY)
            with pytest.raises(NotAllowed):
                reviews.end_review_cycle(on=TODAY, by=who, at=MONDAY)
