"""Where the loop stands for the company and each team: chosen, adopted, run, measured, adjusted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from salesmode.kernel.models import EventRecord
from salesmode.modes.models import AdoptedPractice, Adoption, Effect, Mode, Practice, teams_seen_by
from salesmode.modes.queries.counting import Sheet, sheet
from salesmode.modes.queries.library import library
from salesmode.modes.queries.organisation import selling_teams, tree
from salesmode.modes.queries.running import Running, adoption_of, rows_in_force, running_for
from salesmode.people.models import Person, Team

RECENT_WEEKS = 4


@dataclass(frozen=True)
class Standing:
    """What one team runs, and how well it is kept up."""

    team: Team | None
    mode: Mode | None
    adoption: Adoption | None
    practices: list[Running]
    share: float | None


@dataclass(frozen=True)
class Loop:
    """The five steps with what can be said about each now."""

    standings: list[Standing]
    share: float | None
    practices: int
    effects: list[Effect]
    verdicts: dict[str, int]
    decisions: list[AdoptedPractice]
    undecided: int


def teams_shown(person: Person) -> list[Team]:
    """Return the selling teams whose mode somebody may look at."""
    seen = None if person.sees_all else teams_seen_by(person)
    return [team for team in selling_teams() if seen is None or team.pk in seen]


def loop(person: Person, today: date) -> Loop:
    """Return where the loop stands, as far as somebody may see it. Four queries for each practice that runs."""
    rows = rows_in_force(today)
    standings, sheets = [], dict[int, Sheet]()
    teams = teams_shown(person)
    company = running_for(None, today, rows)
    if company or person.sees_all:
        standings.append(_standing(None, company, teams, today, sheets))
    for team in teams:
        standings.append(_standing(team, running_for(team.pk, today, rows), teams, today, sheets))
    shown = {each.row.pk: each for one in standings for each in one.practices}
    found = [sheets[key].total for key in shown if key in sheets]
    expected = sum(row.expected for row in found)
    decided = AdoptedPractice.objects.visible_to(person).exclude(decision="").select_related("team", "decided_by")
    effects = list(Effect.objects.exclude(measured_at=None).order_by("-measured_at"))
    verdicts: dict[str, int] = {}
    for each in effects:
        verdicts[each.verdict] = verdicts.get(each.verdict, 0) + 1
    return Loop(
        standings,
        sum(row.done for row in found) / expected if expected else None,
        len({each.practice.code for each in shown.values()}),
        effects,
        verdicts,
        [each for each in decided.order_by("-decided_at")[:6] if each.code in library().practices],
        sum(not each.row.decision for each in shown.values()),
    )


def _standing(
    team: Team | None, practices: list[Running], teams: list[Team], today: date, sheets: dict[int, Sheet]
) -> Standing:
    done = expected = 0
    for each in practices:
        if each.row.pk not in sheets:
            sheets[each.row.pk] = sheet(each, today=today, weeks=RECENT_WEEKS + 1, teams=[one.pk for one in teams])
        found = sheets[each.row.pk]
        keys = None if team is None else set(tree().below(team.pk))
        for row in found.rows:
            if keys is None or (row.team.pk if row.team else row.person.team_id if row.person else None) in keys:
                done, expected = done + row.done, expected + row.expected
    key = team.pk if team else None
    adoption = adoption_of(key, today)
    mode = library().modes.get(adoption.mode) if adoption else None
    return Standing(team, mode, adoption, practices, done / expected if expected else None)


@dataclass(frozen=True)
class Fit:
    """One hint whether a mode fits, with what was measured."""

    says: str
    label: str
    unit: str
    value: float | None
    fits: bool | None


def fits_of(mode: Mode, values: dict[str, float | None]) -> list[Fit]:
    """Return the hints of a mode beside what was measured."""
    from salesmode.modes.queries.measures import MEASURES

    return [
        Fit(str(hint.says), str(MEASURES[hint.measure].label), MEASURES[hint.measure].unit, values.get(hint.measure),
            hint.fits(values.get(hint.measure)))
        for hint in mode.fits
    ]  # fmt: skip


def measured(modes: list[Mode], team_id: int | None) -> dict[str, float | None]:
    """Measure everything that the hints of some modes ask about, once each."""
    from salesmode.modes.queries.measures import MEASURES

    return {
        code: MEASURES[code].read(team_id)
        for code in dict.fromkeys(hint.measure for mode in modes for hint in mode.fits)
    }


def led_alone(person: Person) -> Team | None:
    """Return the team that somebody leads, if it is one; whoever leads several has no one team to look at."""
    led = list(Team.objects.filter(lead=person).order_by("pk")[:2])
    return led[0] if len(led) == 1 else None


def adopters_of(practice: Practice, today: date, person: Person) -> list[AdoptedPractice]:
    """Return who does a practice, as far as somebody may see it."""
    rows = AdoptedPractice.objects.in_force().visible_to(person).filter(code=practice.code).select_related("team")
    return list(rows.order_by("from_day", "pk"))


def steps_of(adoption: Adoption) -> list[tuple[EventRecord, Any]]:
    """Return what happened to an adoption and its practices since it was made, the newest first, with who did it."""
    about = EventRecord.objects.about("adoption", adoption.pk).exclude(name="practice.adopted")
    events = list(about.order_by("-happened_at", "-pk")[:40])
    people = Person.objects.in_bulk({each.actor_id for each in events})
    return [(each, people.get(each.actor_id)) for each in events]
