"""The API's description: true, complete, and not changed by accident."""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings

from salesmode.config.api import api
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


@pytest.fixture
def api_schema(db, ed, token, renewal, northwind, process):
    """The API as an administrator's program sees it, with something in every list."""
    from salesmode.customers import operations as customers
    from salesmode.orders import operations as orders
    from salesmode.selling import operations as selling

    customers.create_contact(customer=northwind, name="Nora", by=ed, at=TUESDAY)
    selling.create_lead(name="Lena", by=ed, at=TUESDAY)
    orders.draft_order(customer=northwind, title="Renewal", amount=100, by=ed, at=TUESDAY)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    schema.config.update(headers={"Authorization": f"Bearer {token(ed)}"})
    return schema


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_it(case):
    response = case.call()

    assert response.status_code < 500, (case.method, case.path, case.body, response.text[:500])
    if response.status_code >= 400:
        assert response.headers["content-type"][0].startswith("application/problem+json")
