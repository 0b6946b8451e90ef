"""Answer a metric's question for a period: the value, the one before it, its course, and any slice of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _

from salesmode.analytics import manifest as manifests
from salesmode.analytics.dimensions import DIMENSIONS, labelled
from salesmode.analytics.metrics import Metric, metric
from salesmode.analytics.questions import Answers, Question, Window, answer
from salesmode.kernel.periods import Period, add_months
from salesmode.kernel.refusals import Invalid

Number = int | float | Decimal
Compare = Literal["previous", "last_year"] | None
SERIES_MONTHS = 12
SERIES_DAYS = 14
SHORT_PERIOD_DAYS = 10
MOST_SLICES = 2
Names = dict[str, dict[Any, str]]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Point:
    """One point of a number's course: the days it stands for, and its value."""

    first: date
    until: date
    label: str
    value: Number | None


class Slice(NamedTuple):
    """One part of a number that was broken down."""

    key: Any
    label: str
    value: Number | None
    previous: Number | None = None


@dataclass(frozen=True)
class Reading:
    """The answer: unknown is None, never 0."""

    metric: Metric
    period: Period
    value: Number | None
    previous: Number | None = None
    compared: Period | None = None
    series: Sequence[Point] = ()
    breakdown: Sequence[Slice] = ()

    @property
    def change(self) -> float | None:
        """Return the relative change against the period compared with, for ratios the difference."""
        if self.value is None or self.previous is None:
            return None
        if self.metric.unit == "ratio":
            return float(self.value) - float(self.previous)
        return (float(self.value) - float(self.previous)) / abs(float(self.previous)) if self.previous else None

    @property
    def is_better(self) -> bool | None:
        """Whether the number moved the way it should; None when it did not move or nobody knows."""
        change = self.change
        if not change:
            return None
        return (change > 0) == (self.metric.direction == "higher")


@dataclass(frozen=True)
class Request:
    """What is asked about one metric."""

    code: str
    by: str | None = None
    series: bool = False


def measure(
    of: Metric | str,
    period: Period,
    *,
    by: str | None = None,
    compare: Compare = None,
    where: Mapping[str, Any] | None = None,
    seen_by_owners: Iterable[int] | None = None,
    series: bool = True,
) -> Reading:
    """Answer a metric's question for a period.

    `seen_by_owners` leaves out whatever belongs to anybody else; None takes everything.
    Raises UnknownMetric, Invalid for a slice that the metric does not have.
    """
    code = of if isinstance(of, str) else of.code
    asked = [Request(code, by=by, series=series)]
    return measure_many(asked, period, compare=compare, where=where, seen_by_owners=seen_by_owners)[0]


def measure_many(
    requests: Sequence[Request],
    period: Period,
    *,
    compare: Compare = None,
    where: Mapping[str, Any] | None = None,
    seen_by_owners: Iterable[int] | None = None,
) -> list[Reading]:
    """Answer many questions about the same period, those over the same facts in one scan."""
    compared = {"previous": period.before, "last_year": period.same_last_year, None: lambda: None}[compare]()
    buckets = _buckets(period)
    answers = _answers(requests, [period, compared] if compared else [period], buckets, where, seen_by_owners)
    names: Names = {}
    return [_reading(request, period, compared, buckets, answers, names) for request in requests]


def measure_over(
    requests: Sequence[Request],
    periods: Sequence[Period],
    *,
    where: Mapping[str, Any] | None = None,
    seen_by_owners: Iterable[int] | None = None,
) -> list[list[Reading]]:
    """Answer the same questions about several periods, those over the same facts in one scan; without courses."""
    plain = [replace(request, series=False) for request in requests]
    answers = _answers(plain, periods, (), where, seen_by_owners)
    names: Names = {}
    return [[_reading(request, period, None, (), answers, names) for request in plain] for period in periods]


