"""Deals, leads and processes for programs."""

import json

import pytest
from django.utils.timezone import now

from salesmode.people import operations as people
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY


@pytest.fixture
def ask(client):
    """Ask the API as somebody: ask(ana, "get", "/deals")."""

    def ask(person, method, path, body=None, **headers):
        _token, raw = people.create_token(person=person, name="Test", scope="write", by=person, at=now())
        more = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {raw}", **headers}, **more)

    return ask


class TestDeals:
    def test_are_opened_read_changed_and_listed(self, ask, ana, northwind, process):
        made = ask(ana, "post", "/deals", {"title": "New", "customer_id": northwind.pk, "amount": {"amount": "12.5"}})
        key = made.json()["id"]
        changed = ask(ana, "patch", f"/deals/{key}", {"next_step": "Call"}, **{"If-Match": '"1"'})
        listed = ask(ana, "get", "/deals?sort=-amount&limit=1").json()

        assert (made.status_code, made.json()["amount"]) == (201, {"amount": "12.50", "currency": "CNY"})
        assert (changed.json()["next_step"], changed.json()["version"]) == ("Call", 2)
        assert [item["id"] for item in listed["items"]] == [key]

    def test_live_their_life(self, ask, ana, renewal, process):
        second = process.stages.in_order()[1]
        moved = ask(ana, "post", f"/deals/{renewal.pk}/move", {"stage_id": second.pk})
        lost = ask(ana, "post", f"/deals/{renewal.pk}/lose", {"competitor": "Acme"})
        again = ask(ana, "post", f"/deals/{renewal.pk}/reopen")
        won = ask(ana, "post", f"/deals/{renewal.pk}/win", {})
        twice = ask(ana, "post", f"/deals/{renewal.pk}/win", {})

        assert moved.json()["stage_id"] == second.pk
        assert [answer.json()["outcome"] for answer in (lost, again, won)] == ["lost", "open", "won"]
        assert (twice.status_code, twice.json()["code"]) == (409, "deal_already_decided")

    def test_say_which_field_is_wrong(self, ask, ana, renewal):
        answer = ask(ana, "post", "/deals", {"title": "X", "customer_id": 999_999, "amount": {"amount": "-1"}})
        hidden = ask(ana, "post", "/deals", {"title": "X", "customer_id": 999_999})

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "amount.amount")
        assert (hidden.status_code, hidden.json()["errors"][0]["field"]) == (422, "customer_id")

    def test_need_the_version_that_was_changed(self, ask, ana, renewal):
        assert ask(ana, "patch", f"/deals/{renewal.pk}", {"title": "X"}).status_code == 428
        assert ask(ana, "patch", f"/deals/{renewal.pk}", {"title": "X"}, **{"If-Match": '"9"'}).status_code == 412

    def test_refuse_an_unknown_filter(self, ask, ana, renewal):
        assert ask(ana, "get", "/deals?colour=red").status_code == 400

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("get", "", None),
            ("patch", "", {"title": "Mine"}),
            ("post", "/move", {"stage_id": 1}),
            ("post", "/win", {}),
            ("post", "/lose", {}),
            ("post", "/reopen", None),
            ("post", "/hand-over", {"owner_id": 1}),
        ],
    )
    def test_are_missing_for_strangers(self, method, path, body, ask, cy, renewal):
        answer = ask(cy, method, f"/deals/{renewal.pk}{path}", body, **{"If-Match": '"1"'})

        assert answer.status_code == 404
        assert Deal.objects.get(pk=renewal.pk).version == renewal.version


class TestLeads:
    def test_are_claimed_answered_and_converted(self, ask, ana, cy, process):
        key = ask(cy, "post", "/leads", {"name": "Li", "company_name": "Acme", "email": "li@acme.example"}).json()["id"]
        claimed = ask(ana, "post", f"/leads/{key}/claim")
        late = ask(cy, "post", f"/leads/{key}/claim")
        answered = ask(ana, "post", f"/leads/{key}/respond")
        deal = {"title": "Acme deal", "amount": {"amount": "100", "currency": "CNY"}}
        converted = ask(ana, "post", f"/leads/{key}/convert", {"deal": deal})

        assert claimed.json()["owner_id"] == ana.pk
        assert late.status_code == 404
        assert answered.json()["status"] == "working"
        assert converted.json()["status"] == "converted"
        assert Deal.objects.get(pk=converted.json()["deal_id"]).customer.name == "Acme"

    def test_are_rejected_with_a_reason(self, ask, ana, system):
        lead = selling.create_lead(name="Li", owner=ana, by=system, at=MONDAY)

        assert ask(ana, "post", f"/leads/{lead.pk}/reject", {"reason": ""}).status_code == 422
        assert ask(ana, "post", f"/leads/{lead.pk}/reject", {"reason": "Spam"}).json()["rejected_reason"] == "Spam"


class TestProcesses:
    def test_are_changed_by_operations_only(self, ask, ana, ed, process):
        stages = ask(ana, "get", "/processes").json()["items"][0]["stages"]
        wanted = [{"id": stage["id"], "name": stage["name"]} for stage in reversed(stages)]
        version = {"If-Match": f'"{process.version}"'}

        refused = ask(ana, "patch", f"/processes/{process.pk}", {"stages": wanted}, **version)
        changed = ask(ed, "patch", f"/processes/{process.pk}", {"stages": wanted}, **version)

        assert refused.status_code == 403
        assert [stage["id"] for stage in changed.json()["stages"]] == [stage["id"] for stage in reversed(stages)]
