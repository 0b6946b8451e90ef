"""Alerts as pages show them: a few at once, each explained, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Q, Value, When

from salesmode.analytics.links import records_url
from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.here import company
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person, Team
from salesmode.targets.models import Alert, AlertRule
from salesmode.targets.queries.actuals import where_of

AT_ONCE = 3
SHOWN_DAYS = 31


@dataclass(frozen=True)
class Few:
    """The most pressing alerts, and how many more there are."""

    rows: Sequence[Alert]
    more: int


def open_alerts(person: Any, *, at: datetime, most: int = AT_ONCE, where: Any = None) -> Few:
    """Return the open alerts of the last month that somebody may see, the most severe first. One query.

    What several rules say of one number of somebody is said once; what a retired rule has said is not said any more.
    `where` narrows to a scope as numbers know it: {"person": keys} or {"team": keys}.
    """
    rows = Alert.objects.visible_to(person).open().filter(raised_at__gte=at - timedelta(days=SHOWN_DAYS))
    rows = rows.filter(Q(rule__ends_on=None) | Q(rule__ends_on__gt=day_of(at, company().zone)))
    for name, keys in (where or {}).items():
        rows = rows.filter(owner__in=keys) if name == "person" else rows.filter(_of_teams(keys))
    rank = Case(When(severity="urgent", then=Value(0)), When(severity="attention", then=Value(1)), default=Value(2))
    found = list(
        rows.annotate(rank=rank)
        .select_related("rule", "owner", "team")
        .order_by("rank", "-raised_at", "-id")[: 100 + most]
    )
    said: dict[tuple[Any, ...], Alert] = {}
    for alert in found:
        said.setdefault((alert.metric, alert.unit, alert.key, alert.first), alert)
    return Few(list(said.values())[:most], max(0, len(said) - most))


def _of_teams(keys: Sequence[int]) -> Q:
    return Q(team__in=keys) | Q(owner__team__in=keys)


def records_behind(alert: Alert) -> str:
    """Return the address of the records behind an alert's number; empty where there are none."""
    if alert.metric not in REGISTRY:
        return ""
    where = where_of(alert.unit, alert.key)
    return records_url(REGISTRY[alert.metric], alert.measured(company().zone), where)


def receivers_of(alert: Alert) -> list[Person]:
    """Return who is told about an alert: whom it concerns, the manager above, directors. A few queries."""
    wanted = set(alert.rule.receivers)
    found: dict[int, Person] = {}
    concerned = alert.owner or (alert.team.lead if alert.team is not None else None)
    if AlertRule.Receiver.OWNER in wanted and concerned is not None:
        found[concerned.pk] = concerned
    if AlertRule.Receiver.MANAGER in wanted:
        manager = _manager_above(concerned, alert.owner.team if alert.owner else alert.team)
        if manager is not None:
            found[manager.pk] = manager
    if AlertRule.Receiver.DIRECTOR in wanted or alert.unit == "company":
        directors = Person.objects.active().filter(role=Person.Role.DIRECTOR).order_by("pk")
        found |= {person.pk: person for person in directors}
    return [person for person in found.values() if person.is_active]


def _manager_above(concerned: Person | None, team: Team | None) -> Person | None:
    while team is not None:
        lead: Person | None = team.lead
        if lead is not None and (concerned is None or lead.pk != concerned.pk):
            return lead
        team = team.parent
    return None
