"""The cockpit, for whoever looks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from salesmode.selling import operations as selling
from tests.conftest import MONDAY, TUESDAY

PAGE = "/performance?period=2026-03"


@pytest.fixture
def won(numbers, renewal, ana, cy, process, ed):
    """Ana has won 1,200 in March, Cy 300."""
    from salesmode.customers import operations as customers

    selling.win_deal(renewal, by=ana, at=TUESDAY)
    contoso = customers.create_customer(name="Contoso", owner=cy, by=cy, at=MONDAY)
    other = selling.open_deal(title="Other", customer=contoso, owner=cy, amount=Decimal(300), by=cy, at=MONDAY)
    selling.win_deal(other, by=cy, at=TUESDAY)
    numbers("won_amount")
    return renewal


def figure(response, code):
    return next(card for card in response.context["cards"] if card.metric.code == code)


class TestTheCockpit:
    def test_shows_a_director_the_company(self, client, di, won):
        client.force_login(di)

        response = client.get(PAGE)
        assert response.status_code == 200
        assert figure(response, "won_amount").reading.value == 1500
        assert "North" in response.content.decode()

    def test_shows_a_seller_only_what_is_theirs(self, client, cy, won):
        client.force_login(cy)

        response = client.get(PAGE)
        assert figure(response, "won_amount").reading.value == 300
        assert "Ana" not in response.content.decode()

    def test_refuses_a_seller_the_numbers_of_a_colleague(self, client, cy, ana, won):
        client.force_login(cy)

        assert client.get(f"{PAGE}&scope=person:{ana.pk}").status_code == 422

    def test_narrows_to_a_team_of_the_manager(self, client, bo, north, won):
        client.force_login(bo)

        assert figure(client.get(f"{PAGE}&scope=team:{north.pk}"), "won_amount").reading.value == 1200

    @pytest.mark.parametrize("who", ["ana", "bo", "di", "fay"])
    def test_every_number_opens_a_list_with_as_many_records(self, client, who, request, won):
        person = request.getfixturevalue(who)
        client.force_login(person)
        shown = client.get(PAGE)

        amount = figure(shown, "won_amount")
        behind = client.get(amount.url)
        assert behind.status_code == 200
        rows = behind.context["list"].page.rows
        assert sum(row.company_amount for row in rows) == amount.reading.value
        for card in shown.context["cards"]:
            assert client.get(card.url).status_code == 200, card.url

    def test_gives_the_figures_alone_for_a_page_that_is_open(self, client, di, won):
        client.force_login(di)

        figures = reverse("workspace:cockpit_figures")
        body = client.get(f"{figures}?period=2026-03").content.decode()
        assert "<html" not in body
        assert f'hx-get="{figures}?period=2026-03"' in body
        assert f'hx-get="{figures}?"' in client.get("/performance").content.decode()

    def test_says_unknown_and_not_zero_before_anything_happened(self, client, di, numbers):
        client.force_login(di)

        response = client.get(PAGE)
        assert {card.reading.value for card in response.context["cards"]} == {None}

    def test_follows_deals_to_how_far_they_came(self, client, di, won, ana, northwind, process, numbers):
        selling.open_deal(title="Young", customer=northwind, owner=ana, by=ana, at=MONDAY + timedelta(hours=1))
        numbers("won_amount")
        client.force_login(di)

        labels = [(bar.label, bar.value) for bar in client.get(PAGE).context["funnel"]]
        assert labels[0] == ("Identify", 3)
        assert labels[-1] == ("Won", 2)

    def test_opens_on_the_last_year_with_figures_where_nothing_was_decided_for_long(
        self, client, di, northwind, process, ana, numbers
    ):
        at = MONDAY.replace(year=2017)
        deal = selling.open_deal(title="Old", customer=northwind, owner=ana, amount=Decimal(500), by=ana, at=at)
        selling.win_deal(deal, by=ana, at=at)
        numbers("won_amount")
        client.force_login(di)

        shown = client.get("/performance")
        assert figure(shown, "won_amount").reading.value == 500
        assert "these are the figures of 2017" in shown.content.decode()
        assert "these are the figures" not in client.get("/performance?period=mtd").content.decode()
        assert figure(client.get(reverse("workspace:cockpit_figures")), "won_amount").reading.value == 500
