"""The pages about people, teams, keys and one's own settings."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.utils.timezone import now

from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people
from salesmode.people.models import ApiToken, Person, Team
from salesmode.people.tokens import person_for_token
from tests.conftest import MONDAY, PASSWORD, TUESDAY

WAYS = {"/edit", "/deactivate", "/password-link"}


class TestThePeopleList:
    def test_takes_as_many_queries_for_many_as_for_few(self, client, ana, ed, system, django_assert_max_num_queries):
        client.force_login(ana)
        client.get("/settings/people")
        for number in range(30):
            people.create_person(email=f"p{number}@example.com", name=f"P{number}", by=system, at=MONDAY)

        with django_assert_max_num_queries(12):
            page = client.get("/settings/people").content.decode()
        assert "P29" in page

    def test_offers_to_invite_only_to_who_may(self, client, ana, ed):
        client.force_login(ana)
        assert "/settings/people/invite" not in client.get("/settings/people").content.decode()
        client.force_login(ed)
        assert "/settings/people/invite" in client.get("/settings/people").content.decode()


class TestThePersonPage:
    def test_offers_each_only_what_they_may(self, client, ana, bo, cy, ed):
        offered = {}
        for viewer in (ana, bo, cy, ed):
            client.force_login(viewer)
            page = client.get(f"/settings/people/{ana.pk}").content.decode()
            offered[viewer.name] = {
                word for word in ("/edit", "/deactivate", "/password-link") if f"{ana.pk}{word}" in page
            }
            assert ("What they own" in page) == (viewer in (bo, ed))

        assert offered == {"Ana": set(), "Bo": set(), "Cy": set(), "Ed": WAYS}

    def test_never_shows_the_system(self, client, ed, system):
        client.force_login(ed)
        assert client.get(f"/settings/people/{system.pk}").status_code == 404

    def test_says_at_the_field_that_an_address_is_taken(self, client, ana, bo, ed):
        client.force_login(ed)
        answer = client.post(
            f"/settings/people/{ana.pk}/edit",
            {"name": "Ana", "email": bo.email, "role": "seller", "version": ana.version},
        )

        assert answer.status_code == 422
        assert "email" in answer.context["form"].errors

    def test_hands_over_and_deactivates_in_one_form(self, client, ana, cy, ed, renewal, northwind):
        client.force_login(ed)
        page = client.get(f"/settings/people/{ana.pk}/deactivate").content.decode()
        assert "<strong>1</strong> <span>Open deals</span>" in page
        stage, entered = renewal.stage_id, renewal.stage_entered_at

        client.post(f"/settings/people/{ana.pk}/deactivate", {"to": cy.pk})

        for row in (renewal, northwind, ana):
            row.refresh_from_db()
        assert (renewal.owner, northwind.owner, ana.is_active) == (cy, cy, False)
        assert (renewal.stage_id, renewal.stage_entered_at, renewal.stays.count()) == (stage, entered, 1)
        assert EventRecord.objects.about("deal", renewal.pk).filter(name="deal.opened", actor_id=ana.pk).exists()


class TestTeams:
    def test_are_founded_moved_and_led_on_their_pages(self, client, ed, north, ana):
        client.force_login(ed)
        client.post("/settings/teams/new", {"name": "Harbour", "parent": north.pk, "lead": ana.pk})
        team = Team.objects.get(name="Harbour")
        assert (team.parent, team.lead) == (north, ana)

        answer = client.post(
            f"/settings/teams/{north.pk}", {"name": "North", "parent": team.pk, "version": north.version}
        )
        assert answer.status_code in {412, 422}

        north.refresh_from_db()
        answer = client.post(
            f"/settings/teams/{north.pk}", {"name": "North", "parent": team.pk, "version": north.version}
        )
        assert "A team cannot be part of itself." in answer.content.decode()

    def test_with_the_same_name_in_the_same_place_are_refused_at_the_field(self, client, ed, north):
        client.force_login(ed)
        answer = client.post("/settings/teams/new", {"name": "North"})

        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


class TestKeysForPrograms:
    def test_are_shown_once_and_kept_hashed(self, client, ana):
        client.force_login(ana)
        page = client.post("/settings/tokens/new", {"name": "Report", "scope": "read", "days": 30}).content.decode()
        secret = re.search(r"sm_[\w-]{40,}", page)[0]

        assert person_for_token(secret)[0] == ana
        assert secret not in client.get("/settings/tokens").content.decode()
        assert secret not in str(ApiToken.objects.values()) + str(list(EventRecord.objects.values()))

    def test_stop_at_the_next_request_once_closed(self, client, ana):
        token, secret = people.create_token(ana, name="Report", by=ana, at=now())
        client.force_login(ana)
        client.post(f"/settings/tokens/{token.pk}/revoke")

        assert person_for_token(secret) is None

    def test_stop_when_they_run_out(self, ana):
        _token, secret = people.create_token(ana, name="Report", days=1, by=ana, at=MONDAY)

        assert person_for_token(secret) is None

    def test_of_somebody_else_look_as_if_they_were_missing(self, client, ana, cy):
        token, secret = people.create_token(ana, name="Report", by=ana, at=now())
        client.force_login(cy)

        assert client.post(f"/settings/tokens/{token.pk}/revoke").status_code == 404
        assert person_for_token(secret)

    def test_are_never_made_for_somebody_else(self, ana, ed):
        from salesmode.kernel.refusals import NotAllowed

        with pytest.raises(NotAllowed):
            people.create_token(ana, name="Spy", by=ed, at=MONDAY)

    def test_note_their_use_once_a_day(self, ana):
        _token, secret = people.create_token(ana, name="Report", by=ana, at=now())
        for _number in range(3):
            person_for_token(secret)

        assert EventRecord.objects.filter(name="token.used").count() == 1

    @pytest.mark.parametrize("raw", ["", "sm_", "sm_" + "x" * 5000, "Bearer", "sm_\x00", "é" * 40, "SM_abc"])
    def test_that_are_none_open_nothing(self, db, raw):
        assert person_for_token(raw) is None


class TestOnesOwnSettings:
    def test_change_language_and_look_but_never_the_role(self, client, ana):
        client.force_login(ana)
        form = {"name": "Ana", "language": "zh-hans", "theme": "dark", "role": "operations", "email": "x@example.com"}
        client.post("/settings/me", form | {"is_active": "", "team": "1"})

        ana.refresh_from_db()
        assert (ana.language, ana.theme, ana.role, ana.email) == ("zh-hans", "dark", "seller", "ana@example.com")

    def test_end_sessions_elsewhere_but_not_here(self, client, django_user_model, ana):
        people.change_password(ana, password=PASSWORD, by=ana, at=TUESDAY)
        here, there = client, type(client)()
        for browser in (here, there):
            browser.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
        assert there.get("/settings/me").status_code == 200

        here.post("/settings/security/end-sessions")

        assert there.get("/settings/me").status_code == 302
        assert here.get("/settings/me").status_code == 200

    def test_end_one_session_and_leave_the_others(self, client, ana):
        people.change_password(ana, password=PASSWORD, by=ana, at=TUESDAY)
        here, phone, desk = client, type(client)(), type(client)()
        for browser in (here, phone, desk):
            browser.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
        here.post(
            "/settings/security/end-sessions",
            {"session": UserSession.objects.get(session_key=phone.session.session_key).pk},
        )

        assert [browser.get("/settings/me").status_code for browser in (here, phone, desk)] == [200, 302, 200]

    def test_never_end_somebody_elses_sessions(self, client, ana, cy):
        people.change_password(cy, password=PASSWORD, by=cy, at=TUESDAY)
        theirs = type(client)()
        theirs.post("/accounts/login/", {"login": cy.email, "password": PASSWORD})
        client.force_login(ana)

        assert (
            client.post("/settings/security/end-sessions", {"session": UserSession.objects.get(user=cy).pk}).status_code
            == 404
        )
        assert theirs.get("/settings/me").status_code == 200

    def test_tell_the_way_to_second_factors(self, client, ana):
        people.change_password(ana, password=PASSWORD, by=ana, at=TUESDAY)
        client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
        page = client.get("/settings/security").content.decode()

        for way in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/password/change/"):
            assert way in page
            assert client.get(way, follow=True).status_code == 200


@pytest.mark.parametrize("page", ["people", "teams", "permissions", "me", "security", "tokens", "tokens/new"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_shown_in_both_languages(client, fay, page, language):
    Person.objects.filter(pk=fay.pk).update(language=language)
    client.force_login(fay)

    answer = client.get(f"/settings/{page}")

    assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
    assert answer.headers["Cache-Control"] == "no-store"
