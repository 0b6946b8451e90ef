"""Whose records somebody sees: the precomputed scope against a walk through the tree."""

from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesmode.kernel.refusals import Invalid
from salesmode.people import operations as people
from salesmode.people.models import Person, PersonScope, Team
from tests.conftest import MONDAY, TUESDAY

TREES = st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 9), st.integers(0, 9)), min_size=1, max_size=8)


def seen_by_hand(viewer: Person) -> set[int]:
    """Walk from every team that somebody leads down to its people and to those who lead the teams below."""
    seen = {viewer.pk}
    waiting = list(Team.objects.filter(lead=viewer))
    while waiting:
        team = waiting.pop()
        seen |= set(Person.objects.filter(team=team).values_list("pk", flat=True))
        if team.lead_id:
            seen.add(team.lead_id)
        waiting += list(Team.objects.filter(parent=team))
    return seen


class TestTheScope:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(tree=TREES, moves=st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 7)), max_size=4))
    def test_is_what_a_walk_through_the_tree_finds(self, system, tree, moves):
        with transaction.atomic():
            save = transaction.savepoint()
            staff = [
                people.create_person(email=f"p{n}@example.com", name=f"P{n}", role="manager", by=system, at=MONDAY)
                for n in range(10)
            ]
            teams: list[Team] = []
            for number, (parent, lead, member) in enumerate(tree):
                above = teams[parent] if 0 <= parent < len(teams) else None
                leader = staff[lead] if lead >= 0 else None
                teams.append(people.create_team(name=f"T{number}", parent=above, lead=leader, by=system, at=MONDAY))
                people.amend_person(staff[member], team=teams[-1], by=system, at=MONDAY)
            for team, parent in moves:
                if team < len(teams):
                    above = teams[parent] if 0 <= parent < len(teams) else None
                    with suppress(Invalid):
                        people.amend_team(teams[team], parent=above, by=system, at=TUESDAY)
                    teams[team].refresh_from_db()

            for person in staff:
                pairs = set(PersonScope.objects.filter(viewer=person).values_list("owner_id", flat=True))
                assert pairs == seen_by_hand(person)
            transaction.savepoint_rollback(save)
