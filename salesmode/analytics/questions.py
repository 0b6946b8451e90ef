"""Turn questions about metrics into as few queries as possible, with every value bound."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from salesmode.analytics import warehouse
from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.manifest import Manifest
from salesmode.analytics.metrics import Metric, metric

# Everything that stands in the text of a query comes from metrics and dimensions, which are source code.
# ruff: noqa: S608

TOTAL = "total"


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

    def value(self, asked: Metric, by: str | None, window: Window, key: Any = Ellipsis) -> Any:
        """Return one value; unknown is None."""
        if self.recorded.isdisjoint(asked.facts):
            return None
        value = self.values.get((asked.code, by or TOTAL, window), {}).get(key)
        return 0 if value is None and asked.nothing_is_zero else value

    def keys(self, code: str, by: str, windows: Iterable[Window]) -> list[Any]:
        """Return the keys that have a value in any of the windows."""
        found: dict[Any, None] = {}
        for window in windows:
            found |= dict.fromkeys(self.values.get((code, by, window), {}))
        return list(found)


def answer(
    questions: Sequence[Question], scope: Mapping[str, Sequence[Any]], owners: Sequence[int] | None, held: Manifest
) -> Answers:
    """Look everything up; questions over the same rows and windows share one scan."""
    answers = Answers(recorded=frozenset(name for name, fact in held.facts.items() if fact.rows))
    together: dict[tuple[Any, ...], list[Metric]] = {}
    for question in questions:
        asked = metric(question.code)
        alone = asked.code if asked.per or asked.kind == "state" else ""
        same = (asked.kind, asked.rows, asked.facts, asked.dated_by, asked.by_owner, alone)
        together.setdefault((*same, question.windows, question.course, question.by), []).append(asked)
    for (kind, *_same, windows, course, by), metrics in together.items():
        ask = {"flow": _flow, "balance": _balance, "state": _state}[kind]
        ask(metrics, windows, course, by, _Rows(metrics[0], scope, owners, by), held, answers)
    return answers


class _Rows:
    """The rows that a question aggregates: the metric's, within the scope, of the owners that the viewer sees."""

    def __init__(
        self, asked: Metric, scope: Mapping[str, Sequence[Any]], owners: Sequence[int] | None, by: str | None
    ) -> None:
        self.asked = asked
        self.parameters: dict[str, Any] = {}
        conditions = []
        if owners is not None:
            self.parameters["owners"] = list(owners)
            conditions.append("owner_id in (select unnest($owners::bigint[]))")
        for name, values in scope.items():
            conditions.append(self._within(name, values))
        self.key = self._column(by) if by else "null"
        self.text = f"select * from ({asked.rows})"
        for name in dict.fromkeys([*scope, *([by] if by else [])]):
            if name in asked.by_owner:
                self.text = self._looked_up(name)
        if conditions:
            self.text += f" where {' and '.join(conditions)}"

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
    for number, lane in enumerate(lanes):
        columns.append(f"{_placed(lane, dated_by, f'l{number}', parameters)} as lane{number}")
        sets.append(f"(lane{number})")
        if by and lane[0] in windows:
            sets.append(f"(lane{number}, key)")
    parameters["since"], parameters["before"] = (
        min(w.first for w in windows + course),
        max(w.until for w in windows + course),
    )
    spans = f"{dated_by} >= $since::date and {dated_by} < $before::date"
    base = f"select *, {rows.key} as key, {', '.join(columns)} from ({rows.text}) where {spans}"
    names = [f"lane{number}" for number in range(len(lanes))]
    # Which columns a row was grouped by, as bits: the last says that it is a whole and not a slice.
    grouped = f"grouping({', '.join([*names, 'key'])})" if by else f"grouping({', '.join(names)}) * 2 + 1"
    given = ", ".join([*names, "key" if by else "null as key"])
    if metrics[0].per:
        per, inner = metrics[0].per, metrics[0].inner
        with_per = ", ".join(one.removesuffix(")") + f", {per})" for one in sets)
        base = f"select {grouped} as shape, {given}, {inner} as x from ({base}) group by grouping sets ({with_per})"
        group = ", ".join(["shape", *names, "key"])
        query = f"select {group}, {metrics[0].sql} from ({base}) where x is not null group by {group}"
    else:
        found = ", ".join(one.sql for one in metrics)
        query = f"select {grouped} as shape, {given}, {found} from ({base}) group by grouping sets ({', '.join(sets)})"
    width = len(lanes)
    for shape, *rest in warehouse.ask(query, parameters, facts=metrics[0].facts, at=held):
        places, key, values = rest[:width], rest[width], rest[width + 1 :]
        whole = bool(shape & 1)
        for number, place in enumerate(places):
            if place is not None and not shape >> (width - number) & 1:
                for one, value in zip(metrics, values, strict=True):
                    answers.put(one.code, None if whole else by, lanes[number][place], ... if whole else key, value)


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
    branches = []
    for place, window in enumerate(lane):
        first, until = f"{name}_{place}_first", f"{name}_{place}_until"
        parameters[first], parameters[until] = window.first, window.until
        branches.append(f"when {dated_by} >= ${first}::date and {dated_by} < ${until}::date then {place}")
    return f"case {' '.join(branches)} end"


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
    ends = sorted({window.until for window in windows + course})
    dated_by = rows.asked.dated_by
    parameters = dict(rows.parameters) | {f"end_{place}": end for place, end in enumerate(ends)}
    branches = " ".join(f"when {dated_by} < $end_{place}::date then {place}" for place in range(len(ends)))
    base = (
        f"select *, {rows.key} as key, case {branches} end as place from ({rows.text})"
        f" where {dated_by} < $end_{len(ends) - 1}::date"
    )
    found = ", ".join(one.sql for one in metrics)
    sums: dict[Any, list[list[Any]]] = {}
    for place, key, *values in warehouse.ask(
        f"select place, key, {found} from ({base}) group by place, key", parameters, facts=metrics[0].facts, at=held
    ):
        for group in {..., key} if by else {...}:
            table = sums.setdefault(group, [[None] * len(metrics) for _end in ends])
            for number, value in enumerate(values):
                if value is not None:
                    table[place][number] = value if table[place][number] is None else table[place][number] + value
    for key, table in sums.items():
        for earlier, later in pairwise(table):
            for number, value in enumerate(earlier):
                if value is not None:
                    later[number] = value if later[number] is None else later[number] + value
        for window in dict.fromkeys(windows + course):
            for number, one in enumerate(metrics):
                value = table[ends.index(window.until)][number]
                if key is ... or value:
                    answers.put(one.code, None if key is ... else by, window, key, value)


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
    sets = "((), (key))" if by else "(())"
    for window in dict.fromkeys(windows + course):
        spans = {"as_of": window.until, "first": window.first, "until": window.until}
        used = {name: value for name, value in spans.items() if f"${name}" in rows.text}
        query = (
            f"select grouping(key), key, {asked.sql} from (select *, {rows.key} as key from ({rows.text}))"
            f" group by grouping sets {sets}"
        )
        if not by:
            query = f"select 1, null, {asked.sql} from ({rows.text})"
        for whole, key, value in warehouse.ask(query, rows.parameters | used, facts=asked.facts, at=held):
            answers.put(asked.code, None if whole else by, window, ... if whole else key, value)
