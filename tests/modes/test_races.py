"""Two directors adopt at the same moment: one of them does, and the guards are there for a reason."""

import sys
from threading import Barrier

import pytest
from django.db import connection, transaction

from salesmode.kernel.refusals import Refusal
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import AdoptedPractice, Adoption
from salesmode.people import operations as people
from tests.conftest import MONDAY
from tests.kernel.racing import race
from tests.modes.conftest import FIRST

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50


@pytest.fixture
def directors(transactional_db, system):
    """Two people who may adopt anything."""
    return [
        people.create_person(email=f"d{number}@example.com", name=f"D{number}", role="director", by=system, at=MONDAY)
        for number in range(2)
    ]


def adopt_at_once(directors, team, **what) -> list:
    wanted = {"team": team, "from_day": FIRST, **what}
    seen = queries.preview(**wanted).mark
    return race(2, lambda number: modes.adopt(**wanted, seen=seen, by=directors[number], at=MONDAY))


class TestTwoDirectorsAtOnce:
    def test_adopt_it_once(self, directors, system):
        for number in range(ROUNDS):
            team = people.create_team(name=f"T{number}", by=system, at=MONDAY)

            results = adopt_at_once(directors, team, mode="performance")

            assert sorted(isinstance(each, Adoption) for each in results) == [False, True]
            assert [type(each).__name__ for each in results if not isinstance(each, Adoption)] == ["PreviewStale"]
            assert Adoption.objects.filter(team=team).count() == 1
            rows = AdoptedPractice.objects.filter(team=team)
            assert rows.count() == len(queries.library().modes["performance"].practices)

    def test_without_lock_and_constraint_adopt_it_twice(self, directors, system, monkeypatch):
        together = Barrier(2)  # both are past the lock before either reads: the race that the lock is there for
        monkeypatch.setattr(
            sys.modules["salesmode.modes.operations.adopt"], "hold_the_modes", lambda: together.wait(timeout=30)
        )
        monkeypatch.setattr(sys.modules["salesmode.modes.operations.watches"], "hold_the_modes", lambda: None)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select indexname, indexdef from pg_indexes where indexname = any(%s)",
                           [["practice_is_adopted_once", "team_is_watched_once"]])  # fmt: skip
            dropped = dict(cursor.fetchall())
            for name in dropped:
                cursor.execute(f"drop index {name}")
        try:
            twice = 0
            for number in range(ROUNDS):
                team = people.create_team(name=f"T{number}", by=system, at=MONDAY)
                # A practice of this app alone: what other apps guard for themselves would hide it.
                results = adopt_at_once(directors, team, practices=["individuals_watch"])
                twice += all(isinstance(each, Adoption) for each in results)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(
                    "truncate modes_changedsetting, modes_adoptedpractice, modes_adoption, modes_watch cascade"
                )
                for definition in dropped.values():
                    cursor.execute(definition)

        assert len(dropped) == 2
        assert twice > 0

    def test_a_setting_changed_between_preview_and_confirmation_stops_it(self, directors, system):
        team = people.create_team(name="T", by=system, at=MONDAY)
        wanted = {"team": team, "practices": ["individuals_watch"], "from_day": FIRST}
        seen = queries.preview(**wanted).mark

        def run(number: int):
            if number:
                return modes.set_watch(team=team, most_percent=66, from_day=FIRST, by=directors[1], at=MONDAY)
            return modes.adopt(**wanted, seen=seen, by=directors[0], at=MONDAY)

        adopted, _watch = race(2, run)

        # Whoever comes first: what was confirmed is what was seen.
        if isinstance(adopted, Refusal):
            assert not Adoption.objects.exists()
        else:
            assert adopted.practices.get().changes.get().before is None
