"""Programs that talk to the house: each acts as somebody of the cast."""

from collections.abc import Callable

import pytest
from django.utils.timezone import now

from salesmode.people import operations as people


@pytest.fixture
def token() -> Callable[..., str]:
    """Make a token for somebody."""

    def make(person, scope: str = "write") -> str:
        return people.create_token(person, name="Test", scope=scope, days=30, by=person, at=now())[1]

    return make


@pytest.fixture
def call(client) -> Callable:
    """Ask the API as the holder of a token."""

    def ask(secret: str, method: str, path: str, body: object = None, **headers: str):
        given = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if secret:
            given["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        content = {} if body is None else {"data": body}
        return getattr(client, method.lower())(f"/api/v1{path}", content_type="application/json", **content, **given)

    return ask
