"""Every endpoint, tried on Ana's things by those who may not: nothing seems to be there, and nothing changes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from salesmode.config.api import api
from tests.belongings import address
from tests.test_permissions import endpoints, everything
from tests.test_permissions import made as made

# What belongs to everybody who works here, or to nobody in particular.
FOR_EVERYBODY = {
    "scorecard_id",
    "person_id",
    "team_id",
    "product_id",
    "process_id",
    "code",
    "reason_id",
}
MONEY = {"amount": "1.00", "currency": "CNY"}


def body_of(operation: dict[str, Any], described: dict[str, Any]) -> Any:
    """Return the least that an endpoint asks for, of the right types."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return _sample(content["schema"], described) if content else None


def _sample(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _sample(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], described)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return _sample(schema[several][0], described)
    kind = schema.get("type")
    if kind == "object":
        fields, asked = schema.get("properties", {}), schema.get("required", [])
        if {"amount", "currency"} <= set(fields):
            return MONEY
        return {name: _sample(fields[name], described) for name in asked}
    if kind == "array":
        return [_sample(schema.get("items", {}), described)] if schema.get("minItems") else []
    if kind == "integer":
        return int(schema.get("minimum", 1))
    if kind == "number":
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return {"date": "2026-03-02", "date-time": "2026-03-02T01:00:00Z", "email": "new@example.com"}.get(
        schema.get("format", ""), "x" * max(1, int(schema.get("minLength", 1)))
    )


@pytest.fixture
def doors() -> list[tuple[str, str, str, Any]]:
    """Every endpoint: its operation, method, path and the least body."""
    described = json.loads(json.dumps(api.get_openapi_schema(path_prefix=""), default=str))
    paths = described["paths"]
    return [(name, method, path, body_of(paths[path][method], described)) for name, method, path in endpoints()]


def _ask(call: Callable, secret: str, method: str, there: str, body: Any) -> Any:
    return call(secret, method, there, body if method != "get" else None, if_match='"1"')


@pytest.mark.django_db
class TestSomebodyElses:
    @pytest.mark.parametrize("persona", ["cy", "fay"])
    def test_things_are_not_changed(self, call, token, made, doors, persona, request, cy, fay):
        secret, wrong = token(request.getfixturevalue(persona)), []
        before = everything()
        for name, method, path, body in doors:
            there = address(name, path, made)
            if method == "get" or "{" not in path or there is None:
                continue
            answer = _ask(call, secret, method, there, body)
            after = everything()
            changed = [table for table in after if after[table] != before[table] and table not in SEEN_IN_PASSING]
            if changed or answer.status_code < 400 or answer.status_code >= 500:
                wrong.append(f"{name}: {answer.status_code} {changed}")
            before = after
        assert wrong == []

    def test_things_look_as_if_they_were_missing(self, call, token, made, doors, cy):
        secret, shown = token(cy), []
        for name, method, path, _body in doors:
            there = address(name, path, made)
            if method != "get" or "{" not in path or there is None or _open_to_all(path):
                continue
            answer, missing = call(secret, "get", there), call(secret, "get", address(name, path, _gone(made)))
            if (answer.status_code, _masked(answer)) != (missing.status_code, _masked(missing)):
                shown.append(f"{name} {answer.status_code}")
        assert shown == []

    def test_the_same_doors_open_to_who_may(self, call, token, made, doors, ana):
        """The control: what was refused above is refused for want of right, not of a body."""
        secret, opened = token(ana), set()
        for name, method, path, _body in doors:
            there = address(name, path, made)
            if method == "get" and "{" in path and there is not None and call(secret, "get", there).status_code == 200:
                opened.add(name)
        assert {"get_deal", "get_customer", "get_lead", "get_order", "get_contact"} <= opened


@pytest.mark.django_db
def test_a_token_that_only_reads_changes_nothing(call, token, made, doors, ed):
    secret = token(ed, scope="read")
    call(secret, "get", "/teams")
    before = everything()
    let_in = []
    for name, method, path, body in doors:
        there = address(name, path, made)
        if method != "get" and there is not None and _ask(call, secret, method, there, body).status_code != 403:
            let_in.append(name)
    after = everything()
    assert let_in == []
    assert [table for table in after if after[table] != before[table] and table not in SEEN_IN_PASSING] == []


# A token says when it was used last.
SEEN_IN_PASSING = {"people_apitoken", "kernel_eventrecord"}


def _open_to_all(path: str) -> bool:
    return path.startswith("/pay-plans") or any(f"{{{name}}}" in path for name in FOR_EVERYBODY)


def _gone(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else 2**40 for name, value in made.items()}


def _masked(answer: Any) -> Any:
    said = answer.json() if answer.get("Content-Type", "").startswith("application/problem") else answer.content
    return (
        {name: value for name, value in said.items() if name not in ("instance",)} if isinstance(said, dict) else said
    )
