"""What the rules find: every number measured for all people or teams at once, then judged one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salesmode.analytics.measure import recorded_since
from salesmode.kernel.holidays import workdays
from salesmode.kernel.periods import Period, add_months
from salesmode.targets.models import AlertRule
from salesmode.targets.models.alert_judging import (
    Judgement,
    judge_anomaly,
    judge_change,
    judge_pace,
    judge_threshold,
)
from salesmode.targets.models.target import adds_up
from salesmode.targets.queries.actuals import actuals_by
from salesmode.targets.queries.alert_rules import Subject, subjects_of
from salesmode.targets.queries.goals import goals

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Spans:
    """The days that a rule looks at: the period it belongs to, what is measured of it, and what it compares with."""

    whole: Period
    measured: Period
    before: Period
    history: Sequence[Period] = ()
    # Working days of the period: those before today, and all.
    elapsed: int = 0
    total: int = 0


@dataclass(frozen=True)
class Finding:
    """What a rule found about one subject."""

    rule: AlertRule
    subject: Subject
    spans: Spans
    value: Decimal | None
    judgement: Judgement
    basis: dict[str, Any]


@dataclass
class Readings:
    """Numbers that several rules need, each kind of unit and span of days measured once for everybody."""

    wanted: dict[tuple[str, date, date], set[str]] = field(default_factory=dict)
    periods: dict[tuple[str, date, date], Period] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    found: dict[tuple[str, date, date], dict[tuple[str, str], Decimal]] = field(default_factory=dict)

    def want(self, code: str, unit: str, keys: Sequence[str], *periods: Period) -> None:
        """Ask for a number of these units."""
        self.keys.setdefault(unit, set()).update(keys)
        for period in periods:
            name = (unit, period.first, period.until)
            self.wanted.setdefault(name, set()).add(code)
            self.periods[name] = period

    def measure(self) -> None:
        """Measure everything that was asked for: one measurement for each kind of unit and span of days."""
        for name, codes in self.wanted.items():
            unit = name[0]
            keys = sorted(self.keys[unit])
            self.found[name] = actuals_by(sorted(codes), unit, self.periods[name], keys=keys)

    def of(self, code: str, subject: Subject, period: Period) -> Decimal | None:
        """Return a number that was measured; unknown is None."""
        return self.found[subject.unit, period.first, period.until].get((code, subject.key))


def spans_of(rule: AlertRule, today: date) -> Spans:
    """Return the days that a rule looks at on a day."""
    running = Period.containing(today, rule.grain)
    last = Period.containing(running.first - ONE_DAY, rule.grain)
    if rule.kind_of == AlertRule.Kind.PACE:
        elapsed = workdays(running.first, today)
        return Spans(running, running, last, elapsed=elapsed, total=workdays(running.first, running.until))
    if rule.span == AlertRule.Span.RUNNING:
        so_far = _part(running, running.first, today + ONE_DAY)
        until = min(last.first + timedelta(days=so_far.days), last.until)
        return Spans(running, so_far, _part(last, last.first, until))
    before = Period.containing(last.first - ONE_DAY, rule.grain)
    history = _history(rule, last) if rule.kind_of == AlertRule.Kind.ANOMALY else ()
    return Spans(last, last, before, history)


def _part(period: Period, first: date, until: date) -> Period:
    return Period(first, until, "days", f"{first}..{until - ONE_DAY}", period.zone, period.fiscal_start)


def _history(rule: AlertRule, last: Period) -> list[Period]:
    """Return the comparable periods before one, the nearest first."""
    found = []
    for number in range(1, rule.history + 1):
        if rule.season == AlertRule.Season.YEARLY and rule.grain != AlertRule.Grain.DAY:
            weeks = rule.grain == AlertRule.Grain.WEEK
            first = last.first - timedelta(weeks=52 * number) if weeks else add_months(last.first, -12 * number)
        elif rule.grain in MONTHS:
            first = add_months(last.first, -MONTHS[rule.grain] * number)
        else:
            # A day is compared with the same weekday, a week with the weeks before.
            first = last.first - timedelta(weeks=number)
        found.append(Period.containing(first, rule.grain))
    return found


def findings(rules: Sequence[AlertRule], *, today: date, among: Sequence[AlertRule] | None = None) -> Iterator[Finding]:
    """Yield what each rule finds about each of its subjects, known or not.

    `among` are all rules that hold, where only some are asked. One measurement for each kind of unit and span of days,
    one query for each kind of unit and period with targets; however many people.
    """
    subjects = subjects_of(among if among is not None else rules)
    spans = {rule.pk: spans_of(rule, today) for rule in rules}
    readings = Readings()
    for rule in rules:
        here = spans[rule.pk]
        more = [here.before] if rule.kind_of == AlertRule.Kind.CHANGE else list(here.history)
        for unit in {subject.unit for subject in subjects[rule.pk]}:
            keys = [subject.key for subject in subjects[rule.pk]]
            readings.want(rule.metric, unit, keys, here.measured, *more)
    readings.measure()
    aims: dict[Any, dict[tuple[str, str], Decimal]] = {}
    for rule in rules:
        for subject in subjects[rule.pk]:
            yield _found(rule, subject, spans[rule.pk], readings, aims)


def _found(rule: AlertRule, subject: Subject, spans: Spans, readings: Readings, aims: dict[Any, Any]) -> Finding:
    value = readings.of(rule.metric, subject, spans.measured)
    basis: dict[str, Any] = {}
    if rule.kind_of == AlertRule.Kind.PACE:
        name = (subject.unit, spans.whole.first, spans.whole.until)
        if name not in aims:
            aims[name] = goals(None, spans.whole, unit=subject.unit)  # type: ignore[arg-type]
        goal = aims[name].get((rule.metric, subject.key))
        basis = {
            "goal": None if goal is None else f"{goal:f}",
            "elapsed": spans.elapsed,
            "total": spans.total,
            "adds_up": adds_up(rule.asked),
        }
        judgement = judge_pace(
            value,
            goal,
            elapsed=basis["elapsed"],
            total=basis["total"],
            tolerance=rule.limit,
            adds_up=basis["adds_up"],
            lower_is_better=rule.asked.direction == "lower",
        )
    elif rule.kind_of == AlertRule.Kind.THRESHOLD:
        judgement = judge_threshold(value, limit=rule.limit, direction=rule.direction)
    elif rule.kind_of == AlertRule.Kind.CHANGE:
        before = readings.of(rule.metric, subject, spans.before)
        is_ratio = rule.asked.unit == "ratio"
        judgement = judge_change(value, before, percent=rule.limit, direction=rule.direction, is_ratio=is_ratio)
        basis = {"before_from": f"{spans.before.first}", "before_last": f"{spans.before.last}"}
    else:
        history = [_remembered(rule, subject, period, readings) for period in spans.history]
        step = Decimal(1) if rule.asked.unit == "count" else Decimal(0)
        judgement = judge_anomaly(value, history, width=rule.limit, direction=rule.direction, step=step)
        known = [one for one in history if one is not None]
        basis = {"periods": judgement.periods, "history": [f"{one:f}" for one in known]}
    return Finding(rule, subject, spans, value, judgement, basis)


def _remembered(rule: AlertRule, subject: Subject, period: Period, readings: Readings) -> Decimal | None:
    """Return a number of the past; before it was recorded, or the person was there, for the whole period it is unknown.

    Otherwise the zeros of a time that nobody wrote down would say what is usual.
    """
    began = [recorded_since(rule.asked), subject.person.started_on if subject.person is not None else None]
    if any(day is not None and period.first < day for day in began):
        return None
    return readings.of(rule.metric, subject, period)
