"""The pages of customers."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer, Interaction
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def li(northwind, ana):
    """Somebody at Northwind."""
    return customers.create_contact(name="Li", customer=northwind, mobile="13800138000", by=ana, at=MONDAY)


@pytest.fixture
def called(northwind, ana):
    """A call with Northwind."""
    return customers.log_interaction(northwind, content="A secret word.", by=ana, at=MONDAY)


@pytest.fixture
def as_ana(client, ana):
    """Ana's browser."""
    client.force_login(ana)
    return client


@pytest.fixture
def as_cy(client, cy):
    """Cy's browser."""
    client.force_login(cy)
    return client


class TestTheListOfCustomers:
    def test_shows_ana_hers(self, as_ana, northwind):
        assert b"Northwind" in as_ana.get("/customers/").content

    def test_shows_cy_nothing_of_hers(self, as_cy, northwind, li, called):
        for page in ("/customers/", "/customers/pool", "/contacts/", "/interactions/"):
            answer = as_cy.get(page)
            assert answer.status_code == 200
            for secret in (b"Northwind", b"Li<", b"A secret word"):
                assert secret not in answer.content

    def test_takes_as_many_queries_for_forty_rows_as_for_one(
        self, as_ana, ana, northwind, django_assert_max_num_queries
    ):
        as_ana.get("/customers/")
        with django_assert_max_num_queries(60) as few:
            as_ana.get("/customers/")
        customers.import_customers([{"name": f"C {n}", "owner": ana} for n in range(40)], by=ana, at=MONDAY)

        with django_assert_max_num_queries(len(few.captured_queries)):
            as_ana.get("/customers/")

    @pytest.mark.parametrize(
        "query",
        [
            "owner=me", "team=1", "grade=A", "industry=Steel", "source=Web", "province=四川省", "tag=key",
            "last_contact=this_month", "next_contact_from=2026-01-01", "follow_up=overdue", "silent=30", "group=grade",
            "sort=-last_interaction_at", "sort=next_contact_at", "sort=owner", "q=north",
        ],
    )  # fmt: skip
    def test_can_be_narrowed_and_sorted(self, as_ana, northwind, query):
        assert as_ana.get(f"/customers/?{query}").status_code == 200


class TestTheCustomerPage:
    def test_tells_everything_in_at_most_so_many_queries(
        self, as_ana, northwind, li, called, renewal, ana, django_assert_max_num_queries
    ):
        for day in range(30):
            customers.log_interaction(northwind, contact=li, content="Hi", by=ana, at=TUESDAY + timedelta(days=day))

        as_ana.get(f"/customers/{northwind.pk}")
        with django_assert_max_num_queries(26):
            answer = as_ana.get(f"/customers/{northwind.pk}")
        assert answer.status_code == 200

    @pytest.mark.parametrize("tab", ["", "timeline", "contacts"])
    def test_has_its_parts(self, as_ana, northwind, li, called, tab):
        answer = as_ana.get(f"/customers/{northwind.pk}?tab={tab}")

        assert (b"Li" if tab == "contacts" else b"A secret word.") in answer.content

    def test_opens_every_panel_that_apps_add(self, as_ana, northwind, renewal):
        from salesmode.kernel.panels import PANELS

        for panel in PANELS.get("customer.tabs", ()):
            assert as_ana.get(f"/customers/{northwind.pk}?tab={panel.name}").status_code == 200

    @pytest.mark.parametrize(
        "address",
        ["", "/timeline", "/edit", "/hand-over", "/release", "/share", "/merge", "?tab=contacts"],
    )
    def test_is_not_there_for_cy(self, as_cy, northwind, address):
        assert as_cy.get(f"/customers/{northwind.pk}{address}").status_code == 404

    @pytest.mark.parametrize("act", ["edit", "hand-over", "release", "claim", "share", "merge", "next", "interactions"])
    def test_refuses_cys_posts(self, as_cy, northwind, cy, act):
        before = Customer.objects.filter(pk=northwind.pk).values().get()

        answer = as_cy.post(f"/customers/{northwind.pk}/{act}", {"name": "Mine", "to": cy.pk, "person": cy.pk})

        assert answer.status_code == 404
        assert Customer.objects.filter(pk=northwind.pk).values().get() == before

    def test_leads_from_a_merged_customer_to_the_one_that_was_kept(self, as_ana, northwind, ana):
        kept = customers.create_customer(name="Kept", owner=ana, by=ana, at=MONDAY)
        customers.merge_customers(kept, [northwind], by=ana, at=TUESDAY)

        assert as_ana.get(f"/customers/{northwind.pk}").url == f"/customers/{kept.pk}"

    def test_of_a_shared_customer_shows_calls_but_no_deals(self, as_cy, northwind, called, renewal, ana, cy):
        customers.share_customer(northwind, person=cy, by=ana, at=TUESDAY)

        content = as_cy.get(f"/customers/{northwind.pk}?tab=timeline").content
        assert b"A secret word." in content
        assert b"Renewal" not in content


