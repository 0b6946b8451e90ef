"""The API's description: true, complete, and not changed by accident."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import response_schema_conformance

from salesmode.config.api import api
from salesmode.customers.models import Contact, Customer
from salesmode.orders.models import Order
from salesmode.people.models import Person
from salesmode.selling.models import Deal, Lead
from tests.conftest import TUESDAY

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
EXAMPLES = int(os.environ.get("SALESMODE_EXAMPLES", "12"))


def described() -> dict:
    """Return what the API says of itself."""
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


class TestTheDescription:
    def test_is_the_one_that_was_agreed(self):
        """After a wanted change: `make docs` writes the snapshot anew."""
        assert described() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))

    def test_is_openapi_3_1(self):
        assert described()["openapi"].startswith("3.1")

    def test_is_made_once(self):
        assert api.get_openapi_schema(path_prefix="/api/v1/") is api.get_openapi_schema(path_prefix="/api/v1/")

    def test_has_one_meaning_for_each_name(self):
        """Two schemas of one name would be told as one: the last that was registered."""
        named: dict[str, set[type]] = {}
        waiting = [Schema]
        while waiting:
            for each in waiting.pop().__subclasses__():
                waiting.append(each)
                if each.__module__.startswith("salesmode."):
                    named.setdefault(each.__name__, set()).add(each)

        assert {name: kinds for name, kinds in named.items() if len(kinds) > 1} == {}


@pytest.fixture
def api_schema(db, ed, token, renewal, northwind, process):
    """The API as an administrator's program sees it, with something in every list."""
    from salesmode.customers import operations as customers
    from salesmode.orders import operations as orders
    from salesmode.selling import operations as selling

    customers.create_contact(customer=northwind, name="Nora", by=ed, at=TUESDAY)
    selling.create_lead(name="Lena", by=ed, at=TUESDAY)
    orders.draft_order(customer=northwind, title="Renewal", amount=100, by=ed, at=TUESDAY)
    # As Django's own test client does: a request must not close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _breaks(operation, transport: dict, real: dict[str, int], statuses: Counter) -> str:
    """Send an endpoint what its description allows and forbids; return what broke, or nothing."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        is_real=strategies.booleans(),
    )
    def ask(case, is_real) -> None:
        if is_real and case.path_parameters:
            case.path_parameters = {name: real.get(name, key) for name, key in case.path_parameters.items()}
        response = case.call(**transport)
        statuses[response.status_code] += 1
        told = (case.method, case.formatted_path, case.query, case.body, response.text[:300])
        assert response.status_code < 500, told
        if response.status_code >= 400:
            assert response.headers["content-type"][0].startswith("application/problem+json"), told
        elif case.method == "GET":
            case.validate_response(response, checks=[response_schema_conformance])

    try:
        ask()
    except Unsatisfiable:
        return ""
    except Exception as error:
        return f"{operation.label}: {error}"
    return ""


def test_no_request_breaks_it(api_schema, ed, token):
    """Every endpoint gets generated requests, valid and not: no 5xx, problems as problems, answers as described."""
    nouns = {"deal": Deal, "customer": Customer, "contact": Contact, "lead": Lead, "order": Order, "person": Person}
    real = {
        f"{noun}_id": model.objects.order_by("-pk").values_list("pk", flat=True)[0] for noun, model in nouns.items()
    }
    transport = {"headers": {"Authorization": f"Bearer {token(ed)}"}}
    statuses: Counter[int] = Counter()
    operations = [found.ok() for found in api_schema.get_all_operations()]

    assert len(operations) > 50
    assert [broken for operation in operations if (broken := _breaks(operation, transport, real, statuses))] == []
    assert statuses[200] + statuses[201] > 100, statuses