def _answers(
    requests: Sequence[Request],
    periods: Sequence[Period],
    buckets: Sequence[Window],
    where: Mapping[str, Any] | None,
    seen_by_owners: Iterable[int] | None,
) -> Answers:
    """Look up whatever the requests need for the periods."""
    scope = {name: _listed(value) for name, value in (where or {}).items()}
    owners = None if seen_by_owners is None else sorted(set(seen_by_owners))
    windows = [Window(period.first, period.until) for period in periods]
    questions: dict[Question, None] = {}
    for request in requests:
        for question in _questions(request, windows, buckets, scope):
            questions[question] = None
    return answer(list(questions), scope, owners, manifests.current())


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _questions(
    request: Request, windows: Sequence[Window], buckets: Sequence[Window], scope: Mapping[str, Any]
) -> list[Question]:
    """Return what has to be looked up for one request: itself, or the ingredients of its formula."""
    asked = metric(request.code)
    _check(asked, request.by, scope)
    if asked.kind == "formula":
        found = []
        for part in asked.ingredients.values():
            taken = tuple(_widened(window, part.months) for window in windows)
            course = buckets if request.series and not _trails(asked) else ()
            found.append(Question(part.code, taken, tuple(course), request.by))
        return found
    return [Question(request.code, tuple(windows), tuple(buckets) if request.series else (), request.by)]


def _widened(window: Window, months: int) -> Window:
    return Window(add_months(window.until, -months), window.until) if months else window


def _trails(asked: Metric) -> bool:
    return any(part.months for part in asked.ingredients.values())


def _check(asked: Metric, by: str | None, scope: Mapping[str, Any]) -> None:
    allowed = (
        set(asked.dimensions)
        if asked.kind != "formula"
        else set.intersection(*(set(metric(part.code).dimensions) for part in asked.ingredients.values()))
    )
    slices = by.split(",") if by else []
    most = MOST_SLICES if asked.kind == "flow" else 1
    for field, names in (("by", slices), ("where", list(scope))):
        for place, name in enumerate(names):
            if (
                name not in DIMENSIONS
                or name not in allowed
                or (field == "by" and (place >= most or name in names[:place]))
            ):
                offered = ", ".join(sorted(allowed)) or "-"
                said = {"metric": asked.label, "name": name[:40], "offered": offered}
                raise Invalid({field: [_("%(metric)s cannot be broken down by %(name)s; choose: %(offered)s.") % said]})


def dimensions_of(asked: Metric) -> list[str]:
    """Return what a metric can be broken down by."""
    if asked.kind != "formula":
        return list(asked.dimensions)
    sets = [metric(part.code).dimensions for part in asked.ingredients.values()]
    return [name for name in sets[0] if all(name in other for other in sets)]


def recorded_since(asked: Metric) -> date | None:
    """Return the first day on which anything that a number counts was recorded; before it, nothing is known of it.

    None where nobody can say. No scan.
    """
    if asked.kind == "formula":
        days = [recorded_since(metric(part.code)) for part in asked.ingredients.values()]
    else:
        facts = manifests.current().facts
        days = [facts[name].first_day for name in asked.facts if name in facts]
    return max((day for day in days if day is not None), default=None)


def _reading(
    request: Request,
    period: Period,
    compared: Period | None,
    buckets: Sequence[Window],
    answers: Answers,
    known: Names,
) -> Reading:
    asked = metric(request.code)
    now, before = Window(period.first, period.until), Window(compared.first, compared.until) if compared else None

    series: tuple[Point, ...] = ()
    if request.series and not _trails(asked):
        series = tuple(
            Point(each.first, each.until, _bucket_label(each), _value(asked, None, each, ..., answers))
            for each in buckets
        )
    whole = _value(asked, None, now, ..., answers)
    former_whole = _value(asked, None, before, ..., answers) if before else None
    reading = Reading(asked, period, whole, former_whole, compared, series)
    if request.by is None:
        return reading
    current = _parts(asked, request.by, now, answers)
    former = _parts(asked, request.by, before, answers) if before else {}
    keys = list(current | former) if former else list(current)
    none = 0 if asked.nothing_is_zero else None
    values = [current.get(key, none) for key in keys] if former else current.values()
    earlier = [former.get(key, none) for key in keys] if before else repeat(None)
    parts = zip(keys, _names(request.by.split(","), keys, known), values, earlier, strict=False)
    slices = list(map(partial(tuple.__new__, Slice), parts))
    return replace(reading, breakdown=_ordered(request.by, slices))