class TestTheTimeline:
    def test_pages_by_cursor_and_loses_nothing(self, as_ana, northwind, ana):
        for number in range(65):
            customers.log_interaction(northwind, content=f"Call {number:03d}", by=ana, at=MONDAY)

        seen, address = "", f"/customers/{northwind.pk}/timeline?group=interactions"
        for _page in range(3):
            answer = as_ana.get(address, headers={"HX-Request": "true"})
            seen += answer.content.decode()
            after = answer.context["story"].next
            address = f"/customers/{northwind.pk}/timeline?group=interactions&after={after.replace('+', '%2B')}"

        assert after == ""
        assert all(f"Call {number:03d}" in seen for number in range(65))

    @pytest.mark.parametrize(
        "query", ["group=nonsense", "after=nonsense", "after=2026-01-01~1", "after=2026-01-01T00:00Z~9e99"]
    )
    def test_refuses_nonsense(self, as_ana, northwind, query):
        assert as_ana.get(f"/customers/{northwind.pk}/timeline?{query}").status_code == 422


class TestTheCustomerForm:
    def test_adds_a_customer_of_ones_own(self, as_ana, ana):
        answer = as_ana.post(
            "/customers/new", {"name": "Acme", "type": "company", "tags": "key，fair", "province": "四川省"}
        )

        made = Customer.objects.get()
        assert answer.url == f"/customers/{made.pk}"
        assert (made.owner, made.tags, made.province) == (ana, ["key", "fair"], "四川省")

    def test_answers_422_and_saves_nothing(self, as_ana):
        answer = as_ana.post(
            "/customers/new", {"name": "Acme", "type": "company", "email": "nonsense", "founded_in": "2090"}
        )

        assert answer.status_code == 422
        assert {"email", "founded_in"} <= set(answer.context["form"].errors)
        assert not Customer.objects.exists()

    def test_asks_before_it_adds_what_looks_the_same(self, as_ana, northwind):
        given = {"name": "northwind ltd", "type": "company"}

        first = as_ana.post("/customers/new", given)
        second = as_ana.post("/customers/new", given | {"is_another": "1"})

        assert (first.status_code, second.status_code) == (422, 302)
        assert b"Northwind" in first.content
        assert Customer.objects.count() == 2

    def test_tells_cy_only_that_there_is_one(self, as_cy, northwind):
        content = as_cy.post("/customers/new", {"name": "NORTHWIND", "type": "company"}).content

        assert b"belongs to somebody else" in content
        assert f"/customers/{northwind.pk}".encode() not in content

    def test_is_no_oracle_for_phone_numbers(self, as_cy, northwind, ana):
        customers.amend_customer(northwind, phone="13800138000", email="a@b.example", by=ana, at=TUESDAY)

        answer = as_cy.get("/customers/duplicates", {"name": "Other", "phone": "13800138000", "email": "a@b.example"})

        assert b"notice" not in answer.content

    def test_tells_so_only_so_often(self, as_cy, northwind):
        told = [b"belongs" in as_cy.get("/customers/duplicates", {"name": "Northwind"}).content for _ in range(32)]

        assert told == [True] * 30 + [False] * 2

    def test_notices_that_somebody_was_quicker(self, as_ana, northwind, ana):
        customers.amend_customer(northwind, grade="A", by=ana, at=TUESDAY)

        answer = as_ana.post(f"/customers/{northwind.pk}/edit", {"name": "Mine", "type": "company", "version": "1"})

        assert answer.status_code == 412


class TestTheComposer:
    def test_writes_down_and_plans_in_one_step(self, as_ana, northwind):
        answer = as_ana.post(
            f"/customers/{northwind.pk}/interactions", {"channel": "call", "content": "Hi", "next_in": "3"}
        )

        northwind.refresh_from_db()
        assert answer.status_code == 302
        assert Interaction.objects.get().content == "Hi"
        assert northwind.next_contact_at is not None

    def test_answers_htmx_with_the_new_timeline(self, as_ana, northwind):
        answer = as_ana.post(
            f"/customers/{northwind.pk}/interactions",
            {"channel": "visit", "content": "Met them"},
            headers={"HX-Request": "true"},
        )

        assert b"Met them" in answer.content
        assert b"<html" not in answer.content

    def test_keeps_what_was_typed_when_it_refuses(self, as_ana, northwind):
        given = {"channel": "call", "content": "Long text", "happened_at": "2099-01-01T10:00"}

        answer = as_ana.post(f"/customers/{northwind.pk}/interactions", given)

        assert answer.status_code == 422
        assert b"Long text" in answer.content
        assert not Interaction.objects.exists()

    def test_writes_about_a_deal(self, as_ana, renewal):
        as_ana.post(f"/interactions/about/deal/{renewal.pk}", {"channel": "call", "content": "About it"})

        assert Interaction.objects.get().subject_id == renewal.pk

    def test_does_not_know_cys_deal(self, as_cy, renewal):
        assert as_cy.post(f"/interactions/about/deal/{renewal.pk}", {"channel": "call"}).status_code == 404


