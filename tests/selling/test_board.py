"""The board page."""

from decimal import Decimal

import pytest

from salesmode.selling import operations as selling
from salesmode.selling import queries
from salesmode.selling.queries.board import CARDS
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def many(ana, northwind, process):
    """Ana's deals: more than a column shows at once, some without a close date."""
    days = [MONDAY.date().replace(day=1 + number % 28) if number % 5 else None for number in range(CARDS + 7)]
    return [
        selling.open_deal(title=f"Deal {number}", amount=Decimal(100), closes_on=day, owner=ana, by=ana, at=MONDAY)
        for number, day in enumerate(days)
    ]


def _board(process, person, **filters):
    chosen = queries.BoardFilters(**filters)
    return queries.pipeline_board(process, chosen, seen_by=person, at=TUESDAY, today=TUESDAY.date())


class TestTheBoard:
    def test_counts_and_sums_all_deals_but_shows_the_first(self, process, many, ana):
        first, second, *_others = _board(process, ana)

        assert (first.count, first.total, len(first.cards)) == (len(many), Decimal(100 * len(many)), CARDS)
        assert (second.count, second.total, second.cards) == (0, 0, [])

    def test_takes_three_queries_however_many_deals(self, process, many, ana, django_assert_num_queries):
        with django_assert_num_queries(3):
            _board(process, ana)

    def test_shows_each_deal_once_over_its_pages(self, process, many, ana):
        column = _board(process, ana)[0]
        seen = [card.deal.pk for card in column.cards]
        while column.more:
            column = queries.column_cards(
                column.stage,
                queries.BoardFilters(),
                seen_by=ana,
                after=column.more,
                at=TUESDAY,
                today=TUESDAY.date(),
            )
            seen += [card.deal.pk for card in column.cards]

        assert sorted(seen) == sorted(deal.pk for deal in many)
        assert len(seen) == len(many)

    def test_shows_nothing_of_strangers(self, process, many, cy, bo):
        assert sum(column.count for column in _board(process, cy)) == 0
        assert sum(column.count for column in _board(process, bo)) == len(many)

    def test_shows_a_retired_stage_only_while_deals_are_in_it(self, process, renewal, ana, system):
        stage = process.stages.in_order().last()
        stage.is_active = False
        stage.save()
        assert len(_board(process, ana)) == 4

        renewal.stage = stage
        renewal.save()
        assert len(_board(process, ana)) == 5

    def test_narrows_by_closing_days(self, process, many, ana):
        columns = _board(
            process, ana, closes_from=MONDAY.date().replace(day=10), closes_until=MONDAY.date().replace(day=12)
        )

        assert 0 < columns[0].count < len(many)
        assert {card.deal.closes_on.day for card in columns[0].cards} <= {10, 11}


class TestThePage:
    def test_is_shown_with_its_cards(self, client, ana, renewal):
        client.force_login(ana)

        page = client.get("/deals/board")

        assert page.status_code == 200
        assert b"Renewal" in page.content

    def test_refuses_a_filter_it_does_not_know(self, client, ana, renewal):
        client.force_login(ana)

        assert client.get("/deals/board?colour=red").status_code == 400
        assert client.get("/deals/board?owner=x").status_code == 400

    def test_moves_a_card_with_a_fragment(self, client, ana, renewal, process):
        client.force_login(ana)
        second = process.stages.in_order()[1]

        answer = client.post(f"/deals/{renewal.pk}/move", {"stage": second.pk}, headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert b"<html" not in answer.content
        assert f'id="deal-{renewal.pk}"'.encode() in answer.content
        renewal.refresh_from_db()
        assert renewal.stage == second

    def test_moves_a_card_without_javascript(self, client, ana, renewal, process):
        client.force_login(ana)
        second = process.stages.in_order()[1]

        answer = client.post(f"/deals/{renewal.pk}/move", {"stage": second.pk, "next": "/deals/board?owner=me"})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/deals/board?owner=me")

    def test_does_not_lead_elsewhere(self, client, ana, renewal, process):
        client.force_login(ana)
        second = process.stages.in_order()[1]

        answer = client.post(f"/deals/{renewal.pk}/move", {"stage": second.pk, "next": "//evil.example/deals/board"})

        assert answer.headers["Location"] == f"/deals/{renewal.pk}"

    def test_shows_a_column_anew(self, client, ana, renewal):
        client.force_login(ana)

        piece = client.get(f"/deals/board/{renewal.stage_id}?owner=me")

        assert piece.status_code == 200
        assert b"<html" not in piece.content
        assert b"Renewal" in piece.content

    def test_needs_no_more_queries_for_more_cards(self, client, ana, renewal, many, django_assert_max_num_queries):
        client.force_login(ana)

        with django_assert_max_num_queries(14):
            client.get("/deals/board")
