"""What adopting would change, setting by setting, before anything is written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid
from salesmode.modes.models import PARTS, AdoptedPractice, Mode, Part, Practice
from salesmode.modes.queries.library import library
from salesmode.modes.queries.running import cards_of, running_for
from salesmode.people.models import Team


@dataclass(frozen=True)
class Change:
    """One setting as it is and as it would be."""

    practice: Practice
    part: Part
    slot: str
    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return self.before == self.after

    def now(self, team: Team | None, day: date) -> dict[str, Any] | None:
        """Return how it is by now: what an adoption really set, read back."""
        found = self.part.current(team, self.after, day)
        return None if found is None else self.part.shaped(found)

    @property
    def says_before(self) -> str:
        """Return in words how it is."""
        return described(self.part, self.before)

    @property
    def says_after(self) -> str:
        """Return in words how it would be."""
        return described(self.part, self.after)


@dataclass(frozen=True)
class Preview:
    """Everything that would change, and the mark by which it is recognised when it is confirmed."""

    team: Team | None
    mode: Mode | None
    practices: list[Practice]
    parameters: dict[str, dict[str, Any]]
    from_day: date
    changes: list[Change]
    already: list[Practice]
    cards_before: list[str]
    cards_after: list[str]
    mark: str
    # What only the whole company can have, and a team's adoption leaves alone.
    left_alone: list[Part]
    # What is done there already and goes on beside it.
    goes_on: list[Practice]


def described(part: Part | None, value: Mapping[str, Any] | None) -> str:
    """Return in words what a setting is; without one of its own, that it has none."""
    if value is None:
        return _("Nothing of its own")
    return part.describe(value) if part else json.dumps(value, ensure_ascii=False)


def chosen_practices(mode: str, practices: Sequence[str]) -> tuple[Mode | None, list[Practice]]:
    """Return what somebody chose by name; raises Invalid for names that are none, or nothing at all."""
    known = library()
    if mode and mode not in known.modes:
        raise Invalid({"mode": [_("There is no mode of this name.")]})
    codes = list(dict.fromkeys(practices)) or (known.modes[mode].practices if mode else [])
    if wrong := [code for code in codes if code not in known.practices]:
        raise Invalid({"practices": [_("There is no practice called %(code)s.") % {"code": wrong[0][:40]}]})
    if not codes:
        raise Invalid({"practices": [_("Choose a mode or at least one practice.")]})
    if mode and (strange := [code for code in codes if code not in known.modes[mode].practices]):
        name = known.practices[strange[0]].name
        raise Invalid({"practices": [_("%(name)s does not belong to this mode.") % {"name": name}]})
    return (known.modes[mode] if mode else None), [known.practices[code] for code in codes]


def checked_parameters(
    practices: Sequence[Practice], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return every parameter of every practice, the given ones checked; raises Invalid at the parameter."""
    wrong: dict[str, list[str]] = {}
    chosen: dict[str, dict[str, Any]] = {}
    by_code = {practice.code: practice for practice in practices}
    for code, values in given.items():
        known = by_code[code].defaults() if code in by_code else {}
        for name in values:
            if name not in known:
                wrong[f"parameters.{code}.{name}"[:100]] = [_("There is no such parameter.")]
    for practice in practices:
        chosen[practice.code] = practice.defaults() | dict(given.get(practice.code, {}))
        for parameter in practice.parameters:
            if parameter.wrong_about(chosen[practice.code].get(parameter.code)):
                wrong[f"parameters.{practice.code}.{parameter.code}"] = [
                    _("%(name)s: this value does not fit.") % {"name": parameter.name}
                ]
    if wrong:
        raise Invalid(wrong)
    return chosen


def changes_of(practice: Practice, parameters: Mapping[str, Any], team: Team | None, day: date) -> list[Change]:
    """Return what a practice would set for a team from a day on, beside what is set now."""
    changes = []
    for setting in practice.settings:
        part = PARTS[setting.part]
        if team is not None and not part.for_teams:
            continue
        after = part.shaped(part.resolve(part.shaped(practice.filled(setting.value, dict(parameters)))))
        before = part.current(team, after, day)
        changes.append(Change(practice, part, part.slot(after), None if before is None else part.shaped(before), after))
    return changes


def preview(
    *,
    team: Team | None,
    mode: str = "",
    practices: Sequence[str] = (),
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    from_day: date,
) -> Preview:
    """Say what adopting would change; writes nothing. Raises Invalid."""
    bundle, wanted = chosen_practices(mode, practices)
    chosen = checked_parameters(wanted, parameters or {})
    there = AdoptedPractice.objects.in_force().filter(team=team, code__in=[each.code for each in wanted])
    already_there = set(there.values_list("code", flat=True))
    fresh = [each for each in wanted if each.code not in already_there]
    changes = [change for each in fresh for change in changes_of(each, chosen[each.code], team, from_day)]
    _refuse_rivals(changes)
    now = [each.practice for each in running_for(team.pk if team else None, from_day)]
    after = list({each.code: each for each in [*wanted, *now]}.values()) if fresh else now
    return Preview(
        team,
        bundle,
        fresh,
        {each.code: chosen[each.code] for each in fresh},
        from_day,
        changes,
        [each for each in wanted if each.code in already_there],
        cards_of(now),
        cards_of(after),
        _mark(team, mode, fresh, chosen, from_day, changes, already_there),
        [] if team is None else list(dict.fromkeys(part for each in fresh for part in _of_the_company(each))),
        [each for each in now if each not in wanted],
    )


def _of_the_company(practice: Practice) -> list[Part]:
    parts = [PARTS[setting.part] for setting in practice.settings]
    return [part for part in parts if not part.for_teams]


def _refuse_rivals(changes: Sequence[Change]) -> None:
    """Refuse two practices that set the same thing."""
    first: dict[tuple[str, str], Practice] = {}
    for each in changes:
        other = first.setdefault((each.part.code, each.slot), each.practice)
        if other is not each.practice:
            says = _("%(one)s and %(other)s set the same: %(part)s. Choose one of them.")
            raise Invalid(
                {"practices": [says % {"one": other.name, "other": each.practice.name, "part": each.part.name}]}
            )


def _mark(
    team: Team | None,
    mode: str,
    practices: Sequence[Practice],
    parameters: Mapping[str, Any],
    from_day: date,
    changes: Sequence[Change],
    already: set[str],
) -> str:
    """Return a short mark of all that a preview shows: if any of it moves, so does the mark."""
    seen = {
        "team": team.pk if team else None,
        "mode": mode,
        "practices": [each.code for each in practices],
        "parameters": {each.code: parameters[each.code] for each in practices},
        "from": from_day.isoformat(),
        "changes": [[each.part.code, each.slot, each.before, each.after] for each in changes],
        "already": sorted(already),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()[:32]
