"""Whether a practice or a mode moved its number: the months of every team, and what they say together."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from salesmode.analytics import effects
from salesmode.analytics.measure import measure
from salesmode.analytics.metrics import Metric, metric
from salesmode.kernel.here import company
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period, add_months, day_of
from salesmode.kernel.refusals import Invalid
from salesmode.modes.models import AdoptedPractice, Adoption, Mode, Practice, Target
from salesmode.modes.queries.library import library
from salesmode.modes.queries.loop import teams_shown
from salesmode.modes.queries.organisation import selling_teams, tree
from salesmode.people.models import Person

MOST_BEFORE = 18
MOST_AFTER = 12


def subject_of(subject: str) -> Practice | Mode:
    """Return the practice or mode that `practice:code` or `mode:code` names; raises Invalid."""
    kind, _colon, code = subject.partition(":")
    known: dict[str, Any] = {"practice": library().practices, "mode": library().modes}.get(kind, {})  # type: ignore[assignment]
    if code not in known:
        raise Invalid({"subject": [_("There is no practice or mode of this name.")]})
    return known[code]


def moved_by(subject: str) -> Target:
    """Return which number a practice or mode should move."""
    return subject_of(subject).moves


def adopted_by(subject: str) -> dict[int, date]:
    """Return which selling teams took it up and still do, and since when."""
    kind, _colon, code = subject.partition(":")
    rows: list[Any] = (
        list(AdoptedPractice.objects.in_force().filter(code=code).order_by("from_day"))
        if kind == "practice"
        else list(Adoption.objects.in_force().filter(mode=code).order_by("from_day"))
    )
    found: dict[int, date] = {}
    for row in rows:
        for team in tree().below(row.team_id):
            found.setdefault(team, row.from_day)
    selling = {team.pk for team in selling_teams()}
    return {team: day for team, day in found.items() if team in selling}


def gave_up(subject: str) -> set[int]:
    """Return the teams that had it and gave it up: they compare with nobody."""
    kind, _colon, code = subject.partition(":")
    rows: Any = AdoptedPractice.objects.filter(code=code) if kind == "practice" else Adoption.objects.filter(mode=code)
    places = rows.exclude(ended_at=None).values_list("team", flat=True)
    return {team for place in places for team in tree().below(place)}


def study(subject: str, *, until: datetime) -> dict[str, Any]:
    """Measure every selling team month by month, before and after, and say whether it worked; a value to keep."""
    moves = moved_by(subject)
    asked, changed = metric(moves.metric), adopted_by(subject)
    left_out = gave_up(subject) - set(changed)
    teams = [team for team in selling_teams() if team.pk not in left_out]
    months = _months(list(changed.values()), day_of(until, company().zone))
    values = _values(asked, [team.pk for team in teams], months) if months else {}
    starts = {team: _start(day, months) for team, day in changed.items() if team in values}
    panel = effects.Panel(values, starts)
    found = effects.evaluate(panel, higher_is_better=moves.direction == "up", worth=moves.worth, scale=_scale(asked))
    result = asdict(found) | {"metric": asked.code, "direction": moves.direction, "worth": moves.worth}
    result["months"] = [f"{month:%Y-%m}" for month in months]
    result["adopters"] = {str(team): day.isoformat() for team, day in changed.items()}
    result["others"] = [team.pk for team in teams if team.pk not in changed]
    result["start"] = min(starts.values(), default=None)
    result["lines"] = {
        "adopters": _mean(values, [team for team in values if team in changed], len(months)),
        "others": _mean(values, [team for team in values if team not in changed], len(months)),
    }
    result["estimate"] = asdict(found.estimate) if found.estimate else None
    return result


def _scale(asked: Metric) -> Any:
    return "level" if asked.unit == "ratio" else None


def _months(starts: Sequence[date], today: date) -> list[date]:
    """Return the whole months to look at: those since there are records, without that of a change halfway through."""
    first_event = (
        EventRecord.objects.filter(name="deal.opened").order_by("happened_at").values_list("happened_at", flat=True)
    )
    began = first_event.first()
    if began is None or not starts:
        return []
    known = add_months(day_of(began, company().zone).replace(day=1), 1)
    first = max(known, add_months(min(starts).replace(day=1), -MOST_BEFORE))
    last = min(today.replace(day=1), add_months(max(starts).replace(day=1), MOST_AFTER + 1))
    halfway = {day.replace(day=1) for day in starts if day.day > 3}
    months, month = [], first
    while month < last:
        if month not in halfway:
            months.append(month)
        month = add_months(month, 1)
    return months


def _start(day: date, months: Sequence[date]) -> int:
    whole = day.replace(day=1) if day.day <= 3 else add_months(day.replace(day=1), 1)
    return sum(month < whole for month in months)


def _values(asked: Metric, team_ids: Sequence[int], months: Sequence[date]) -> dict[int, list[float | None]]:
    """Return team → value for each month. One look into the warehouse for each month."""
    found: dict[int, list[float | None]] = {team: [] for team in team_ids}
    for month in months:
        period = Period.containing(month, "month")
        reading = measure(asked, period, by="team", series=False)
        there = {one.key: one.value for one in reading.breakdown}
        none = 0.0 if asked.nothing_is_zero and reading.value is not None else None
        for team in team_ids:
            value = there.get(team, none)
            found[team].append(None if value is None else float(value))
    return found


def _mean(values: dict[int, list[float | None]], teams: Sequence[int], months: int) -> list[float | None]:
    line: list[float | None] = []
    for place in range(months):
        known = [value for team in teams if (value := values[team][place]) is not None]
        line.append(sum(known) / len(known) if known else None)
    return line


def may_look_at_effect(person: Person, subject: str) -> bool:
    """Say whether somebody may see how adopting teams did beside others: who sees all, or leads one of them."""
    if person.sees_all:
        return True
    return bool({team.pk for team in teams_shown(person)} & set(adopted_by(subject)))
