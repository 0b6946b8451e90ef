"""Turn questions about metrics into as few queries as possible, with every value bound."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salesmode.analytics import accounts, rollups, warehouse, youth
from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.manifest import Manifest
from salesmode.analytics.metrics import Metric, metric

# Everything that stands in the text of a query comes from metrics and dimensions, which are source code.
# ruff: noqa: S608

TOTAL = "total"
Values = dict[Any, Any]


@dataclass(frozen=True, order=True)
class Window:
    """The days from `first` until before `until`."""

    first: date
    until: date


@dataclass(frozen=True)
class Question:
    """One metric, asked for some windows (each also by the slice, if any) and for a course of windows."""

    code: str
    windows: tuple[Window, ...]
    course: tuple[Window, ...] = ()
    by: str | None = None


@dataclass
class Answers:
    """What the queries gave: the value of a metric for a window, as a whole or for one key of a slice."""

    values: dict[tuple[str, str, Window], dict[Any, Any]] = field(default_factory=dict)
    # Fact tables that hold anything: where nothing was ever recorded, every answer is unknown.
    recorded: frozenset[str] = frozenset()

    def put(self, code: str, by: str | None, window: Window, key: Any, value: Any) -> None:
        """Keep one value."""
        self.values.setdefault((code, by or TOTAL, window), {})[key] = value

    def taken_by(self, metrics: Sequence[Metric], by: str | None, window: Window) -> list[tuple[Values, Values]]:
        """Return where each metric's whole and its slices for a window are kept."""
        return [
            (
                self.values.setdefault((one.code, TOTAL, window), {}),
                self.values.setdefault((one.code, by or TOTAL, window), {}),
            )
            for one in metrics
        ]

    def value(self, asked: Metric, by: str | None, window: Window, key: Any = Ellipsis) -> Any:
        """Return one value; unknown is None."""
        if self.recorded.isdisjoint(asked.facts):
            return None
        value = self.values.get((asked.code, by or TOTAL, window), {}).get(key)
        return 0 if value is None and asked.nothing_is_zero else value


def answer(
    questions: Sequence[Question], scope: Mapping[str, Sequence[Any]], owners: Sequence[int] | None, held: Manifest
) -> Answers:
    """Look everything up; questions over the same rows and windows share one scan."""
    answers = Answers(recorded=frozenset(name for name, fact in held.facts.items() if fact.rows))
    together: dict[tuple[Any, ...], list[Metric]] = {}
    for question in questions:
        asked = metric(question.code)
        alone = asked.code if asked.per or asked.kind == "state" else _fitting(asked, scope, owners, question.by)
        same = (asked.kind, asked.rows, asked.facts, asked.dated_by, asked.by_owner, alone)
        together.setdefault((*same, question.windows, question.course, question.by), []).append(asked)
    for (kind, *_same, windows, course, by), metrics in together.items():
        ask = {"flow": _flow, "balance": _balance, "state": _state}[kind]
        rows = _Rows(metrics, scope, owners, by, held)
        settled = _settled_until(rows, held) if kind == "flow" else None
        for some, buckets in _apart(windows, course, settled):
            ask(metrics, some, buckets, by, rows, held, answers)
    return answers


def _fitting(asked: Metric, scope: Iterable[str], owners: Sequence[int] | None, by: str | None) -> str:
    """Return which roll-up answers a metric; those that need the rows would keep the others from it."""
    found = rollups.fitting([asked], [*scope, *(by.split(",") if by else ())], owners)
    return found[0].version if found else ""


def _settled_until(rows: "_Rows", held: Manifest) -> date | None:
    """Return until which day only large parts have rows; what was worked out before it is remembered longest."""
    fact = held.facts.get(rows.asked.facts[0])
    if rows.rolled is not None or not rows.asked.is_local or fact is None:
        return None
    young = [part.first for part in fact.parts if part.rows < warehouse.ROLL_UP_AT]
    return None if "" in young or not young else date.fromisoformat(min(young)[:10])


def _apart(
    windows: tuple[Window, ...], course: tuple[Window, ...], settled: date | None
) -> list[tuple[tuple[Window, ...], tuple[Window, ...]]]:
    """Put windows that are settled apart from those where rows still come in."""
    if settled is None:
        return [(windows, course)]
    halves = [
        (
            tuple(window for window in windows if (window.until <= settled) is closed),
            tuple(window for window in course if (window.until <= settled) is closed),
        )
        for closed in (True, False)
    ]
    return [half for half in halves if any(half)]


