"""Asking people to join."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.people.models import Invitation, Person
from salesmode.people.models.access import InvitationOver
from tests.conftest import MONDAY, PASSWORD, TUESDAY


@pytest.fixture
def invitation(ed, north):
    """Hal is asked to sell in the north; returns the invitation and its secret."""
    return people.invite_person(email="Hal@Example.com", name="Hal", role="seller", team=north, by=ed, at=MONDAY)


class TestAcceptInvitation:
    def test_makes_the_person_that_was_asked_in_the_role_that_was_offered(self, invitation, system, north):
        hal = people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=TUESDAY)

        assert (hal.email, hal.role, hal.team) == ("hal@example.com", "seller", north)
        assert hal.check_password(PASSWORD)
        assert EventRecord.objects.get(name="invitation.accepted").facts["person_id"] == hal.pk

    def test_works_once(self, invitation, system):
        people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=TUESDAY)

        with pytest.raises(InvitationOver):
            people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=TUESDAY)

    @pytest.mark.parametrize(("days", "stands"), [(6.9, True), (7, False), (400, False)])
    def test_works_for_seven_days(self, invitation, system, days, stands):
        at = MONDAY + timedelta(days=days)
        if stands:
            assert people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=at).pk
        else:
            with pytest.raises(InvitationOver):
                people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=at)

    def test_works_no_longer_once_withdrawn(self, invitation, system, ed):
        people.withdraw_invitation(invitation[0], by=ed, at=TUESDAY)

        with pytest.raises(InvitationOver):
            people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=TUESDAY)
        assert not Person.objects.filter(email="hal@example.com").exists()

    def test_may_not_be_done_with_the_kept_hash(self, invitation, system):
        with pytest.raises(InvitationOver):
            people.accept_invitation(invitation[0].token_hash, password=PASSWORD, by=system, at=TUESDAY)

    def test_takes_neither_role_nor_address_from_the_form(self, client, ed):
        _invitation, secret = people.invite_person(email="ivy@example.com", name="Ivy", by=ed, at=now())

        more = {"email": "mallory@example.com", "role": "operations", "is_active": "1", "id": "1"}
        client.post(f"/join/{secret}", {"name": "Ivy", "password": PASSWORD, **more})

        assert Person.objects.get(name="Ivy").role == "seller"
        assert not Person.objects.filter(email="mallory@example.com").exists()

    def test_refuses_a_weak_password_at_its_field(self, client, ed):
        _invitation, secret = people.invite_person(email="ivy@example.com", name="Ivy", by=ed, at=now())

        answer = client.post(f"/join/{secret}", {"name": "Ivy", "password": "short"})

        assert answer.status_code == 422
        assert "password" in answer.context["form"].errors
        assert not Person.objects.filter(email="ivy@example.com").exists()


class TestInvitePerson:
    def test_keeps_no_secret(self, invitation):
        row = Invitation.objects.get()
        assert invitation[1] not in str(vars(row))
        assert invitation[1] not in str(list(EventRecord.objects.values_list("facts", flat=True)))

    def test_ends_a_former_invitation_to_the_same_address(self, invitation, ed, system):
        people.invite_person(email="hal@example.com", name="Hal", role="marketing", by=ed, at=TUESDAY)

        with pytest.raises(InvitationOver):
            people.accept_invitation(invitation[1], password=PASSWORD, by=system, at=TUESDAY)

    def test_is_refused_for_somebody_who_is_here_already(self, ana, ed):
        with pytest.raises(Invalid) as refusal:
            people.invite_person(email=ana.email.upper(), name="Ana", by=ed, at=MONDAY)
        assert "email" in refusal.value.fields

    @pytest.mark.parametrize(
        "address",
        ["", "hal", "hal@ex\u0430mple.com", "h\u200bal@example.com", "hal\n@example.com", "hal\x00@example.com"],
    )
    def test_is_refused_for_an_address_that_is_none_or_looks_like_another(self, ed, address):
        with pytest.raises(Invalid) as refused:
            people.invite_person(email=address, name="Hal", by=ed, at=MONDAY)

        assert list(refused.value.fields) == ["email"]
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("somebody", ["ana", "bo", "di", "fay", "gil"])
    def test_is_refused_to_all_but_administrators(self, somebody, request):
        with pytest.raises(NotAllowed):
            people.invite_person(email="x@example.com", name="X", by=request.getfixturevalue(somebody), at=MONDAY)
        assert not Invitation.objects.exists()

    def test_shows_the_link_once_on_our_own_host(self, client, ed, settings, mailoutbox, monkeypatch):
        settings.PUBLIC_URL = "https://crm.example.com"
        settings.ALLOWED_HOSTS = ["*"]
        monkeypatch.setattr("salesmode.people.adapter.InvitedOnly.in_background", staticmethod(lambda work: work()))
        client.force_login(ed)

        answer = client.post(
            "/settings/people/invite",
            {"name": "Hal", "email": "hal@example.com", "role": "seller"},
            HTTP_HOST="evil.example",
        )

        assert "https://crm.example.com/join/join_" in answer.content.decode()
        assert "https://crm.example.com/join/join_" in mailoutbox[0].body
        assert "evil.example" not in answer.content.decode() + mailoutbox[0].body


class TestAddressesThatLookLikeOthers:
    # A Cyrillic a, a space that takes no room, and a word that is no address.
    ODD = ("\u0430na@example.com", "an\u200ba@example.com", "ana@ex\u0430mple.com", "ana")

    @pytest.mark.parametrize("email", ODD)
    def test_let_nobody_in(self, ed, ana, email):
        with pytest.raises(Invalid) as refused:
            people.create_person(email=email, name="Ana", by=ed, at=MONDAY)
        assert list(refused.value.fields) == ["email"]
        with pytest.raises(Invalid):
            people.amend_person(ana, email=email, by=ed, at=TUESDAY)
        ana.refresh_from_db()
        assert ana.email == "ana@example.com"

    def test_that_are_here_already_do_not_stand_in_the_way_of_other_changes(self, ed, ana):
        Person.objects.filter(pk=ana.pk).update(email=self.ODD[0])
        ana.refresh_from_db()

        people.amend_person(ana, email=self.ODD[0], phone="12345", by=ed, at=TUESDAY)

        ana.refresh_from_db()
        assert (ana.email, ana.phone) == (self.ODD[0], "12345")
