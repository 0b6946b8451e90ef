"""Design scorecards, and say against what teams and people are measured."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets import policies
from salesmode.targets.events import ScorecardAmended, ScorecardBenchmarkSet, ScorecardDefined
from salesmode.targets.models import Benchmark, Scorecard, ScorecardLine
from salesmode.targets.models.scorecard import LARGEST, LineDraft, ScorecardInUse, ensure_valid_lines


@transaction.atomic
def define_scorecard(
    *,
    name: str,
    lines: Sequence[LineDraft],
    description: str = "",
    ramp: Sequence[int] = (),
    by: Person,
    at: datetime,
) -> Scorecard:
    """Design a scorecard: for each score a few metrics whose weights add up to 100.

    Raises NotAllowed, Invalid at the field that is wrong.
    """
    require(policies.may_define_scorecard(by))
    ensure_valid_lines(lines)
    card = Scorecard(name=name.strip(), description=description.strip(), ramp=list(ramp), owner=by)
    _save_with_own_name(card, at=at)
    _write_lines(card, lines)
    metrics = [line.metric for line in lines]
    record(ScorecardDefined(scorecard_id=card.pk, metrics=metrics, owner_id=by.pk), by=by, at=at)
    return card


@transaction.atomic
def amend_scorecard(
    card: Scorecard,
    *,
    by: Person,
    at: datetime,
    version: int | None = None,
    lines: Sequence[LineDraft] | None = None,
    name: str | None = None,
    description: str | None = None,
    ramp: Sequence[int] | None = None,
) -> Scorecard:
    """Change a scorecard; once it has been in use only its name and description.

    Raises NotAllowed, Stale, ScorecardInUse, Invalid at the field that is wrong.
    """
    lock(card, version=version)
    require(policies.may_amend_scorecard(by, card))
    there = [line.draft() for line in card.lines.order_by("position", "pk")]
    if lines is not None and list(lines) != there:
        _refuse_while_in_use(card)
        ensure_valid_lines(lines)
        card.lines.all().delete()
        _write_lines(card, lines)
    if ramp is not None and list(ramp) != card.ramp:
        _refuse_while_in_use(card)
        card.ramp = list(ramp)
    card.name = card.name if name is None else name.strip()
    card.description = card.description if description is None else description.strip()
    _save_with_own_name(card, at=at)
    metrics = [line.metric for line in lines or there]
    record(ScorecardAmended(scorecard_id=card.pk, metrics=metrics), by=by, at=at)
    return card


def _refuse_while_in_use(card: Scorecard) -> None:
    if card.uses.exists():
        raise ScorecardInUse(card)


def _save_with_own_name(card: Scorecard, *, at: datetime) -> None:
    card.ensure_valid()
    fit(card)
    try:
        with transaction.atomic():
            save(card, at=at)
    except IntegrityError as error:
        if "scorecard_name_is_unique" not in str(error):
            raise
        raise Invalid({"name": [_("Another scorecard has this name.")]}) from None


def _write_lines(card: Scorecard, lines: Sequence[LineDraft]) -> None:
    rows = [
        ScorecardLine(
            scorecard=card,
            score=line.score,
            position=number,
            metric=line.metric,
            weight=line.weight,
            benchmark=line.benchmark,
            cap=line.cap,
            floor=line.floor,
        )
        for number, line in enumerate(lines)
    ]
    for row in rows:
        fit(row)
    ScorecardLine.objects.bulk_create(rows)


@transaction.atomic
def set_benchmark(
    line: ScorecardLine,
    *,
    value: Decimal | None,
    team: Team | None = None,
    person: Person | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Measure a team (with all below it) or a person against another benchmark; without a value, the line's own again.

    Raises NotAllowed, Invalid for a benchmark that is not above zero, or for nobody or both.
    """
    if (team is None) == (person is None):
        raise Invalid({"person": [_("Name a team or a person.")]})
    require(policies.may_set_benchmark(by, team, person))
    if value is not None and (not value.is_finite() or not 0 < value < LARGEST):
        raise Invalid({"value": [_("A benchmark is above zero.")]})
    whose: dict[str, Any] = {"line": line, "team": team, "person": person}
    if value is None:
        Benchmark.objects.filter(**whose).delete()
    else:
        Benchmark.objects.update_or_create(**whose, defaults={"value": value})
    event = ScorecardBenchmarkSet(
        scorecard_id=line.scorecard_id,
        metric=line.metric,
        score=line.score,
        team_id=team.pk if team else None,
        person_id=person.pk if person else None,
        value=value,
    )
    record(event, by=by, at=at)
