"""Signing in: by e-mail and password, without telling strangers who works here."""

import re
import statistics
import time

import pytest
from django.core import mail
from django.core.cache import cache

from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people
from salesmode.people.adapter import InvitedOnly, NotEasilyGuessed
from salesmode.people.forms import JoinForm
from tests.conftest import MONDAY, PASSWORD

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    """Nobody has tried anything yet."""
    cache.clear()


@pytest.fixture
def at_once(monkeypatch):
    """Background work is done on the spot."""
    monkeypatch.setattr(InvitedOnly, "in_background", staticmethod(lambda work: work()))


@pytest.fixture
def ana_with_password(ana):
    """Ana has chosen a password."""
    return people.change_password(ana, password=PASSWORD, by=ana, at=MONDAY)


def masked(answer) -> tuple[int, str, str]:
    """Return what a stranger can compare of an answer: status, place, words without what changes each time."""
    body = re.sub(r'value="[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}|X-CSRFToken[^}]*', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), re.sub(r"[\w.+-]+@example\.com", "", body)


class TestSigningIn:
    def test_needs_no_address_book_of_the_library(self, client, ana_with_password):
        answer = client.post(LOGIN, {"login": "ANA@example.com", "password": PASSWORD})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert client.get("/settings/me").status_code == 200

    def test_gives_the_session_another_id_and_is_noted(self, client, ana_with_password):
        client.get(LOGIN)
        client.session["x"] = 1
        before = client.session.session_key
        client.post(LOGIN, {"login": "ana@example.com", "password": PASSWORD})

        assert client.session.session_key != before
        assert EventRecord.objects.filter(name="person.signed_in", actor_id=ana_with_password.pk).count() == 1

    def test_is_refused_to_somebody_who_has_left(self, client, ana_with_password, ed):
        people.deactivate_person(ana_with_password, by=ed, at=MONDAY)

        client.post(LOGIN, {"login": "ana@example.com", "password": PASSWORD})

        assert client.get("/settings/me").status_code == 302

    def test_goes_where_the_stranger_wanted_but_never_to_another_site(self, client, ana_with_password):
        assert (
            client.get("/settings/tokens?x=1").headers["Location"]
            == "/accounts/login/?next=%2Fsettings%2Ftokens%3Fx%3D1"
        )

        answer = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "ana@example.com", "password": PASSWORD})

        assert answer.headers["Location"] == "/"

    def test_is_slowed_down_after_ten_failures_but_a_new_password_still_helps(self, client, ana_with_password, at_once):
        for _number in range(12):
            client.post(
                LOGIN, {"login": "ana@example.com", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{_number}"
            )

        client.post(LOGIN, {"login": "ana@example.com", "password": PASSWORD})
        assert client.get("/settings/me").status_code == 302
        client.post(RESET, {"email": "ana@example.com"})
        assert [message.to for message in mail.outbox] == [["ana@example.com"]]


class TestTryingTooOften:
    @pytest.mark.parametrize(("language", "sentence"), [("en", "Wait a moment"), ("zh-hans", "请稍候")])
    def test_is_answered_with_a_page_and_when_to_come_back(self, client, system, settings, language, sentence):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
        tried = [
            client.post(LOGIN, {"login": "eve@example.com", "password": PASSWORD}, HTTP_ACCEPT_LANGUAGE=language)
            for _ in range(2)
        ]

        assert [answer.status_code for answer in tried] == [200, 429]
        assert tried[1].headers["Retry-After"] == "60"
        assert sentence in tried[1].content.decode()


class TestStrangers:
    def test_see_the_same_whoever_they_ask_for(self, client, ana_with_password, at_once):
        known = client.post(LOGIN, {"login": "ana@example.com", "password": "wrong words altogether"})
        unknown = client.post(LOGIN, {"login": "zoe@example.com", "password": "wrong words altogether"})
        assert masked(known) == masked(unknown)

        known, unknown = (client.post(RESET, {"email": f"{name}@example.com"}) for name in ("ana", "zoe"))
        assert masked(known) == masked(unknown)

    def test_cannot_tell_by_the_clock(self, client, ana_with_password, monkeypatch):
        started = []
        monkeypatch.setattr(InvitedOnly, "in_background", staticmethod(started.append))
        times: dict[str, list[float]] = {"ana": [], "zoe": []}
        for _round in range(15):
            for name, taken in times.items():
                cache.clear()
                begun = time.perf_counter()
                client.post(RESET, {"email": f"{name}@example.com"})
                taken.append(time.perf_counter() - begun)

        assert len(started) == 30
        ana, zoe = (statistics.median(taken) for taken in times.values())
        assert abs(ana - zoe) < 0.5 * max(ana, zoe)

    def test_get_no_mail_and_cause_none_to_others(self, client, ana_with_password, at_once):
        client.post(RESET, {"email": "zoe@example.com"})
        client.post(RESET, {"email": ["ana@example.com", "zoe@example.com"]})
        client.post(RESET, {"email[]": "ana@example.com"})
        client.post(RESET, '{"email": ["ana@example.com", "zoe@example.com"]}', content_type="application/json")
        client.post(RESET, {"email": "ana@example.com,zoe@example.com"})

        assert mail.outbox == []

    @pytest.mark.parametrize("page", ["signup", "email", "confirm-email", "3rdparty/signup"])
    def test_find_no_way_in_besides(self, client, page, system):
        page = f"/accounts/{page}/"
        assert client.get(page).status_code in {302, 404}
        assert client.post(page, {"email": "zoe@example.com", "password1": PASSWORD}).status_code in {302, 403, 404}


class TestTheLinkForANewPassword:
    def test_names_our_own_host_and_works_once(self, client, ana_with_password, at_once, settings):
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://crm.example.com", ["*"]
        client.post(RESET, {"email": "ana@example.com"}, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")

        body = mail.outbox[0].body
        assert "evil.example" not in body
        path = re.search(r"https://crm\.example\.com(/accounts/password/reset/key/\S+)", body)[1]
        form = client.get(path, follow=True).redirect_chain[-1][0]
        new = "another sentence nobody guesses"
        client.post(form, {"password1": new, "password2": new})
        ana_with_password.refresh_from_db()
        assert ana_with_password.check_password(new)
        assert EventRecord.objects.filter(name="person.password_changed").exists()

        again = client.get(path, follow=True)
        assert "/password/reset/key/set-password" not in str(again.redirect_chain)

    def test_can_be_made_by_an_administrator_where_no_mail_is_sent(self, client, ana, ed):
        client.force_login(ed)
        page = client.post(f"/settings/people/{ana.pk}/password-link").content.decode()

        assert re.search(r"/accounts/password/reset/key/[\w-]+/", page)
        assert EventRecord.objects.filter(name="person.password_link_issued", subject_id=ana.pk).exists()


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        [
            "short", "14 characters!", "password12345678", "passwordpassword", "aaaaaaaaaaaaaaaa", "1234567890123456",
            "qwertyuiopasdfgh", "abcdefghijklmnop", "abcabcabcabcabcabc", "monkey1234567890", "letmeinletmein12",
            "ana@example.com1", "Password!!!!!!!!1",
        ],
    )  # fmt: skip
    def test_that_are_guessed_early_are_refused(self, password):
        form = JoinForm({"name": "Ana", "password": password}, email="ana@example.com")
        assert "password" in form.errors

    @pytest.mark.parametrize(
        "password",
        [
            PASSWORD,
            "correct horse battery staple",
            "西湖的水我的泪还有三千里路云和月",
            "x7#Kp2!mQ9vL4wZ",
            "spaces at the end   ",
            "éééé garçon à la pêche",
            "long " * 12 + "and four more words",
        ],
    )  # fmt: skip
    def test_that_are_long_and_odd_are_taken(self, password):
        form = JoinForm({"name": "Ana", "password": password}, email="ana@example.com")
        assert form.errors == {}

    def test_are_kept_with_argon2_alone(self, ana_with_password):
        assert ana_with_password.password.startswith("argon2$argon2id$")

    def test_the_rule_needs_no_database(self):
        NotEasilyGuessed().validate("kettle violin harbour")
