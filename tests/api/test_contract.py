"""The whole API, endpoint by endpoint, held against what is promised of every one of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from salesmode.config.api import api
from tests.api.test_denied import body_of
from tests.belongings import address
from tests.test_permissions import made as made

RECORD = {"id", "version", "created_at", "updated_at"}
MONEY = {"amount", "currency"}
# Answers that are no records: numbers computed for the moment, and previews of what is not there yet.
COMPUTED = {
    "get_deal_warnings", "get_forecast", "get_leaderboard", "get_waterfall", "measure", "preview_adoption",
    "propose_benchmarks", "list_scores", "list_deal_warnings", "list_import_failures", "close_period",
    "copy_targets", "hand_out_contact", "propose_targets", "paste_targets", "get_target_sheet",
    "require_target_sheet", "release_target_sheet", "confirm_target_sheet",
}  # fmt: skip
NOT_LISTS = {"who_am_i", "get_forecast", "get_waterfall", "get_leaderboard", "get_target_sheet"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """What the API says of itself."""
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix=""), default=str))


def operations(described: dict[str, Any], method: str = "") -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every endpoint: its name, method, path and description."""
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            if method in ("", verb):
                yield operation["operationId"], verb, path, operation


def resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to what it means."""
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def answered(described: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of what an endpoint answers, or None for a file."""
    good = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    content = good.get("content", {}).get("application/json")
    return resolved(described, content["schema"]) if content else None


def headers_of(operation: dict[str, Any]) -> dict[str, bool]:
    """Return the headers that an endpoint takes, and whether it needs them."""
    return {each["name"]: each["required"] for each in operation.get("parameters", []) if each["in"] == "header"}


class TestTheDescription:
    def test_gives_every_record_what_records_carry(self, described):
        bare = []
        for name, _method, _path, operation in operations(described):
            answer = answered(described, operation)
            if answer is None or name in COMPUTED:
                continue
            fields = answer.get("properties", {})
            if set(fields) == {"items", "next"}:
                fields = resolved(described, fields["items"]["items"])["properties"]
            if missing := RECORD - set(fields):
                bare.append(f"{name}: {sorted(missing)}")
        assert bare == []

    def test_lists_in_one_shape(self, described):
        odd = []
        for name, _method, path, operation in operations(described, "get"):
            answer = answered(described, operation)
            if "{" in path or name in NOT_LISTS or answer is None:
                continue
            asked = {each["name"] for each in operation.get("parameters", [])}
            if set(answer.get("properties", {})) != {"items", "next"} or not {"limit", "after"} <= asked:
                odd.append(name)
        assert odd == []

    def test_takes_a_key_with_every_post_and_a_version_with_every_change(self, described):
        without = [
            name for name, *_, each in operations(described, "post") if "Idempotency-Key" not in headers_of(each)
        ]
        blind = [name for name, *_, each in operations(described, "patch") if not headers_of(each).get("If-Match")]

        assert (without, blind) == ([], [])

    def test_says_everywhere_what_problems_look_like(self, described):
        odd = [
            (name, status)
            for name, *_, each in operations(described)
            for status, answer in each["responses"].items()
            if int(status) >= 400 and set(answer["content"]) != {"application/problem+json"}
        ]
        silent = [name for name, *_, each in operations(described) if not {"401", "404"} <= set(each["responses"])]

        assert (odd, silent) == ([], [])

    def test_gives_money_one_shape(self, described):
        odd = [
            name
            for name, schema in described["components"]["schemas"].items()
            if "amount" in schema.get("properties", {}) and "currency" in schema["properties"]
            if set(schema["properties"]) != MONEY
        ]
        loose = [
            f"{name}.{field}"
            for name, schema in described["components"]["schemas"].items()
            if name.endswith(("In", "Change", "Changes"))
            for field, shape in schema.get("properties", {}).items()
            if field == "currency" and set(schema["properties"]) != MONEY
        ]
        assert (odd, loose) == ([], [])


@pytest.fixture
def ask(call, token, made, described) -> Callable:
    """Ask an endpoint with real things in its address and the least body that it takes."""

    def _ask(secret: str, method: str, path: str, operation: dict[str, Any], query: str = "", **headers: str) -> Any:
        there = address(operation["operationId"], path, made)
        assert there is not None, f"nothing of Ana's stands for {path}"
        body = None if method == "get" else body_of(operation, described)
        return call(secret, method, there + query, body, **headers)

    return _ask


