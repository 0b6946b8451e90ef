"""Several people approve and lock at once: one of them does it, and the guard is there for a reason."""

import sys
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people
from salesmode.people.models import Team
from salesmode.targets import operations as targets
from salesmode.targets.models import ScorecardUse, Target, TargetSheetCheck, Whose
from tests.conftest import MONDAY, TUESDAY
from tests.selling.test_races import ROUNDS, founder, race
from tests.targets.cards import ACTIVITY

__all__ = ["founder"]
pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def drafted(founder, year: int) -> Target:
    """A draft of the company's."""
    return targets.set_target(metric="won_amount", year=year, base=Decimal(12), by=founder, at=MONDAY)


def copies(target: Target) -> list[Target]:
    """The same row as several people have it before them."""
    return [Target.objects.get(pk=target.pk) for _each in range(THREADS)]


def approve_all(target: Target, founder) -> list[str]:
    """Let everybody approve at once."""
    return race(*(lambda copy=copy: targets.approve_target(copy, by=founder, at=TUESDAY) for copy in copies(target)))


class TestApproving:
    def test_happens_once(self, founder):
        for number in range(ROUNDS):
            target = drafted(founder, 2000 + number)

            assert approve_all(target, founder) == ["done", *["refused"] * (THREADS - 1)]
            told = EventRecord.objects.filter(name="target.approved", subject_id=target.pk)
            assert told.count() == 1

    def test_without_its_lock_happens_several_times(self, founder, monkeypatch):
        room = sys.modules["salesmode.targets.operations.approve_target"]
        monkeypatch.setattr(room, "lock", lambda row, **_how: row.refresh_from_db())
        done = 0
        for number in range(ROUNDS):
            done += approve_all(drafted(founder, 2000 + number), founder).count("done")

        assert done > ROUNDS


class TestLocking:
    def test_happens_once(self, founder):
        for number in range(ROUNDS):
            target = targets.approve_target(drafted(founder, 2000 + number), by=founder, at=MONDAY)

            results = race(
                *(lambda copy=copy: targets.lock_target(copy, by=founder, at=TUESDAY) for copy in copies(target))
            )

            assert results == ["done", *["refused"] * (THREADS - 1)]
            assert EventRecord.objects.filter(name="target.locked", subject_id=target.pk).count() == 1

    def test_without_its_lock_happens_several_times(self, founder, monkeypatch):
        room = sys.modules["salesmode.targets.operations.approve_target"]
        rows = [
            targets.approve_target(drafted(founder, 2000 + number), by=founder, at=MONDAY) for number in range(ROUNDS)
        ]
        monkeypatch.setattr(room, "lock", lambda row, **_how: row.refresh_from_db())
        done = sum(
            race(*(lambda copy=copy: targets.lock_target(copy, by=founder, at=TUESDAY) for copy in copies(row))).count(
                "done"
            )
            for row in rows
        )

        assert done > ROUNDS


class TestConfirmingATargetSheet:
    def _teams(self, founder) -> list[Team]:
        """Teams that have an approved target, as the company requires."""
        targets.require_target_sheet(with_people=False, starts_on=MONDAY.date(), by=founder, at=MONDAY)
        teams = [people.create_team(name=f"Team {number}", by=founder, at=MONDAY) for number in range(ROUNDS)]
        for team in teams:
            drafted = targets.set_target(
                metric="won_amount", year=2026, whose=Whose("team", team=team), base=Decimal(12), by=founder, at=MONDAY
            )
            targets.approve_target(drafted, by=founder, at=MONDAY)
        return teams

    def _confirm_all(self, team: Team, founder) -> list[str]:
        return race(*[lambda: targets.confirm_target_sheet(team, by=founder, at=TUESDAY)] * THREADS)

    def test_happens_once(self, founder):
        for team in self._teams(founder):
            assert self._confirm_all(team, founder) == ["done", *["refused"] * (THREADS - 1)]
        assert EventRecord.objects.filter(name="target_sheet.confirmed").count() == ROUNDS

    def test_without_its_constraint_happens_several_times(self, founder):
        teams = self._teams(founder)
        (guard,) = TargetSheetCheck._meta.constraints
        with connection.schema_editor() as editor:
            editor.remove_constraint(TargetSheetCheck, guard)
        try:
            done = sum(self._confirm_all(team, founder).count("done") for team in teams)
        finally:
            TargetSheetCheck.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(TargetSheetCheck, guard)

        assert done > ROUNDS


class TestPuttingAScorecardInUse:
    def test_leaves_one_in_use(self, founder):
        cards = [
            targets.define_scorecard(name=f"Card {number}", lines=ACTIVITY, by=founder, at=MONDAY)
            for number in range(THREADS)
        ]
        for number in range(ROUNDS):
            day = date(2020, 1, 1 + number % 28)
            results = race(
                *(
                    lambda card=card, day=day: targets.use_scorecard(card, starts_on=day, by=founder, at=TUESDAY)
                    for card in cards
                )
            )
            assert set(results) <= {"done", "refused"}
            assert ScorecardUse.objects.filter(ends_on=None).count() == 1
            ScorecardUse.objects.all().delete()