class TestThePicker:
    def test_offers_only_what_one_may_see(self, as_cy, northwind):
        assert b"Northwind" not in as_cy.get("/customers/pick?q=north").content

    def test_offers_at_most_ten(self, as_ana, ana):
        customers.import_customers([{"name": f"Acme {n}", "owner": ana} for n in range(30)], by=ana, at=MONDAY)

        assert as_ana.get("/customers/pick?q=acme").content.count(b'role="option"') == 10

    def test_takes_the_exact_name_without_a_script(self, as_ana, northwind):
        as_ana.post("/contacts/new", {"name": "Li", "customer": "northwind"})

        assert Contact.objects.get().customer == northwind

    def test_asks_for_the_number_when_two_have_the_name(self, as_ana, northwind, ana):
        twin = customers.create_customer(name="Northwind", owner=ana, by=ana, at=MONDAY)

        vague = as_ana.post("/contacts/new", {"name": "Li", "customer": "Northwind"})
        as_ana.post("/contacts/new", {"name": "Li", "customer": f"Northwind #{twin.pk}"})

        assert vague.status_code == 422
        assert Contact.objects.get().customer == twin

    def test_does_not_take_anothers_customer(self, as_cy, northwind):
        answer = as_cy.post("/contacts/new", {"name": "Li", "customer": "Northwind", "customer_id": northwind.pk})

        assert answer.status_code == 422
        assert not Contact.objects.exists()


class TestBulk:
    def test_hands_over_after_asking_to_whom(self, client, bo, ana, cy, northwind):
        client.force_login(bo)

        asked = client.post("/customers/hand-over", {"ids": [northwind.pk]})
        client.post("/customers/hand-over", {"ids": [northwind.pk], "step": "2", "to": cy.pk})

        northwind.refresh_from_db()
        assert asked.status_code == 200
        assert northwind.owner == cy

    def test_does_not_reach_what_cy_may_not_see(self, as_cy, northwind, cy):
        answer = as_cy.post("/customers/release", {"ids": [northwind.pk], "step": "2"})

        northwind.refresh_from_db()
        assert answer.status_code == 422
        assert northwind.owner is not None

    def test_tags_everything_that_the_list_shows(self, as_ana, northwind, ana):
        as_ana.post("/customers/tag", {"all": "1", "query": "owner=me", "step": "2", "add": "key"})

        northwind.refresh_from_db()
        assert northwind.tags == ["key"]

    def test_claims_from_the_pool(self, as_cy, cy, ana):
        pooled = customers.create_customer(name="Pool", by=ana, at=MONDAY)

        as_cy.post("/customers/claim", {"ids": [pooled.pk]})

        pooled.refresh_from_db()
        assert pooled.owner == cy


class TestFiles:
    def test_come_with_what_is_written_down(self, as_ana, northwind, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        given = {"channel": "call", "content": "See the offer", "file": SimpleUploadedFile("offer.pdf", b"%PDF-1.7 x")}

        as_ana.post(f"/customers/{northwind.pk}/interactions", given)

        assert b"offer.pdf" in as_ana.get(f"/customers/{northwind.pk}?tab=timeline").content
        assert as_ana.get(f"/interactions/{Interaction.objects.get().pk}").status_code == 200

    def test_that_are_refused_leave_nothing_behind(self, as_ana, northwind, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

        answer = as_ana.post(
            f"/customers/{northwind.pk}/interactions",
            {"channel": "call", "content": "Hi", "file": SimpleUploadedFile("empty.pdf", b"")},
        )

        assert answer.status_code == 422
        assert not Interaction.objects.exists()


class TestWhoOnlyReads:
    def test_is_offered_nothing_to_change(self, client, fay, northwind):
        client.force_login(fay)

        page = client.get("/customers/").content
        assert b"Northwind" in page
        assert b"/customers/new" not in page
        assert b"/customers/hand-over" not in page
        assert b"composer" not in client.get(f"/customers/{northwind.pk}").content
