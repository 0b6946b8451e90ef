"""Customers, contacts and interactions for programs."""

import json

import pytest
from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.people.operations import create_token
from tests.conftest import MONDAY


@pytest.fixture
def ask(client):
    """Ask the API as somebody: ask(ana, "get", "/customers")."""

    def ask(person, method, path, body=None, **headers):
        _token, raw = create_token(person=person, name="Test", scope="write", by=person, at=now())
        return getattr(client, method)(
            f"/api/v1{path}",
            **({"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}),
            headers={"Authorization": f"Bearer {raw}", **headers},
        )

    return ask


class TestCustomersForPrograms:
    def test_are_made_read_and_changed(self, ask, ana):
        made = ask(ana, "post", "/customers", {"name": "Acme", "tags": ["key"], "annual_revenue": "12.50"})
        key = made.json()["id"]
        changed = ask(ana, "patch", f"/customers/{key}", {"grade": "A", "annual_revenue": None}, **{"If-Match": '"1"'})

        assert made.status_code == 201
        assert (changed.json()["grade"], changed.json()["annual_revenue"], changed.json()["version"]) == ("A", None, 2)
        assert ask(ana, "get", "/customers").json()["items"][0]["owner_id"] == ana.pk

    def test_need_the_version_that_was_changed(self, ask, northwind, ana):
        assert ask(ana, "patch", f"/customers/{northwind.pk}", {"grade": "A"}).status_code == 428
        stale = ask(ana, "patch", f"/customers/{northwind.pk}", {"grade": "A"}, **{"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["current_version"]) == (412, 1)

    def test_go_to_the_pool_and_come_back(self, ask, northwind, ana, cy):
        assert ask(ana, "post", f"/customers/{northwind.pk}/release", {"reason": "No"}).status_code == 200
        assert ask(cy, "get", "/customers/pool").json()["items"][0]["name"] == "Northwind"
        assert ask(cy, "post", f"/customers/{northwind.pk}/claim").json()["owner_id"] == cy.pk
        assert ask(ana, "get", f"/customers/{northwind.pk}").status_code == 404

    def test_are_merged(self, ask, northwind, ana):
        kept = customers.create_customer(name="Kept", owner=ana, by=ana, at=MONDAY)

        assert ask(ana, "post", f"/customers/{kept.pk}/merge", {"customer_ids": [northwind.pk]}).status_code == 200
        assert ask(ana, "get", f"/customers/{northwind.pk}").status_code == 404

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("get", ""),
            ("patch", ""),
            ("post", "/claim"),
            ("post", "/release"),
            ("post", "/hand-over"),
            ("post", "/merge"),
        ],
    )
    def test_are_not_there_for_cy(self, ask, northwind, cy, method, path):
        body = {"/hand-over": {"owner_id": cy.pk}, "/merge": {"customer_ids": [1]}}.get(path, {})

        answer = ask(cy, method, f"/customers/{northwind.pk}{path}", None if method == "get" else body)

        assert answer.status_code == 404
        northwind.refresh_from_db()
        assert northwind.owner != cy

    @pytest.mark.parametrize(
        "body",
        [
            {"name": ""}, {"name": "A", "founded_in": 99999}, {"name": "A", "employees": -1},
            {"name": "A", "email": "x"}, {"name": "A", "phone": "1" * 200}, {"name": "A", "custom": {"x": 1}},
            {"name": "A", "parent_id": 9_000_000_000}, {"name": "A", "owner_id": 9_000_000_000},
            {"name": "A", "owner": 1},
            {"name": "A", "annual_revenue": "1e30"}, {"name": "A", "tags": ["x" * 99]}, {"name": "A", "grade": "Z"},
        ],
    )  # fmt: skip
    def test_refuse_what_does_not_fit(self, ask, ana, body):
        answer = ask(ana, "post", "/customers", body)

        assert answer.status_code == 422, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert not Customer.objects.exists()


class TestInteractionsForPrograms:
    def test_are_written_down(self, ask, northwind, renewal, ana):
        body = {
            "about": {"kind": "deal", "id": renewal.pk},
            "channel": "visit",
            "content": "Met",
            "next_contact_at": "2099-01-01T00:00:00Z",
        }

        made = ask(ana, "post", "/interactions", body)

        assert made.status_code == 201
        assert made.json()["customer_id"] == northwind.pk
        assert ask(ana, "get", f"/interactions/{made.json()['id']}").json()["about"] == body["about"]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"content": "x"},
            {"happened_at": "0001-01-01T00:00:00Z"},
            {"next_contact_at": "9999-12-31T23:59:59Z"},
            {"happened_at": "2026-01-01"},
        ],
    )
    def test_refuse_what_cannot_be(self, ask, northwind, ana, body):
        given = body | ({"customer_id": northwind.pk} if "content" not in body and body else {})

        assert ask(ana, "post", "/interactions", given).status_code == 422
        assert not Interaction.objects.exists()

    def test_of_ana_are_not_there_for_cy(self, ask, northwind, ana, cy):
        call = customers.log_interaction(northwind, content="Secret", by=ana, at=MONDAY)

        assert ask(cy, "get", f"/interactions/{call.pk}").status_code == 404
        assert ask(cy, "get", "/interactions").json()["items"] == []
        assert ask(cy, "post", "/interactions", {"customer_id": northwind.pk}).status_code == 422


class TestContactsForPrograms:
    def test_are_made_and_leave(self, ask, northwind, ana):
        made = ask(ana, "post", "/contacts", {"name": "Li", "customer_id": northwind.pk, "birthday": "1990-05-01"})
        ask(ana, "post", f"/contacts/{made.json()['id']}/left")

        assert Contact.objects.get().has_left

    def test_are_not_added_to_a_customer_of_others(self, ask, northwind, cy):
        assert ask(cy, "post", "/contacts", {"name": "Li", "customer_id": northwind.pk}).status_code == 422


class TestProductsForPrograms:
    def test_are_made_by_marketing_and_read_by_all(self, ask, ed, ana):
        made = ask(ed, "post", "/products", {"name": "GTX Pro", "price": {"amount": "4821.00"}})

        assert made.json()["price"] == {"amount": "4821.00", "currency": "CNY"}
        assert ask(ana, "get", f"/products/{made.json()['id']}").status_code == 200
        assert ask(ana, "post", "/products", {"name": "Mine"}).status_code == 403

    def test_have_a_name_of_their_own(self, ask, ed):
        ask(ed, "post", "/products", {"name": "GTX Pro"})

        assert ask(ed, "post", "/products", {"name": "gtx pro"}).status_code == 422
