"""The programs' door: tokens, versions, repeated requests, problems."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import resolve
from django.utils.timezone import now

from salesmode.config import api_door, asgi
from salesmode.config.api import operation_ids
from salesmode.customers.models import Customer
from salesmode.kernel.operations.custom_fields import define_custom_field, retire_custom_field
from salesmode.people import operations as people
from salesmode.people.models import ApiToken
from tests.conftest import MONDAY
from tests.kernel.racing import awaited

DEAL = {"title": "By a program"}


class TestAToken:
    def test_is_needed(self, call, db):
        answer = call("", "GET", "/deals")

        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")

    def test_says_whom_it_acts_as(self, call, token, ana):
        assert call(token(ana), "GET", "/me").json()["email"] == ana.email

    def test_is_kept_as_a_hash_only(self, token, ana):
        secret = token(ana)

        assert secret not in str(list(ApiToken.objects.values_list()))

    def test_that_reads_changes_nothing(self, call, token, ana, process):
        answer = call(token(ana, "read"), "POST", "/deals", DEAL)

        assert answer.status_code == 403
        assert not ana.deals.exists()

    def test_ends_with_the_person_at_the_next_request(self, call, token, ana, ed):
        secret = token(ana)
        assert call(secret, "GET", "/me").status_code == 200

        people.deactivate_person(ana, by=ed, at=MONDAY)

        assert call(secret, "GET", "/me").status_code == 401

    def test_ends_when_it_is_revoked(self, call, token, ana):
        secret = token(ana)

        people.revoke_token(ApiToken.objects.get(person=ana), by=ana, at=now())

        assert call(secret, "GET", "/me").status_code == 401

    def test_comes_so_often_in_a_minute_each_for_itself(self, call, token, ana, bo, process, monkeypatch):
        monkeypatch.setattr(api_door, "REQUESTS", 2)
        secret, other = token(ana), token(bo)

        answers = [call(secret, "POST", "/deals", DEAL | {"title": str(number)}) for number in range(3)]

        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=1", "r=0", "r=0"]
        assert 0 < int(answers[2].headers["Retry-After"]) <= 60
        assert ana.deals.count() == 2
        assert call(other, "GET", "/me").status_code == 200


class TestALargeBody:
    def test_is_refused_with_a_problem_also_where_it_would_be_remembered(self, call, token, ana):
        secret = token(ana)

        for headers in ({}, {"idempotency_key": "once"}):
            answer = call(secret, "POST", "/deals", {"title": "x" * 3_000_000}, **headers)
            assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")

    @pytest.mark.parametrize(("told", "read"), [({b"content-length": b"2147483648"}, 0), ({}, 6)])
    @pytest.mark.parametrize(("path", "kind"), [("/api/v1/deals", "application/problem+json"), ("/live", "text/html")])
    def test_is_not_read_to_its_end(self, told, read, path, kind, monkeypatch):
        monkeypatch.setattr(asgi, "LARGEST_BODY", 5 * 1024**2)
        pieces, said = [], []

        async def receive():
            pieces.append(1)
            return {"type": "http.request", "body": b"x" * 1024**2, "more_body": True}

        async def send(message):
            said.append(message)

        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": [*told.items()]}
        awaited(asgi.application(scope, receive, send))

        headers = dict(said[0]["headers"])
        assert (said[0]["status"], len(pieces), headers[b"Connection"]) == (413, read, b"close")
        assert headers[b"Content-Type"].decode().startswith(kind)


class TestAChange:
    def test_names_its_version(self, call, token, ana, renewal):
        assert call(token(ana), "PATCH", f"/deals/{renewal.pk}", {"title": "New"}).status_code == 428

    def test_of_an_older_version_is_refused_with_the_current_one(self, call, token, ana, renewal):
        secret = token(ana)
        first = call(secret, "GET", f"/deals/{renewal.pk}")
        call(secret, "PATCH", f"/deals/{renewal.pk}", {"title": "Mine"}, IF_MATCH=first.headers["ETag"])

        stale = call(secret, "PATCH", f"/deals/{renewal.pk}", {"title": "Yours"}, IF_MATCH=first.headers["ETag"])

        assert stale.status_code == 412
        assert stale.json()["current_version"] == first.json()["version"] + 1

    @pytest.mark.parametrize("field", ["id", "version", "outcome", "opened_at", "company_amount", "owner__email"])
    def test_of_what_is_not_theirs_to_change_is_refused(self, call, token, ana, renewal, field):
        answer = call(token(ana), "PATCH", f"/deals/{renewal.pk}", {field: 1}, IF_MATCH=f'"{renewal.version}"')

        assert answer.status_code == 422
        assert any(field in each["field"] for each in answer.json()["errors"])


class TestAProblem:
    def test_names_every_field(self, call, token, ana, process):
        answer = call(token(ana), "POST", "/deals", {"title": "", "amount": {"amount": "-1"}, "closes_on": "soon"})

        named = " ".join(each["field"] for each in answer.json()["errors"])
        assert answer.status_code == 422
        assert all(field in named for field in ("title", "amount", "closes_on"))

    @pytest.mark.parametrize("body", ["{", "[1]", '"x"', '{"title": NaN}', '{"title": "\\ud800"}', "[" * 20_000])
    def test_answers_a_broken_body(self, call, token, ana, process, body):
        answer = call(token(ana), "POST", "/deals", body)

        assert answer.status_code in (400, 422)
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_answers_nul_characters(self, call, token, ana, process):
        assert call(token(ana), "POST", "/deals", '{"title": "a\\u0000b"}').status_code in (400, 422)

    @pytest.mark.parametrize("path", ["/nowhere", "/deals/99999999999999999999", "/deals/0"])
    def test_answers_what_is_not_there(self, call, token, ana, path):
        answer = call(token(ana), "GET", path)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    def test_speaks_the_callers_language(self, call, token, ana):
        answer = call(token(ana), "GET", "/nowhere", ACCEPT_LANGUAGE="zh-hans")

        assert any("一" <= letter <= "鿿" for letter in answer.json()["detail"])

    @pytest.mark.parametrize(
        "name",
        ["owner__password__startswith", "_connector", "order_by", "sort=amount;drop", "sort=owner__email", "limit=0",
         "format=csv", "columns=title", "view=1", "part=table"],
    )  # fmt: skip
    def test_refuses_unknown_filters_and_sorts(self, call, token, ana, name):
        query = name if "=" in name else f"{name}=1"

        assert call(token(ana), "GET", f"/deals?{query}").status_code == 400

    def test_names_the_filters_and_sorts_that_there_are(self, call, token, ana):
        secret = token(ana)
        filters = call(secret, "GET", "/deals?colour=red").json()["errors"][0]
        sorts = call(secret, "GET", "/deals?sort=colour").json()["errors"][0]

        assert (filters["field"], sorts["field"]) == ("colour", "colour")
        assert {"q,", "sort,", "closes_on_from,"} <= set(filters["messages"][1].split())
        assert {"amount,", "-amount,"} <= set(sorts["messages"][1].split())


class TestAForeignRecord:
    def test_looks_as_if_it_were_missing(self, call, token, cy, renewal, northwind):
        secret = token(cy)
        foreign = call(secret, "GET", f"/deals/{renewal.pk}")
        missing = call(secret, "GET", f"/deals/{renewal.pk + 999}")

        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)

    def test_cannot_be_named_in_a_body(self, call, token, cy, northwind, process):
        secret = token(cy)
        foreign = call(secret, "POST", "/deals", DEAL | {"customer_id": northwind.pk})
        missing = call(secret, "POST", "/deals", DEAL | {"customer_id": northwind.pk + 999})

        assert foreign.status_code == 422
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)

    def test_is_in_no_list(self, call, token, cy, renewal, northwind):
        secret = token(cy)
        for noun in ("deals", "customers", "contacts", "interactions", "orders", "payments"):
            assert call(secret, "GET", f"/{noun}").json()["items"] == [], noun


class TestAnEndpoint:
    def test_is_found_among_those_of_its_noun_as_among_all(self, rf, db):
        endpoints = api_door.Endpoints()
        assert set(api_door._by_noun()) >= {"deals", "customers", "me"}
        for _method, route in operation_ids():
            address = re.sub(r"{\w+}", "1", route)
            ours, all_ = endpoints.resolve_request(rf.get(address)), resolve(address)
            assert (ours.func, ours.args, ours.kwargs, ours.route, ours.view_name, ours.namespaces) == (
                (all_.func, all_.args, all_.kwargs, all_.route, all_.view_name, all_.namespaces)
            ), address

    def test_that_does_not_exist_is_not_found_either(self, call, token, ana):
        for path in ("/deals/1/nothing", "/deals/none", "/nothing", "/"):
            assert call(token(ana), "GET", path).status_code == 404, path


class TestACustomField:
    def test_is_asked_for_from_the_next_request_on_and_no_longer_than_it_is_in_use(self, call, token, ana, ed, process):
        secret = token(ana)
        assert call(secret, "POST", "/deals", DEAL).status_code == 201
        field = define_custom_field(
            kind="deal", key="segment", type="text", label_en="Segment", is_required=True, by=ed, at=MONDAY
        )

        without, unknown = call(secret, "POST", "/deals", DEAL), call(secret, "POST", "/customers", {"name": "New"})
        given = call(secret, "POST", "/deals", DEAL | {"custom": {"segment": "A"}})
        assert [without.status_code, unknown.status_code, given.status_code] == [422, 201, 201]
        assert given.json()["custom"] == {"segment": "A"}

        retire_custom_field(field, by=ed, at=MONDAY)
        assert call(secret, "POST", "/deals", DEAL).status_code == 201


class TestPaging:
    def test_shows_each_record_once(self, call, token, ana, process):
        from salesmode.selling import operations as selling

        made = {selling.open_deal(title=f"Deal {n}", by=ana, at=MONDAY).pk for n in range(25)}
        secret, seen, following = token(ana), [], ""
        while True:
            page = call(secret, "GET", f"/deals?limit=10{following}").json()
            seen += [item["id"] for item in page["items"]]
            if not page["next"]:
                break
            following = f"&after={page['next']}"

        assert len(seen) == len(set(seen)) == len(made)


class TestAsking:
    def test_too_often_is_answered_with_when_to_come_back_and_only_to_that_token(self, call, token, ana, monkeypatch):
        monkeypatch.setattr(api_door, "REQUESTS", 2)
        eager, other = token(ana), token(ana)
        answers = [call(eager, "GET", "/me") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
        assert answers[2].headers["Content-Type"] == "application/problem+json"
        assert call(other, "GET", "/me").status_code == 200


class TestWhileTheDatabaseIsAway:
    @pytest.fixture
    def away(self, client):
        """A server that has just gone, before anything was asked of it."""

        def gone(*_asked):
            raise OperationalError("server closed the connection unexpectedly")

        def leave():
            client.raise_request_exception = False
            return connection.execute_wrapper(gone)

        return leave

    @pytest.mark.parametrize(("method", "key"), [("GET", "/me"), ("POST", "/deals")])
    def test_programs_are_told_when_to_come_back(self, call, token, ana, away, method, key):
        secret = token(ana)
        with away():
            answer = call(secret, method, key, {"title": "Later"}, idempotency_key="once")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_whoever_watches_the_program_is_told_in_its_own_way(self, client, db, away):
        with away():
            answer = client.get("/healthz")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.json() == {"status": "the database is away"}

    def test_people_are_told_that_nothing_was_saved(self, client, ana, away):
        client.force_login(ana)
        with away():
            answer = client.get("/deals/")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "nothing was saved" in answer.content.decode()


class TestARepeatedRequest:
    def test_is_answered_as_the_first_time(self, call, token, ana, process):
        secret = token(ana)
        first = call(secret, "POST", "/deals", DEAL, IDEMPOTENCY_KEY="k1")
        second = call(secret, "POST", "/deals", DEAL, IDEMPOTENCY_KEY="k1")

        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert ana.deals.count() == 1

    def test_with_another_body_is_refused(self, call, token, ana, process):
        secret = token(ana)
        call(secret, "POST", "/deals", DEAL, IDEMPOTENCY_KEY="k1")

        assert call(secret, "POST", "/deals", {"title": "Other"}, IDEMPOTENCY_KEY="k1").status_code == 422

    def test_is_the_same_with_its_keys_in_another_order_and_other_space(self, call, token, ana, process):
        secret = token(ana)
        amount = {"amount": "10.50", "currency": "CNY"}
        first = call(secret, "POST", "/deals", {"title": "Same", "amount": amount}, IDEMPOTENCY_KEY="k1")
        turned = '{ "amount":\n{"currency": "CNY", "amount": "10.50"}, "title": "\\u0053ame" }'
        second = call(secret, "POST", "/deals", turned, IDEMPOTENCY_KEY="k1")

        assert (first.status_code, second.status_code, second.content) == (201, 201, first.content)

    @pytest.mark.parametrize(
        "other",
        [
            '{"title": "Same", "amount": {"amount": 1234567890.13}}',
            '{"title": "Same", "amount": {"amount": "1234567890.12"}}',
            '{"title": "Same", "amount": {"amount": {"": "1234567890.12"}}}',
            '{"title": "Same", "title": "Same", "amount": {"amount": 1234567890.12}}',
        ],
    )
    def test_is_another_one_when_it_says_anything_else(self, call, token, ana, process, other):
        secret = token(ana)
        body = '{"title": "Same", "amount": {"amount": 1234567890.12}}'
        first = call(secret, "POST", "/deals", body, IDEMPOTENCY_KEY="k1")
        second = call(secret, "POST", "/deals", other, IDEMPOTENCY_KEY="k1")

        assert (first.status_code, second.status_code, second.json()["code"]) == (201, 422, "key_reused")

    def test_of_somebody_else_is_their_own(self, call, token, ana, bo, process):
        call(token(ana), "POST", "/deals", DEAL, IDEMPOTENCY_KEY="k1")

        assert call(token(bo), "POST", "/deals", DEAL, IDEMPOTENCY_KEY="k1").status_code == 201


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    def test_have_one_effect(self, token, ana, process):
        secret = token(ana)

        def post(_n: int) -> int:
            headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": "same"}
            try:
                return (
                    Client()
                    .post("/api/v1/customers", {"name": "Once"}, content_type="application/json", **headers)
                    .status_code
                )
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            statuses = set(pool.map(post, range(20)))

        assert statuses <= {201, 409}
        assert Customer.objects.filter(name="Once").count() == 1
