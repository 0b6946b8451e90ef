"""Single sign-on: a provider of our own answers over HTTP with tokens that it signs."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people
from salesmode.people.models import Person
from tests.conftest import MONDAY

LOGIN = "/accounts/oidc/company/login/"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """The company's identity provider: says who the person at the browser is."""

    claims: dict[str, Any]
    audience = "salesmode"

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"http://127.0.0.1:{self.server_port}"

    def id_token(self) -> str:
        """Sign what it knows."""
        moment = int(time.time())
        said = {"iss": self.address, "aud": self.audience, "iat": moment, "exp": moment + 300} | self.claims
        return jwt.encode(said, KEY, algorithm="RS256", headers={"kid": "one"})


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        at = self.server.address
        self._say(
            {
                "/.well-known/openid-configuration": {
                    "issuer": at,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "userinfo_endpoint": f"{at}/userinfo",
                    "jwks_uri": f"{at}/keys",
                },
                "/keys": {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one"}]},
                "/userinfo": self.server.claims,
            }[self.path]
        )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": self.server.id_token()})

    def _say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(settings, system) -> Iterator[Provider]:
    """The provider, and a Salesmode that asks it."""
    server = Provider(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "company", "name": "Our company", "client_id": "salesmode", "secret": "s"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app | {"settings": {"server_url": server.address}}]}
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def arrive(client, provider):
    """Come back from the provider as somebody; says as whom one is signed in then."""

    def come(email: str, *, is_verified: bool = True, state: str = "") -> Any:
        provider.claims = {
            "sub": f"subject-{email}",
            "email": email,
            "email_verified": is_verified,
            "name": "Some Body",
        }
        away = client.post(LOGIN)
        asked = parse_qs(urlsplit(away["Location"]).query)
        assert away["Location"].startswith(f"{provider.address}/authorize?")
        assert asked["redirect_uri"] == ["http://testserver/accounts/oidc/company/login/callback/"]
        client.get(f"{LOGIN}callback/", {"code": "one", "state": state or asked["state"][0]}, follow=True)
        return client.session.get("_auth_user_id")

    return come


@pytest.mark.django_db
class TestSingleSignOn:
    def test_is_offered_where_people_sign_in(self, client, provider):
        assert "Our company" in client.get("/accounts/login/").content.decode()

    def test_lets_in_who_was_invited_and_joined(self, arrive, system):
        _invitation, secret = people.invite_person(email="new@example.com", name="New", by=system, at=MONDAY)
        joined = people.accept_invitation(secret, password="a long pass phrase for tests", by=system, at=MONDAY)

        assert arrive("New@example.com") == str(joined.pk)
        assert EventRecord.objects.filter(name="person.signed_in", subject_id=joined.pk).exists()

    def test_lets_the_same_person_in_again(self, arrive, client, ana):
        arrive(ana.email)
        client.logout()

        assert arrive(ana.email) == str(ana.pk)

    def test_leaves_strangers_outside(self, arrive, ana):
        before = Person.objects.count()

        assert arrive("stranger@example.com") is None
        assert Person.objects.count() == before

    def test_believes_no_address_that_the_provider_has_not_checked(self, arrive, ana):
        assert arrive(ana.email, is_verified=False) is None

    def test_leaves_those_outside_who_left(self, arrive, ana, ed):
        people.deactivate_person(ana, by=ed, at=MONDAY)

        assert arrive(ana.email) is None

    def test_refuses_an_answer_that_nobody_asked_for(self, arrive, ana):
        assert arrive(ana.email, state="made-up") is None

    def test_refuses_a_token_for_another_program(self, arrive, provider, ana):
        provider.audience = "another-program"

        assert arrive(ana.email) is None
