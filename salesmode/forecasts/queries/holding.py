"""What holds for a team on a day: its own, else that of the team it is part of, else the company's."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F

from salesmode.forecasts.models import InspectionRule, SubmissionCycle
from salesmode.forecasts.models.inspection import USUAL_LIMITS, USUAL_PRICE_WORDS, USUAL_RED_WORDS, Warn
from salesmode.kernel.asked import Asked
from salesmode.people.models import Team


@dataclass(frozen=True)
class Rules:
    """What deals are inspected for: the threshold of each warning in use, and the words to listen for."""

    limits: dict[str, int]
    red_words: tuple[str, ...]
    price_words: tuple[str, ...]
    chosen: InspectionRule | None = None

    def watches(self, code: str) -> bool:
        """Say whether this warning is in use."""
        return code in self.limits


USUAL = Rules(dict(USUAL_LIMITS), tuple(USUAL_RED_WORDS), tuple(USUAL_PRICE_WORDS))


def cycle_of(team: Team | None, on: date) -> SubmissionCycle | None:
    """Return the submission cycle that holds for a team, or the company, on a day; None without one. Two queries."""
    return Holding(SubmissionCycle, on).of(team.pk if team else None)


def cycles_on(on: date) -> "Holding":
    """Return which cycle holds for whom on a day. Two queries, however many teams."""
    return Holding(SubmissionCycle, on)


def rules_of(team: Team | None, on: date) -> Rules:
    """Return what the deals of a team, or of the company, are inspected for on a day. Two queries."""
    return as_rules(Holding(InspectionRule, on).of(team.pk if team else None))


def rules_on(on: date) -> dict[int | None, Rules]:
    """Return what holds for every team, and for people in none. Two queries, however many teams."""
    holding = Holding(InspectionRule, on)
    return {key: as_rules(holding.of(key)) for key in [None, *holding.parents]}


def as_rules(row: InspectionRule | None) -> Rules:
    """Return a choice of warnings as it is used; without one, the usual."""
    if row is None:
        return USUAL
    limits = {code.value: row.limits.get(code, USUAL_LIMITS[code]) for code in Warn if code not in row.off}
    return Rules(limits, tuple(row.red_words), tuple(row.price_words), row)


@cache
def _up_to(model: type[InspectionRule] | type[SubmissionCycle]) -> Asked:
    """Return the question for every decision of a kind up to a day, the newest last."""
    return Asked(lambda on: model.objects.filter(since__lte=on).select_related("team").order_by("since"), date)


_PARENTS = Asked(lambda: Team.objects.values(team=F("pk"), above=F("parent_id")))


class Holding:
    """The newest decision of each team up to a day, and who is part of whom."""

    def __init__(self, model: type[InspectionRule] | type[SubmissionCycle], on: date) -> None:
        self.rows = {row.team_id: row for row in _up_to(model).all(on)}
        self.parents: dict[int, int | None] = {row["team"]: row["above"] for row in _PARENTS.all()}

    def of(self, team_id: int | None) -> Any:
        """Return what holds for a team; None stands for the company."""
        passed: set[int] = set()
        while team_id is not None and team_id not in passed:
            passed.add(team_id)
            if (row := self.rows.get(team_id)) is not None and not row.is_withdrawn:
                return row
            team_id = self.parents.get(team_id)
        row = self.rows.get(None)
        return None if row is None or row.is_withdrawn else row

    def own(self, team_id: int | None) -> Any:
        """Return a team's own decision alone, if it stands."""
        row = self.rows.get(team_id)
        return None if row is None or row.is_withdrawn else row
