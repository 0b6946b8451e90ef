"""Who administers, who may give which role, and what that changes at once."""

import itertools
import threading

import pytest
from django.db import connection

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.people.operations import persons
from salesmode.people.operations.persons import LastAdministrator
from salesmode.people.permissions import ROLES
from salesmode.selling.models import Deal
from tests.conftest import MONDAY, TUESDAY


class TestAmendPerson:
    def test_changes_what_somebody_sees_with_the_next_request(self, client, renewal, cy, ed):
        client.force_login(cy)
        assert client.get(f"/deals/{renewal.pk}").status_code == 404

        people.amend_person(cy, role="director", by=ed, at=TUESDAY)
        assert client.get(f"/deals/{renewal.pk}").status_code == 200
        people.amend_person(cy, role="seller", by=ed, at=TUESDAY)

        assert client.get(f"/deals/{renewal.pk}").status_code == 404

    def test_moves_a_person_out_of_a_managers_sight_at_once(self, ana, bo, ed, south, renewal):
        assert renewal in Deal.objects.visible_to(bo)

        people.amend_person(ana, team=south, by=ed, at=TUESDAY)

        assert renewal not in Deal.objects.visible_to(bo)

    def test_is_remembered_with_before_and_after(self, ana, ed, south):
        former = ana.team_id
        people.amend_person(ana, team=south, role="manager", by=ed, at=TUESDAY)

        facts = EventRecord.objects.filter(name="person.amended").latest("id").facts
        assert (facts["former_role"], facts["role"]) == ("seller", "manager")
        assert (facts["former_team_id"], facts["team_id"]) == (former, south.pk)

    def test_is_refused_to_who_looked_at_an_older_version(self, ana, ed):
        with pytest.raises(Stale):
            people.amend_person(ana, role="manager", by=ed, at=TUESDAY, version=ana.version - 1)

    def test_leaves_two_people_with_two_addresses(self, ana, bo, ed):
        with pytest.raises(Invalid) as refusal:
            people.amend_person(ana, email=bo.email.upper(), by=ed, at=TUESDAY)
        assert "email" in refusal.value.fields

    def test_never_makes_anybody_the_system(self, ana, ed):
        with pytest.raises(NotAllowed):
            people.amend_person(ana, role="system", by=ed, at=TUESDAY)


class TestNobodyGivesARightTheyDoNotHold:
    @pytest.mark.parametrize(("role", "given"), list(itertools.product(ROLES, ROLES)))
    def test_whatever_the_pair(self, system, ana, role, given):
        giver = people.create_person(email="giver@example.com", name="Giver", role=role, by=system, at=MONDAY)

        for act in (
            lambda: people.amend_person(ana, role=given, by=giver, at=TUESDAY),
            lambda: people.create_person(email="new@example.com", name="New", role=given, by=giver, at=TUESDAY),
            lambda: people.invite_person(email="asked@example.com", name="Asked", role=given, by=giver, at=TUESDAY),
        ):
            if role == "operations":
                act()
            else:
                with pytest.raises(NotAllowed):
                    act()

        ana.refresh_from_db()
        assert ana.role == (given if role == "operations" else "seller")


class TestTheLastAdministrator:
    @pytest.mark.parametrize("role", [role for role in ROLES if role != "operations"])
    def test_stays_one(self, ed, role):
        with pytest.raises(LastAdministrator):
            people.amend_person(ed, role=role, by=ed, at=TUESDAY)

        ed.refresh_from_db()
        assert ed.role == "operations"

    def test_may_go_once_there_is_another(self, ed, ana):
        people.amend_person(ana, role="operations", by=ed, at=TUESDAY)

        assert people.amend_person(ed, role="seller", by=ana, at=TUESDAY).role == "seller"


def _administrator(name: str, system: Person) -> Person:
    return people.create_person(email=f"{name}@example.com", name=name, role="operations", by=system, at=MONDAY)


def _demote_each_other(pairs: list[tuple[Person, Person]]) -> None:
    """Let administrators demote one another at the same moment."""
    ready = threading.Barrier(len(pairs))

    def demote(giver: Person, other: Person) -> None:
        try:
            ready.wait()
            people.amend_person(Person.objects.get(pk=other.pk), role="seller", by=giver, at=TUESDAY)
        except (LastAdministrator, NotAllowed):
            pass
        finally:
            connection.close()

    racers = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()


@pytest.mark.django_db(transaction=True)
class TestTwoAdministratorsWhoDemoteEachOther:
    ROUNDS = 20

    def _race(self, system) -> list[int]:
        left = []
        for number in range(self.ROUNDS):
            pair = [
                people.create_person(
                    email=f"{name}{number}@example.com", name=name, role="operations", by=system, at=MONDAY
                )
                for name in ("ed", "eve")
            ]
            _demote_each_other([(pair[0], pair[1]), (pair[1], pair[0])])
            left.append(Person.objects.administrators().count())
            Person.objects.filter(role="operations").update(role="seller")
        return left

    def test_never_both_succeed(self, system):
        assert min(self._race(system)) >= 1

    def test_would_both_succeed_without_the_guard(self, system, monkeypatch):
        monkeypatch.setattr(persons, "hold_administrators", lambda: None)
        monkeypatch.setattr(persons, "rebuild_scope", lambda: None)
        checked = threading.Barrier(2, timeout=0.3)

        def look_then_wait(person, *, was):
            if not Person.objects.administrators().exclude(pk=person.pk).exists():
                raise LastAdministrator
            try:
                checked.wait()
            except threading.BrokenBarrierError:
                checked.reset()

        monkeypatch.setattr(persons, "refuse_to_lose_the_last_administrator", look_then_wait)

        assert min(self._race(system)) == 0
