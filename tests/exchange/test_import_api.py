"""Imports through the programs' door."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import now

from salesmode.customers.models import Customer
from salesmode.exchange.models import ImportRun
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people

CSV = "客户名称,客户级别\n甲,A\n乙,Z\n"


@pytest.fixture
def ask(client) -> Callable[..., Any]:
    """Ask the API as somebody."""

    def call(person, method: str, path: str, body: Any = None) -> Any:
        secret = people.create_token(person, name="Test", scope="write", days=30, by=person, at=now())[1]
        given = {} if body is None else {"data": body}
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        return getattr(client, method)(f"/api/v1{path}", content_type="application/json", **given, **headers)

    return call


@pytest.mark.parametrize("content", [{"text": CSV}, {"base64": base64.b64encode(CSV.encode("gb18030")).decode()}])
def test_a_file_is_handed_in_and_brought_in(ask, ana, content):
    made = ask(ana, "post", "/imports", {"sheet": "customer", "file_name": "a.csv", **content})
    run_waiting_jobs()

    assert made.status_code == 201, made.content
    assert made.json()["status"] == "waiting"
    now_at = ask(ana, "get", f"/imports/{made.json()['id']}").json()
    assert (now_at["status"], now_at["created"], now_at["failed"]) == ("done", 1, 1)
    failures = ask(ana, "get", f"/imports/{made.json()['id']}/failures").json()["items"]
    assert [(each["row"], "Z" in each["reason"]) for each in failures] == [(3, True)]
    assert Customer.objects.get().owner == ana
    assert [each["id"] for each in ask(ana, "get", "/imports").json()["items"]] == [made.json()["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {"sheet": "nothing", "file_name": "a.csv", "text": CSV},
        {"sheet": "customer", "file_name": "a.csv"},
        {"sheet": "customer", "file_name": "a.csv", "text": CSV, "base64": "eA=="},
        {"sheet": "customer", "file_name": "a.csv", "base64": "no base64!"},
        {"sheet": "customer", "file_name": "a.csv", "text": "1,2\n3,4\n"},
        {"sheet": "customer", "file_name": "a.csv", "text": CSV, "mapping": {"客户名称": "owner__password"}},
        {"sheet": "customer", "file_name": "a.csv", "text": CSV, "mode": "upsert", "keys": []},
        {"sheet": "customer", "file_name": "a.csv", "text": CSV, "keys": ["grade"]},
    ],
)
def test_what_makes_no_sense_is_refused_by_field_and_nothing_is_kept(ask, ana, body):
    answer = ask(ana, "post", "/imports", body)

    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not ImportRun.objects.exists()


def test_an_import_is_its_owners_alone(ask, ana, ed):
    made = ask(ana, "post", "/imports", {"sheet": "customer", "file_name": "a.csv", "text": CSV, "run": False}).json()

    for path in ("", "/failures"):
        assert ask(ed, "get", f"/imports/{made['id']}{path}").status_code == 404
    for path in ("/run", "/cancel"):
        assert ask(ed, "post", f"/imports/{made['id']}{path}", {}).status_code == 404
    assert ask(ed, "get", "/imports").json()["items"] == []


def test_exports_are_listed_to_who_made_them_and_to_who_watches(ask, client, ana, cy, fay, northwind):
    client.force_login(ana)
    list(client.get("/export?kind=customer&format=csv").streaming_content)

    assert [len(ask(person, "get", "/exports").json()["items"]) for person in (ana, cy, fay)] == [1, 0, 1]


class TestTakingAListOut:
    def test_hands_out_a_file_of_what_its_maker_may_see(self, ask, ana, cy, northwind):
        made = ask(ana, "post", "/exports", {"kind": "customer", "form": "csv", "query": "columns=name"})
        theirs = ask(cy, "post", "/exports", {"kind": "customer", "form": "csv", "query": "columns=name"}).json()

        assert (made.status_code, made.json()["rows"], theirs["rows"]) == (201, 1, 0)
        assert b"Northwind" in b"".join(_file(ask, ana, made.json()).streaming_content)
        assert b"Northwind" not in b"".join(_file(ask, cy, theirs).streaming_content)

    def test_is_nobody_elses(self, ask, ana, fay, northwind):
        made = ask(ana, "post", "/exports", {"kind": "customer"}).json()

        assert _file(ask, fay, made).status_code == 404

    def test_is_remembered_each_time_it_is_fetched(self, ask, ana, northwind):
        made = ask(ana, "post", "/exports", {"kind": "customer"}).json()
        list(_file(ask, ana, made).streaming_content)

        names = EventRecord.objects.filter(subject_kind="export").order_by("id").values_list("name", flat=True)
        assert list(names) == ["export.made", "export.fetched"]

    def test_refuses_lists_and_filters_that_are_not_there(self, ask, ana):
        assert ask(ana, "post", "/exports", {"kind": "secrets"}).status_code == 422
        assert ask(ana, "post", "/exports", {"kind": "customer", "query": "owner__password=x"}).status_code == 400


def _file(ask, person, made):
    return ask(person, "get", made["file"].removeprefix("/api/v1"))