class _Rows:
    """The rows that a question aggregates: the metric's, within the scope, of the owners that the viewer sees."""

    def __init__(
        self,
        metrics: Sequence[Metric],
        scope: Mapping[str, Sequence[Any]],
        owners: Sequence[int] | None,
        by: str | None,
        held: Manifest,
    ) -> None:
        self.asked = asked = metrics[0]
        found = rollups.fitting(metrics, [*scope, *(by.split(",") if by else ())], owners)
        self.rolled = found[0] if found else None
        self.expressions = found[1] if found else [one.inner or one.sql for one in metrics]
        self.is_countable_apart = all(one.each and one.each == asked.each for one in metrics)
        self.parameters: dict[str, Any] = youth.given(asked, held)
        self.through_customers = False
        conditions = []
        if owners is not None:
            self.parameters["owners"] = list(owners)
            through = asked.through_customers and warehouse.names_customers(asked.facts[0], held)
            self.through_customers = through
            # A roll-up that is asked through customers holds nothing but what is seen.
            if not (through and self.rolled):
                conditions.append(accounts.SEEN if through else accounts.OWN)
        for name, values in scope.items():
            conditions.append(self._within(name, values))
        self.names = by.split(",") if by else []
        self.shapes = [DIMENSIONS[name].shape for name in self.names]
        self.keys = [f"{self._column(name)} as key{number}" for number, name in enumerate(self.names)]
        self.text = f"select * from ({asked.rows})"
        for name in dict.fromkeys([*scope, *self.names]):
            if name in asked.by_owner:
                self.text = self._looked_up(name)
        if conditions:
            self.text += f" where {' and '.join(conditions)}"

    def ask(self, query: str, parameters: Mapping[str, Any], held: Manifest, edges: Iterable[date] = ()) -> list[Any]:
        """Ask the warehouse, of a roll-up where one fits; the edges are those of all windows."""
        split = rollups.split_months(edges) if self.rolled else ()
        within = (parameters["since"], parameters["before"]) if self.asked.is_local and "since" in parameters else None
        facts, through = self.asked.facts, self.through_customers
        apart = youth.parted(held, facts) if self.is_countable_apart else None
        if apart is not None:
            answers = (
                warehouse.ask(query, parameters, facts=facts, at=at, through_customers=through, touched=touched)
                for at, touched in youth.looks(held, *apart, self.asked.each)
            )
            return youth.put_together(*answers, values=len(self.expressions))
        return warehouse.ask(
            query,
            parameters,
            facts=facts,
            at=held,
            rolled=self.rolled,
            split=split,
            within=within,
            through_customers=through,
        )

    def keys_in(self, columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """Return the keys of slices from what their columns hold: one value for each, or several together."""
        found = []
        for shape, column in zip(self.shapes, columns, strict=True):
            if shape is not None:
                called = {value: None if value is None else shape(value) for value in set(column)}
                column = [called[value] for value in column]
            found.append(column)
        return found[0] if len(found) == 1 else list(zip(*found, strict=True))

    def _column(self, name: str) -> str:
        return DIMENSIONS[name].sql.format(dated_by=self.asked.dated_by)

    def _within(self, name: str, values: Sequence[Any]) -> str:
        kind = "bigint" if DIMENSIONS[name].is_number else "varchar"
        given = [value for value in values if value is not None]
        self.parameters[f"in_{name}"] = [int(value) if kind == "bigint" else str(value) for value in given]
        condition = f"{self._column(name)} in (select unnest($in_{name}::{kind}[]))"
        return f"({condition} or {self._column(name)} is null)" if len(given) < len(values) else condition

    def _looked_up(self, name: str) -> str:
        members = DIMENSIONS[name].members
        pairs = dict(members()) if members else {}
        self.parameters |= {f"{name}_owners": list(pairs), f"{name}_keys": list(pairs.values())}
        kind = "bigint" if DIMENSIONS[name].is_number else "varchar"
        column = self._column(name)
        looked = f"select unnest(${name}_owners::bigint[]) as owner_id, unnest(${name}_keys::{kind}[]) as {column}"
        return f"select * from ({self.text}) left join ({looked}) using (owner_id)"


def _flow(
    metrics: list[Metric],
    windows: tuple[Window, ...],
    course: tuple[Window, ...],
    by: str | None,
    rows: _Rows,
    held: Manifest,
    answers: Answers,
) -> None:
    """Aggregate what happened in each window; windows that do not overlap share a scan."""
    lanes = _lanes(windows) + _lanes([window for window in course if window not in windows])
    dated_by = rows.asked.dated_by
    parameters = dict(rows.parameters)
    columns, sets = [], []
    since, before = min(window.first for window in windows + course), max(window.until for window in windows + course)
    parameters |= {"since": since, "before": before}
    # A course by itself is never broken down.
    by = by if windows else None
    keys = [f"key{number}" for number in range(len(rows.keys))] if by else []
    # A sum needs no look of its own at the whole: it is the sum of its slices.
    adds_up = all(one.adds_up for one in metrics)
    for number, lane in enumerate(lanes):
        whole = lane == [Window(since, before)]
        columns.append(f"{'0' if whole else _placed(lane, dated_by, f'l{number}', parameters)} as lane{number}")
        is_sliced = by and lane[0] in windows
        if is_sliced:
            sets.append([f"lane{number}", *keys])
        if not (is_sliced and adds_up):
            sets.append([f"lane{number}"])
    spans = f"{dated_by} >= $since::date and {dated_by} < $before::date"
    base = f"select *, {', '.join([*rows.keys, *columns])} from ({rows.text}) where {spans}"
    names = [f"lane{number}" for number in range(len(lanes))]
    # One window that is all there is, sliced and nothing else, needs no marks on its rows.
    is_plain = len(sets) == 1 == len(lanes) and bool(keys) and lanes[0] == [Window(since, before)]
    given = ", ".join([*names, *keys])
    # Which columns a row was grouped by, as bits: the last says that it is a whole and not a slice.
    shape = f"grouping({', '.join([*names, *keys[:1]])})" if by else f"grouping({', '.join(names)}) * 2 + 1"
    if metrics[0].per:
        grouped = ", ".join(f"({', '.join([*one, metrics[0].per])})" for one in sets)
        inner = f"select {shape} as shape, {given}, {rows.expressions[0]} as x from ({base})"
        inner += f" group by grouping sets ({grouped})"
        query = f"select shape, {given}, {metrics[0].sql} from ({inner}) where x is not null group by shape, {given}"
    else:
        # A driver makes a number of many digits far more slowly than a text.
        found = ", ".join(
            f"({expression})::varchar" if one.is_sum_of_money else expression
            for one, expression in zip(metrics, rows.expressions, strict=True)
        )
        grouped = ", ".join(f"({', '.join(one)})" for one in sets)
        query = f"select {shape} as shape, {given}, {found} from ({base}) group by grouping sets ({grouped})"
        if is_plain:
            query = f"select {', '.join([*keys, found])} from ({base}) group by {', '.join(keys)}"
    width, deep = len(lanes), len(keys)
    edges = {edge for window in windows + course for edge in (window.first, window.until)}
    takers = [[answers.taken_by(metrics, by, window) for window in lane] for lane in lanes]
    alike: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    asked = rows.ask(query, parameters, held, edges)
    if is_plain and asked:
        alike[0, 0] = asked
    elif not is_plain:
        for row in asked:
            alike.setdefault(row[: width + 1], []).append(row)
    for (bits, *places), some in alike.items():
        table = list(zip(*some, strict=True))[0 if is_plain else width + 1 :]
        keyed = [...] if bits & 1 else rows.keys_in(table[:deep])
        read = [one.read(column) for one, column in zip(metrics, table[deep:], strict=True)]
        for number, place in enumerate(places):
            if place is not None and not bits >> (width - number) & 1:
                for (wholes, slices), column in zip(takers[number][place], read, strict=True):
                    (wholes if bits & 1 else slices).update(zip(keyed, column, strict=True))
                    values = [value for value in column if value is not None]
                    if adds_up and not bits & 1 and values:
                        wholes[...] = sum(values) + (wholes.get(...) or 0)


def _lanes(windows: Sequence[Window]) -> list[list[Window]]:
    """Put windows side by side so that no lane holds two that overlap."""
    lanes: list[list[Window]] = []
    for window in sorted(set(windows)):
        lane = next((lane for lane in lanes if lane[-1].until <= window.first), None)
        if lane is None:
            lanes.append([window])
        else:
            lane.append(window)
    return lanes


def _placed(lane: list[Window], dated_by: str, name: str, parameters: dict[str, Any]) -> str:
    """Return the expression that says in which window of a lane a row lies."""
    starts: dict[date, int | None] = {}
    for place, window in enumerate(lane):
        starts |= {window.first: place, window.until: None}
    return _found_among(list(starts), [None, *starts.values()], dated_by, name, parameters)


def _found_among(
    cuts: Sequence[date], between: Sequence[int | None], dated_by: str, name: str, parameters: dict[str, Any]
) -> str:
    """Return the expression that halves its way to a row's place: `between` names it before, among, after the cuts."""
    parameters |= {f"{name}_{number}": cut for number, cut in enumerate(cuts)}

    def part(low: int, high: int) -> str:
        if low == high:
            return "null" if between[low] is None else str(between[low])
        middle = (low + high) // 2
        earlier, later = part(low, middle), part(middle + 1, high)
        return f"case when {dated_by} < ${name}_{middle}::date then {earlier} else {later} end"

    return part(0, len(cuts))


def _balance(
    metrics: list[Metric],
    windows: tuple[Window, ...],
    course: tuple[Window, ...],
    by: str | None,
    rows: _Rows,
    held: Manifest,
    answers: Answers,
) -> None:
    """Add up everything before the end of each window: one scan, whatever the number of windows."""
    every, sliced = _ends(windows + course), _ends(windows)
    dated_by = rows.asked.dated_by
    parameters = dict(rows.parameters) | {"last_end": every[-1]}
    columns = [f"{_first_end(every, dated_by, 'e', parameters)} as place", "null as wide", "null as key0"]
    sets = "(place)"
    if by:
        columns[1:] = [f"{_first_end(sliced, dated_by, 's', parameters)} as wide", *rows.keys]
        sets = "(place), (wide, key0)"
    found = ", ".join(rows.expressions)
    base = f"select *, {', '.join(columns)} from ({rows.text}) where {dated_by} < $last_end::date"
    query = f"select grouping(place), place, wide, key0, {found} from ({base}) group by grouping sets ({sets})"
    if not by:
        query = f"select 0, place, null, null, {found} from ({base}) group by place"
    whole: list[Any] = [None] * len(every)
    parts: dict[Any, list[Any]] = {}
    for is_slice, place, wide, given, *values in rows.ask(query, parameters, held, every):
        if not is_slice:
            whole[place] = values
        elif wide is not None:
            parts.setdefault(rows.keys_in([[given]])[0], [None] * len(sliced))[wide] = values
    for key, ends, table in ((..., every, whole), *((key, sliced, table) for key, table in parts.items())):
        sums = dict(zip(ends, _running(table), strict=True))
        for window in dict.fromkeys(windows + (course if key is ... else ())):
            for one, value in zip(metrics, sums[window.until] or [], strict=False):
                if key is ... or value:
                    answers.put(one.code, None if key is ... else by, window, key, value)


def _ends(windows: Iterable[Window]) -> list[date]:
    return sorted({window.until for window in windows})


def _first_end(ends: Sequence[date], dated_by: str, name: str, parameters: dict[str, Any]) -> str:
    """Return the expression that says before which end, the first of them, a row lies."""
    return _found_among(ends, [*range(len(ends)), None], dated_by, name, parameters)


def _running(table: Sequence[Any]) -> Iterator[Any]:
    """Add up rows of values from the first to the last; what is unknown adds nothing."""
    so_far: list[Any] | None = None
    for values in table:
        if values is not None:
            so_far = [
                later if earlier is None else earlier if later is None else earlier + later
                for earlier, later in zip(so_far or [None] * len(values), values, strict=True)
            ]
        yield so_far


def _state(
    metrics: list[Metric],
    windows: tuple[Window, ...],
    course: tuple[Window, ...],
    by: str | None,
    rows: _Rows,
    held: Manifest,
    answers: Answers,
) -> None:
    """Aggregate how things stood at the end of each window, one scan for each."""
    asked = metrics[0]
    for window in dict.fromkeys(windows + course):
        spans = {"as_of": window.until, "first": window.first, "until": window.until}
        used = {name: value for name, value in spans.items() if f"${name}" in rows.text}
        query = f"select 1, null, {asked.sql} from ({rows.text})"
        if by:
            keyed = f"select *, {rows.keys[0]} from ({rows.text})"
            query = f"select grouping(key0), key0, {asked.sql} from ({keyed}) group by grouping sets ((), (key0))"
        for whole, given, value in rows.ask(query, rows.parameters | used, held):
            answers.put(asked.code, None if whole else by, window, ... if whole else rows.keys_in([[given]])[0], value)