def is_problem(answer: Any, status: int) -> bool:
    """Whether an answer is a problem document with everything that one has."""
    if answer.status_code != status or answer.headers["Content-Type"] != "application/problem+json":
        return False
    told = answer.json()
    return {"type", "title", "status", "code", "detail"} <= set(told) and told["status"] == status


@pytest.mark.django_db
class TestEveryEndpoint:
    def test_refuses_without_a_token(self, described, ask):
        open_doors = [
            name
            for name, method, path, operation in operations(described)
            if not is_problem(ask("", method, path, operation), 401)
        ]
        assert open_doors == []

    def test_refuses_names_that_it_does_not_know(self, described, ask, token, ed):
        secret, deaf = token(ed), []
        for name, method, path, operation in operations(described, "get"):
            answer = ask(secret, method, path, operation, "?no_such_name=1")
            if not is_problem(answer, 400) or "no_such_name" not in answer.content.decode():
                deaf.append(f"{name}: {answer.status_code}")
        assert deaf == []

    def test_reads_one_page_of_a_list(self, described, ask, token, ana, ed):
        odd: list[str] = []
        for name, method, path, operation in operations(described, "get"):
            shape = answered(described, operation)
            if shape is None or set(shape.get("properties", {})) != {"items", "next"}:
                continue
            secret = token(ana if "import_id" in path else ed)  # what she brings in is hers alone to look at
            page = ask(secret, method, path, operation, "?limit=1")
            if page.status_code != 200 or set(page.json()) != {"items", "next"} or len(page.json()["items"]) > 1:
                odd.append(f"{name}: {page.status_code}")
            for query in ("limit=0", "limit=201", "limit=-1", "limit=abc", "after=garbage"):
                if not is_problem(ask(secret, method, path, operation, f"?{query}"), 400):
                    odd.append(f"{name}?{query}")
        assert odd == []

    def test_that_changes_wants_the_version_that_holds(self, described, ask, token, ed):
        secret, blind = token(ed), []
        for name, method, path, operation in operations(described, "patch"):
            answers = [
                (ask(secret, method, path, operation), 428),
                (ask(secret, method, path, operation, if_match='"99"'), 412),
                (ask(secret, method, path, operation, if_match="latest"), 400),
            ]
            blind += [
                f"{name}: {answer.status_code}, not {wanted}"
                for answer, wanted in answers
                if not is_problem(answer, wanted)
            ]
            if "current_version" not in answers[1][0].json():
                blind.append(f"{name}: says no current version")
        assert blind == []

    def test_shows_what_records_carry(self, described, ask, token, ed):
        secret, bare = token(ed), []
        for name, method, path, operation in operations(described, "get"):
            shape = answered(described, operation)
            if name in COMPUTED or shape is None:
                continue
            answer = ask(secret, method, path, operation)
            told = answer.json() if answer.status_code == 200 else {}
            for record in told.get("items", [told]) if answer.status_code == 200 else []:
                if missing := RECORD - set(record):
                    bare.append(f"{name}: {sorted(missing)}")
        assert bare == []

    def test_remembers_the_key_of_a_post(self, described, ask, token, ed):
        """Whatever a POST does, told twice with one key it answers the same; a long key is refused everywhere."""
        secret, forgetful = token(ed), []
        for name, method, path, operation in operations(described, "post"):
            first = ask(secret, method, path, operation, idempotency_key=name)
            again = ask(secret, method, path, operation, idempotency_key=name)
            if first.status_code < 300 and (first.status_code, first.content) != (again.status_code, again.content):
                forgetful.append(f"{name}: {first.status_code}, then {again.status_code}")
            if not is_problem(ask(secret, method, path, operation, idempotency_key="x" * 256), 400):
                forgetful.append(f"{name}: takes any key")
        assert forgetful == []


@pytest.mark.django_db
class TestWhatIsMade:
    def test_says_where_it_is_and_which_version_it_has(self, call, token, ana, process):
        secret = token(ana)
        made = call(secret, "POST", "/deals", {"title": "Here"}, idempotency_key="once")
        again = call(secret, "POST", "/deals", {"title": "Here"}, idempotency_key="once")

        assert made.headers["Location"] == f"/api/v1/deals/{made.json()['id']}"
        assert (again.headers["Location"], again.headers["ETag"]) == (made.headers["Location"], made.headers["ETag"])


