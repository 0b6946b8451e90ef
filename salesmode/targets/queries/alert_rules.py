"""Which rules hold where, and whom each of them is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from salesmode.people.models import Person, Team
from salesmode.targets.models import AlertRule


@dataclass(frozen=True)
class Subject:
    """Whose number a rule looks at."""

    unit: str
    team: Team | None = None
    person: Person | None = None

    @property
    def key(self) -> str:
        """Return what tells this from others of its unit."""
        found = self.person or self.team
        return str(found.pk) if found is not None else ""


def alert_rules_for(team: Team | None, *, on: date, kind_of: str = "", metric: str = "") -> list[AlertRule]:
    """Return the rules that hold for a team on a day: its own, else those of the team above, else the company's.

    Rules about the same number, of the same kind, stand for one another. Two queries.
    """
    rules = AlertRule.objects.on(on).select_related("team", "owner")
    if kind_of:
        rules = rules.filter(kind_of=kind_of)
    if metric:
        rules = rules.filter(metric=metric)
    by_team: dict[int | None, list[AlertRule]] = {}
    for rule in rules.order_by("metric", "kind_of", "pk"):
        by_team.setdefault(rule.team_id, []).append(rule)
    parents = dict(Team.objects.values_list("pk", "parent_id")) if team is not None else {}
    found: dict[tuple[object, ...], AlertRule] = {}
    key = team.pk if team is not None else None
    while True:
        for rule in by_team.get(key, ()):
            found.setdefault(rule.same, rule)
        if key is None:
            return list(found.values())
        key = parents.get(key)


def subjects_of(rules: Sequence[AlertRule]) -> dict[int, list[Subject]]:
    """Return for each rule whom it looks at: where a nearer rule of the same kind holds, only the nearer. Two queries.

    `rules` are all that hold, with their teams.
    """
    teams = {team.pk: team for team in Team.objects.select_related("lead").order_by("name", "pk")}
    people = list(
        Person.objects.active()
        .filter(role=Person.Role.SELLER, team__isnull=False)
        .select_related("team")
        .order_by("name", "pk")
    )
    found: dict[int, list[Subject]] = {}
    for rule in rules:
        if rule.each == AlertRule.Each.WHOLE:
            found[rule.pk] = [Subject("team", team=teams[rule.team_id]) if rule.team_id else Subject("company")]
            continue
        mine = _teams_of(rule, rules, teams)
        if rule.each == AlertRule.Each.TEAM:
            found[rule.pk] = [Subject("team", team=team) for key, team in teams.items() if key in mine]
        else:
            found[rule.pk] = [Subject("person", person=person) for person in people if person.team_id in mine]
    return found


def _teams_of(rule: AlertRule, rules: Iterable[AlertRule], teams: Mapping[int, Team]) -> set[int]:
    """Return the teams for which this rule is the nearest of its kind."""
    held = {other.team_id: other.pk for other in rules if other.same == rule.same}
    found = set()
    for team in teams.values():
        key: int | None = team.pk
        while key is not None and key not in held:
            key = teams[key].parent_id
        if held.get(key) == rule.pk:
            found.add(team.pk)
    return found