def _names(by: Sequence[str], keys: Sequence[Any], known: Names) -> Iterable[str]:
    """Return what keys are called; several metrics that are broken down alike look the names up once."""
    columns = [keys] if len(by) == 1 else list(zip(*keys, strict=True))
    for name, column in zip(by, columns, strict=bool(keys)):
        called = known.setdefault(name, {})
        new = [part for part in dict.fromkeys(column) if part not in called]
        called.update(labelled(DIMENSIONS[name], new) if new else {})
    if len(by) == 1:
        return [known[by[0]][key] for key in keys]
    named = [map(known[name].__getitem__, column) for name, column in zip(by, columns, strict=bool(keys))]
    return map(" · ".join, zip(*named, strict=True))


def _ordered(by: str, slices: list[Slice]) -> list[Slice]:
    if by in ("month", "quarter") or "," in by:
        return sorted(slices, key=attrgetter("label"))
    arrange = DIMENSIONS[by].order
    if arrange is not None:
        places = arrange([one.key for one in slices])
        return sorted(slices, key=lambda one: (places.get(one.key, 0), one.label))
    return sorted(slices, key=lambda one: (one.value is None, -float(one.value or 0), one.label))


def _parts(asked: Metric, by: str, window: Window, answers: Answers) -> dict[Any, Number | None]:
    """Return the value of every key of a slice."""
    if asked.kind != "formula":
        none = 0 if asked.nothing_is_zero else None
        found = answers.values.get((asked.code, by, window), {})
        shape, nothing = _SHAPES[asked.unit], _shaped(asked, none)
        return {key: nothing if value is None else shape(value) for key, value in found.items()}
    keys: dict[Any, None] = {}
    for part in asked.ingredients.values():
        keys |= dict.fromkeys(answers.values.get((part.code, by, _widened(window, part.months)), {}))
    values = {key: _value(asked, by, window, key, answers) for key in keys}
    return {key: value for key, value in values.items() if value is not None}


def _value(asked: Metric, by: str | None, window: Window, key: Any, answers: Answers) -> Number | None:
    sliced = by if key is not Ellipsis else None
    if asked.kind != "formula":
        return _shaped(asked, answers.value(asked, sliced, window, key))
    given = {
        name: answers.value(metric(part.code), sliced, _widened(window, part.months), key)
        for name, part in asked.ingredients.items()
    }
    missing = [name for name, each in given.items() if each is None and not asked.ingredients[name].may_be_unknown]
    if asked.formula is None or missing:
        return None
    try:
        known = {name: None if each is None else float(each) for name, each in given.items()}
        return _shaped(asked, asked.formula(**known))
    except ZeroDivisionError:
        return None


def _shaped(asked: Metric, value: Any) -> Number | None:
    """Give a number the type of its unit; what is no number is unknown."""
    return None if value is None else _SHAPES[asked.unit](value)


def _money(value: Any) -> Number | None:
    if isinstance(value, Decimal):
        exact = value
    elif value != value:
        return None
    else:
        exact = Decimal(repr(round(float(value), 2)))
    rounded = exact.quantize(CENT)
    return rounded if rounded == exact else exact


def _count(value: Any) -> Number | None:
    if value != value:
        return None
    return int(value) if float(value) == int(value) else round(float(value), 2)


def _float(value: Any) -> Number | None:
    return None if value != value else float(value)


_SHAPES: dict[str, Callable[[Any], Number | None]] = {"money": _money, "money_per_day": _money, "count": _count}
_SHAPES |= dict.fromkeys(("ratio", "days", "hours"), _float)


def _buckets(period: Period) -> list[Window]:
    """Return the days or months over which a number's course is shown, up to the end of the period."""
    if period.days <= SHORT_PERIOD_DAYS:
        first = period.until - timedelta(days=SERIES_DAYS)
        return [Window(first + timedelta(days=n), first + timedelta(days=n + 1)) for n in range(SERIES_DAYS)]
    month = period.last.replace(day=1)
    firsts = [add_months(month, -n) for n in range(SERIES_MONTHS - 1, -1, -1)]
    windows = [Window(first, add_months(first, 1)) for first in firsts]
    return [*windows[:-1], Window(month, period.until)]


def _bucket_label(window: Window) -> str:
    return f"{window.first:%Y-%m-%d}" if window.until - window.first == timedelta(days=1) else f"{window.first:%Y-%m}"