@pytest.mark.django_db
class TestABody:
    def test_that_is_no_json_is_refused(self, client, token, ana, process):
        known = {"HTTP_AUTHORIZATION": f"Bearer {token(ana)}"}
        answer = client.post("/api/v1/deals", b"<a/>", content_type="application/xml", **known)

        assert is_problem(answer, 415)
        assert answer.json()["code"] == "not_json"

    def test_is_criticised_in_the_callers_language(self, call, token, ana, process):
        answer = call(token(ana), "POST", "/deals", {"amount": {"amount": "x"}}, ACCEPT_LANGUAGE="zh-hans")

        told = [message for each in answer.json()["errors"] for message in each["messages"]]
        assert len(told) == 2
        assert all(any("一" <= letter <= "鿿" for letter in message) for message in [*told, answer.json()["title"]])

    @pytest.mark.parametrize(
        ("currency", "amount", "field"),
        [("JPY", "1500.5", "amount.amount"), ("KWD", "1.2345", "amount.amount"), ("CNY", "1.005", "amount.amount")],
    )
    def test_with_more_decimals_than_the_currency_has_is_refused(
        self, call, token, ana, process, currency, amount, field
    ):
        answer = call(token(ana), "POST", "/deals", {"title": "M", "amount": {"amount": amount, "currency": currency}})

        assert answer.status_code == 422
        assert [each["field"] for each in answer.json()["errors"]] == [field]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("closes_on", 0), ("closes_on", "0"), ("closes_on", "2026-03-02T00:00:00Z"), ("customer_id", True)],
    )
    def test_is_not_taken_for_something_else(self, call, token, ana, process, field, value):
        """The schema library would make 1 January 1970 of 0, and record 1 of true."""
        answer = call(token(ana), "POST", "/deals", {"title": "M", field: value})

        assert answer.status_code == 422
        assert [each["field"] for each in answer.json()["errors"]] == [field]

    @pytest.mark.parametrize("moment", [1_764_000_000, "1764000000", "2026-03-02", "2026-03-02T01:00:00"])
    def test_names_moments_with_their_zone(self, call, token, ana, northwind, moment):
        answer = call(
            token(ana),
            "POST",
            f"/customers/{northwind.pk}/follow-up",
            {"next_contact_at": moment},
            ACCEPT_LANGUAGE="en",
        )

        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"field": "next_contact_at", "messages": ["Write the time as 2026-03-02T01:00:00Z."]}
        ]

    def test_has_no_zero_below_zero(self, call, token, ana, process):
        answer = call(token(ana), "POST", "/deals", {"title": "M", "amount": {"amount": "-0"}})

        assert answer.json()["amount"]["amount"] == "0.00"

    @pytest.mark.parametrize("key", ["", "\u00e9", "k" * 256])
    def test_with_a_key_that_is_none_is_refused_instead_of_sent_without(self, call, token, ana, process, key):
        answer = call(token(ana), "POST", "/deals", {"title": "M"}, idempotency_key=key)

        assert is_problem(answer, 400)

    def test_that_is_too_large_says_so(self, call, token, ana, process):
        answer = call(token(ana), "POST", "/deals", {"title": "M", "notes": "x" * 3_000_000})

        assert is_problem(answer, 413)
        assert answer.json()["code"] == "too_large"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question",
    [
        "/metrics/won_amount?period=0001-01-01",
        "/metrics/won_amount?period=FY0001",
        "/forecasts/waterfall?start=0&end=86400",
        "/forecasts/waterfall?start=2026-01-01&end=9999-12-31",
        "/alert-rules/holding?on=0",
        "/target-sheets?on=0",
    ],
)
def test_a_question_about_days_that_there_are_not_is_refused(call, token, di, question):
    assert is_problem(call(token(di), "GET", question), 400)


def test_the_head_of_an_answer_can_be_asked_for(call, token, ana, renewal):
    answer = call(token(ana), "HEAD", f"/deals/{renewal.pk}")

    assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{renewal.version}"')
