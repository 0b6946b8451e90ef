"""When somebody leaves: the door closes at once, on every path, and the work goes on."""

import pytest
from django.utils.timezone import now

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import handover
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.people.operations.persons import LastAdministrator
from salesmode.people.tokens import person_for_token
from tests.conftest import MONDAY, PASSWORD, TUESDAY


def signed_in(client, person):
    """Sign in as a browser does."""
    people.change_password(person, password=PASSWORD, by=person, at=MONDAY)
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_let_in(client) -> bool:
    return client.get("/settings/me").status_code == 200


class TestDeactivatePerson:
    def test_refuses_the_next_request_of_every_session(self, client, ana, ed):
        signed_in(client, ana)
        assert is_let_in(client)

        people.deactivate_person(ana, by=ed, at=TUESDAY)

        assert not is_let_in(client)

    def test_the_test_above_can_fail(self, client, ana, ed):
        signed_in(client, ana)
        people.amend_person(ana, phone="12345", by=ed, at=TUESDAY)

        assert is_let_in(client)

    def test_ends_sessions_for_good_even_when_they_come_back(self, client, ana, ed):
        signed_in(client, ana)
        people.deactivate_person(ana, by=ed, at=TUESDAY)
        people.reactivate_person(ana, by=ed, at=TUESDAY)

        assert not is_let_in(client)

    def test_closes_every_token_at_once_and_for_good(self, ana, ed, settings):
        _token, secret = people.create_token(ana, name="Report", by=ana, at=now())
        assert person_for_token(secret)[0] == ana

        people.deactivate_person(ana, by=ed, at=now())
        assert person_for_token(secret) is None
        people.reactivate_person(ana, by=ed, at=now())
        assert person_for_token(secret) is None

    def test_refuses_a_token_even_of_somebody_who_was_switched_off_by_hand(self, ana):
        _token, secret = people.create_token(ana, name="Report", by=ana, at=now())
        Person.objects.filter(pk=ana.pk).update(is_active=False)

        assert person_for_token(secret) is None

    def test_is_refused_for_the_last_administrator(self, ed, system):
        with pytest.raises(LastAdministrator):
            people.deactivate_person(ed, by=system, at=TUESDAY)

        ed.refresh_from_db()
        assert ed.is_active

    @pytest.mark.parametrize("somebody", ["ana", "bo", "cy", "di", "fay", "gil"])
    def test_is_refused_to_all_but_administrators(self, ana, somebody, request, client):
        with pytest.raises(NotAllowed):
            people.deactivate_person(ana, by=request.getfixturevalue(somebody), at=TUESDAY)

        ana.refresh_from_db()
        assert ana.is_active
        assert not EventRecord.objects.filter(name="person.deactivated").exists()

    def test_never_closes_the_door_to_the_system(self, system, ed):
        with pytest.raises(NotAllowed):
            people.deactivate_person(system, by=ed, at=TUESDAY)


class TestHandOverEverything:
    @pytest.fixture
    def notebooks(self, monkeypatch):
        """Something that people own, kept in memory."""
        owned = {}

        def give(person, *, to, by, at):
            owned[to.pk] = owned.get(to.pk, 0) + owned.pop(person.pk, 0)
            return owned[to.pk]

        monkeypatch.setattr(handover, "BELONGINGS", {})
        monkeypatch.setattr("salesmode.people.operations.leaving.BELONGINGS", handover.BELONGINGS)
        handover.register("notebook", label="Notebooks", count=lambda person: owned.get(person.pk, 0), hand_over=give)
        return owned

    def test_asks_every_app_and_says_how_many_went_over(self, ana, cy, ed, notebooks):
        notebooks[ana.pk] = 3

        counts = people.hand_over_everything(ana, to=cy, by=ed, at=TUESDAY)

        assert counts == {"notebook": 3}
        event = EventRecord.objects.get(name="person.handed_over")
        assert (event.subject_id, event.facts["to_id"], event.facts["counts"]) == (ana.pk, cy.pk, {"notebook": 3})

    def test_is_part_of_leaving_when_an_heir_is_named(self, ana, cy, ed, notebooks):
        notebooks[ana.pk] = 2

        people.deactivate_person(ana, hand_over_to=cy, by=ed, at=TUESDAY)

        assert notebooks == {cy.pk: 2}

    def test_leaves_everybody_in_when_the_heir_cannot_take_it(self, ana, cy, ed, notebooks):
        people.deactivate_person(cy, by=ed, at=MONDAY)

        with pytest.raises(Invalid):
            people.deactivate_person(ana, hand_over_to=cy, by=ed, at=TUESDAY)

        ana.refresh_from_db()
        assert ana.is_active

    def test_may_be_done_by_the_manager_above_but_not_from_elsewhere(self, ana, bo, cy, notebooks):
        people.hand_over_everything(ana, to=bo, by=bo, at=TUESDAY)

        with pytest.raises(NotAllowed):
            people.hand_over_everything(ana, to=cy, by=cy, at=TUESDAY)
