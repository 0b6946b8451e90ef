"""The frame around every page."""

import re

import pytest
from django.urls import get_resolver, reverse

from salesmode.customers import operations as customers
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.workspace.context import HELP_ABOUT
from salesmode.workspace.help_pages import NAMES
from tests.conftest import MONDAY


class TestTheQuestionMark:
    @pytest.mark.parametrize(
        ("page", "leads_to"),
        [
            ("/", "/help"),
            ("/deals/", "/help/daily-work"),
            ("/targets/", "/help/targets"),
            ("/modes/", "/help/modes"),
            ("/settings/people", "/help/administration"),
        ],
    )
    def test_leads_to_the_help_about_the_open_page(self, client, ed, page, leads_to):
        client.force_login(ed)

        assert f'<a class="icon-button" href="{leads_to}"' in client.get(page).content.decode()
        assert client.get(leads_to).status_code == 200

    def test_leads_to_a_page_of_the_help_from_every_app_it_speaks_of(self):
        assert set(HELP_ABOUT.values()) <= set(NAMES)
        assert set(HELP_ABOUT) <= set(get_resolver().app_dict)


class TestTheRail:
    def test_shows_only_pages_that_the_role_may_open(self, client, ana, ed):
        client.force_login(ana)
        sellers = client.get("/").content.decode()
        client.force_login(ed)
        administrators = client.get("/").content.decode()

        assert reverse("workspace:company") not in sellers
        assert reverse("workspace:company") in administrators

    def test_needs_no_inline_style_or_script(self, client, ana, renewal):
        client.force_login(ana)
        for address in (
            "/",
            "/deals/",
            f"/deals/{renewal.pk}",
            "/deals/board",
            f"/customers/{renewal.customer_id}",
            "/search",
        ):
            page = client.get(address, follow=True).content.decode()

            assert not re.search(r"<[^>]+\sstyle=", page), address
            assert not re.search(r"<[^>]+\son[a-z]+=", page), address
            assert not re.search(r"<script(?![^>]*(src=|application/json))[^>]*>", page), address


class TestLanguageAndAppearance:
    def test_are_remembered_with_the_person(self, client, ana):
        client.force_login(ana)

        client.post("/language", {"language": "zh-hans", "next": "/deals/"})
        client.post("/theme", {"theme": "dark"})

        ana = Person.objects.get(pk=ana.pk)
        assert (ana.language, ana.theme) == ("zh-hans", "dark")
        assert 'data-bs-theme="dark"' in client.get("/").content.decode()

    def test_can_be_chosen_before_signing_in(self, client, ana):
        client.post("/language", {"language": "en"})

        assert "Password" in client.get("/accounts/login/").content.decode()

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_lead_back_only_to_our_own_pages(self, client, ana, target):
        answer = client.post("/language", {"language": "en", "next": target})

        assert answer.headers["Location"] == "/"

    def test_refuse_what_does_not_exist(self, client, ana):
        assert client.post("/language", {"language": "tlh"}).status_code == 400
        assert client.post("/theme", {"theme": "pink"}).status_code == 400


class TestSearch:
    def test_finds_what_the_person_may_see_and_nothing_else(self, client, northwind, ana, cy):
        client.force_login(ana)
        mine = client.get("/search?q=northw&part=results").content.decode()
        client.force_login(cy)
        theirs = client.get("/search?q=northw&part=results").content.decode()

        assert "Northwind" in mine
        assert "<html" not in mine
        assert "Northwind" not in theirs


class TestTheListPage:
    def test_shows_hostile_names_as_text(self, client, ana, process):
        hostile = "<img src=x onerror=alert(1)>"
        customer = customers.create_customer(name=hostile, owner=ana, by=ana, at=MONDAY)
        selling.open_deal(title=hostile, customer=customer, owner=ana, amount=1, by=ana, at=MONDAY)
        client.force_login(ana)

        page = client.get("/deals/", follow=True).content.decode()

        assert "<img" not in page
        assert "&lt;img src=x" in page

    def test_answers_a_bad_name_with_400(self, client, ana):
        client.force_login(ana)

        assert client.get("/deals/?owner__password=x", follow=True).status_code == 400

    def test_remembers_the_columns_of_a_person(self, client, ana, renewal):
        client.force_login(ana)
        address = reverse("selling:deals")

        client.get(address, {"columns": "title:200,amount"})
        page = client.get(address).content.decode()

        assert re.findall(r'data-column="([a-z_]+)"', page) == ["title", "amount"]
        assert '<col width="200" data-column="title">' in page

    def test_takes_no_more_queries_for_more_rows(self, client, ana, renewal, django_assert_num_queries):
        client.force_login(ana)
        address = reverse("selling:deals")
        client.get(address)

        def queries() -> int:
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as caught:
                client.get(address)
            return len(caught)

        before = queries()
        for number in range(12):
            selling.open_deal(title=f"More {number}", customer=renewal.customer, owner=ana, amount=1, by=ana, at=MONDAY)

        assert queries() == before


class TestChangingInPlace:
    def test_saves_through_the_operation_and_shows_the_new_value(self, client, renewal, ana):
        client.force_login(ana)
        address = reverse("workspace:inline", args=["deal", renewal.pk, "amount"])

        form = client.get(address, headers={"HX-Request": "true"})
        answer = client.post(address, {"amount": "2500"}, headers={"HX-Request": "true"})

        assert 'value="1200"' in form.content.decode()
        assert "¥2,500.00" in answer.content.decode()
        renewal.refresh_from_db()
        assert renewal.amount == 2500

    def test_works_without_javascript(self, client, renewal, ana):
        client.force_login(ana)
        address = reverse("workspace:inline", args=["deal", renewal.pk, "amount"])

        answer = client.post(address, {"amount": "2500", "next": "/deals/?q=x"})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/deals/?q=x")

    def test_shows_what_is_wrong_and_saves_nothing(self, client, renewal, ana):
        client.force_login(ana)
        address = reverse("workspace:inline", args=["deal", renewal.pk, "amount"])

        assert client.post(address, {"amount": "-1"}, headers={"HX-Request": "true"}).status_code == 422
        renewal.refresh_from_db()
        assert renewal.amount == 1200

    def test_is_not_there_for_strangers_and_refused_to_auditors(self, client, renewal, cy, fay):
        address = reverse("workspace:inline", args=["deal", renewal.pk, "amount"])

        client.force_login(cy)
        assert client.post(address, {"amount": "1"}).status_code == 404
        client.force_login(fay)
        assert client.post(address, {"amount": "1"}, headers={"HX-Request": "true"}).status_code == 403
        renewal.refresh_from_db()
        assert renewal.amount == 1200


@pytest.mark.parametrize("verb", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_pages_are_read_and_sent_and_nothing_else(client, ana, verb):
    client.force_login(ana)
    answer = client.generic(verb, "/deals/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
