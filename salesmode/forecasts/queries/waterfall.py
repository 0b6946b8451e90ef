"""What happened to the pipeline between two days.

start + new + increased − decreased + pulled in − pushed out − won − lost = end, in count and in value.

The open pipeline at any moment is the sum of the deal ledger before it. What a deal did in between is the difference of
its first and last row in the window, so that only the window's rows are grouped by deal: two scans, however many deals.
"""

# Everything that stands in the text of a query is source code; values are bound.
# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _

from salesmode.analytics import manifest, warehouse
from salesmode.analytics.dimensions import DIMENSIONS, labelled
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person

STEPS = ("start", "new", "increased", "decreased", "pulled_in", "pushed_out", "won", "lost", "end")
SIGNS = {"new": 1, "increased": 1, "decreased": -1, "pulled_in": 1, "pushed_out": -1, "won": -1, "lost": -1}
By = Literal["team", "person"]
WHOLE, NOBODY = -1, 0
CENT = Decimal("0.01")
MOST_DEALS = 200


@dataclass(frozen=True)
class Narrowed:
    """Which part of the pipeline counts: owners (none for all), allowed values by column, the period it closes in."""

    owners: frozenset[int] | None = None
    products: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    stages: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    closes: Period | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the values that the conditions bind."""
        found: dict[str, Any] = {} if self.owners is None else {"owners": sorted(self.owners)}
        lists = (("products", self.products), ("sources", self.sources), ("stages", self.stages))
        found |= {name: list(values) for name, values in (*lists, ("categories", self.categories)) if values}
        if self.closes is not None:
            found |= {"closes_first": self.closes.first, "closes_until": self.closes.until}
        return found

    def others(self) -> str:
        """Return the condition on everything but the close date."""
        asked = [
            ("owner_id", "owners", "bigint", self.owners is not None),
            ("product_id", "products", "bigint", bool(self.products)),
            ("source", "sources", "varchar", bool(self.sources)),
            ("stage_id", "stages", "bigint", bool(self.stages)),
            ("category", "categories", "varchar", bool(self.categories)),
        ]
        parts = [
            f"{column} in (select unnest(${name}::{kind}[]))" for column, name, kind, is_asked in asked if is_asked
        ]
        return f"coalesce({' and '.join(parts)}, false)" if parts else "true"

    def closing(self, day: str = "closes_on") -> str:
        """Return the condition on the close date."""
        if self.closes is None:
            return "true"
        return f"coalesce({day} >= $closes_first::date and {day} < $closes_until::date, false)"


@dataclass(frozen=True)
class Step:
    """One bar: by how many deals and how much money the pipeline changed; `deals` is how many stand behind it."""

    count: int = 0
    amount: Decimal = Decimal(0)
    deals: int = 0


@dataclass(frozen=True)
class Waterfall:
    """The pipeline at the end of one day, at the end of another, and what lies between."""

    steps: Mapping[str, Step]
    key: Any = None
    label: str = ""
    breakdown: Sequence["Waterfall"] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Step:
        return self.steps[name]

    @property
    def adds_up(self) -> bool:
        """Whether start and all that happened make the end, in count and in value."""
        count = self["start"].count + sum(sign * self[name].count for name, sign in SIGNS.items())
        amount = self["start"].amount + sum(sign * self[name].amount for name, sign in SIGNS.items())
        return (count, amount) == (self["end"].count, self["end"].amount)


@dataclass(frozen=True)
class Moved:
    """What one deal did between two days, as far as one bar shows it."""

    deal_id: int
    before: Decimal | None
    after: Decimal | None
    amount: Decimal


_ROWS = """
select local_at, event_id * 2 + (deals = 1)::bigint as place, deal_id, deals, amount, step, owner_id,
       {key} as key, {others} as others, {closing} as closing,
       {closing_at_end} as closing_at_end
from deal_ledger {joined} where local_at < $until::date
"""
_TOTALS = """
select {keys} as key, coalesce(sum(deals) filter (local_at < $first::date), 0)::bigint,
       coalesce(sum(amount) filter (local_at < $first::date), 0), coalesce(sum(deals), 0)::bigint,
       coalesce(sum(amount), 0)
from ({rows}) where others and closing group by {grouping}
"""
# A deal's first row in the window takes away how it stood before, unless it was not open then; its last row adds how
# it stands at the end, unless it was decided: then it takes away how it stood when that happened.
_MOVED = """
select deal_id, begun.deals = -1 as was_open, -begun.amount as former, begun.others as fit, begun.closing as due,
       begun.key as key0, ended.deals = 1 as is_open, ended.deals * ended.amount as amount, ended.others as fits,
       case when ended.deals = 1 then ended.closing else ended.closing_at_end end as is_due,
       ended.key as key1, ended.step as step
from (
    select deal_id,
           arg_min(struct_pack(deals := deals, amount := amount, others := others, closing := closing,
                               key := key), place) as begun,
           arg_max(struct_pack(deals := deals, amount := amount, others := others, closing := closing,
                               closing_at_end := closing_at_end, key := key, step := step), place) as ended
    from ({rows}) where local_at >= $first::date group by deal_id
)
"""
_JUDGED = """
select deal_id, key, former, amount, was_open, is_open, step, fit0 and due as was_in, fit1 and is_due as is_in,
       fit0, fit1
from (
    select *, was_open and fit and (key = -1 or key = key0) as fit0, fits and (key = -1 or key = key1) as fit1
    from (select *, unnest({keys}) as key from ({moved}))
)
"""
_CASES = {
    "new": "is_in and not was_in and not was_open",
    "entered": "is_in and not was_in and was_open and not fit0",
    "grown": "is_in and was_in and amount > former",
    "left": "was_in and not is_in and not fit1",
    "shrunk": "is_in and was_in and amount < former",
    "pulled_in": "is_in and not was_in and was_open and fit0",
    "pushed_out": "was_in and not is_in and fit1",
    "won": "is_in and not is_open and step = 'won'",
    "lost": "is_in and not is_open and step = 'lost'",
}
# How much a case moves the pipeline, always told as a positive amount.
_WORTH = dict.fromkeys(_CASES, "amount") | {
    "grown": "amount - former",
    "shrunk": "former - amount",
    "left": "former",
    "pushed_out": "former",
}
# A bar sums up cases; only those that let a deal in or out count it.
_BARS = {
    "new": ("new",),
    "increased": ("entered", "grown"),
    "decreased": ("left", "shrunk"),
    "pulled_in": ("pulled_in",),
    "pushed_out": ("pushed_out",),
    "won": ("won",),
    "lost": ("lost",),
}
_ONLY_REVALUED = ("grown", "shrunk")


class _Asked:
    """The text and the values of one question about the ledger."""

    def __init__(self, start: date, end: date, narrowed: Narrowed, by: By | None = None) -> None:
        if start >= end:
            raise Invalid({"to": [_("Choose a day after the first one.")]})
        if end == date.max:
            raise Invalid({"to": [_("That is too far away.")]})
        one_day = timedelta(days=1)
        self.values = {"first": start + one_day, "until": end + one_day} | narrowed.parameters()
        joined, key = "", "0"
        if by == "person":
            key = "coalesce(owner_id, 0)"
        elif by == "team":
            joined = (
                "left join (select unnest($members::bigint[]) as owner_id, unnest($teams::bigint[]) as team_id)"
                " using (owner_id)"
            )
            key = "coalesce(team_id, 0)"
            members = dict(Person.objects.exclude(team=None).values_list("pk", "team_id"))
            self.values |= {"members": list(members), "teams": list(members.values())}
        won_on = "case when step = 'won' then local_at::date else closes_on end"
        self.rows = _ROWS.format(
            key=key,
            joined=joined,
            others=narrowed.others(),
            closing=narrowed.closing(),
            closing_at_end=narrowed.closing(f"({won_on})"),
        )
        keys = "list_distinct([-1::bigint, key0, key1])" if by else "[-1::bigint]"
        self.judged = _JUDGED.format(keys=keys, moved=_MOVED.format(rows=self.rows))

    def ask(self, query: str, held: manifest.Manifest) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return warehouse.ask(query, self.values, facts=("deal_ledger",), at=held)


def waterfall(start: date, end: date, narrowed: Narrowed | None = None, *, by: By | None = None) -> Waterfall:
    """Return how the pipeline came from the end of one day to the end of another. Two scans, however many deals.

    Each part of a breakdown is a waterfall of its own: a deal handed over leaves one and enters another.
    Raises Invalid for days in the wrong order.
    """
    asked, held = _Asked(start, end, narrowed or Narrowed(), by), manifest.current()
    grouping = "grouping sets ((), (key))" if by else "()"
    keys = f"case when grouping(key) = 1 then {WHOLE} else key end" if by else str(WHOLE)
    totals = asked.ask(_TOTALS.format(keys=keys, rows=asked.rows, grouping=grouping), held)
    steps: dict[int, dict[str, Step]] = {WHOLE: {}}
    for key, started, start_amount, ended, end_amount in totals:
        there = steps.setdefault(key, {})
        there["start"] = Step(started, exact(start_amount), started)
        there["end"] = Step(ended, exact(end_amount), ended)
    for key, *figures in asked.ask(_summed(asked.judged), held):
        steps.setdefault(key, {}).update(_bars(figures))
    whole = _filled(steps.pop(WHOLE))
    if by is None:
        return Waterfall(whole)
    names = labelled(DIMENSIONS[by], [key or None for key in steps])
    parts = [Waterfall(_filled(some), key or None, names[key or None]) for key, some in steps.items()]
    shown = [part for part in parts if any(step.count or step.amount for step in part.steps.values())]
    shown.sort(key=lambda part: (-part["end"].amount, part.label))
    return Waterfall(whole, breakdown=tuple(shown))


def moved_deals(step: str, start: date, end: date, narrowed: Narrowed | None = None) -> list[Moved]:
    """Return the deals behind a bar, those that weigh most first, 200 at most. One scan.

    Raises Invalid for a bar that does not exist.
    """
    if step not in STEPS:
        raise Invalid({"step": [_("There is no such part of the waterfall.")]})
    asked, held = _Asked(start, end, narrowed or Narrowed(), None), manifest.current()
    if step in ("start", "end"):
        if step == "start":
            asked.values["until"] = asked.values["first"]
        asked.values.pop("first")
        standing = f"""
            select deal_id, sum(amount) as amount from ({asked.rows}) where others and closing group by deal_id
            having sum(deals) > 0 order by amount desc, deal_id limit {MOST_DEALS}
        """
        return [Moved(key, exact(amount), exact(amount), exact(amount)) for key, amount in asked.ask(standing, held)]
    cases = [f"when {_CASES[case]} then {_WORTH[case]}" for case in _BARS[step]]
    listed = f"""
        select deal_id, case when was_in then former end, case when is_in then amount end,
               case {" ".join(cases)} end as worth
        from ({asked.judged}) where worth is not null order by abs(worth) desc, deal_id limit {MOST_DEALS}
    """
    return [
        Moved(key, exact(before), exact(after), exact(worth)) for key, before, after, worth in asked.ask(listed, held)
    ]


def _summed(judged: str) -> str:
    figures = ", ".join(
        f"count(*) filter ({condition}), coalesce(sum({_WORTH[case]}) filter ({condition}), 0)"
        for case, condition in _CASES.items()
    )
    return f"select key, {figures} from ({judged}) group by key"


def _bars(figures: Sequence[Any]) -> dict[str, Step]:
    cases = {case: (figures[2 * place], figures[2 * place + 1]) for place, case in enumerate(_CASES)}
    return {
        bar: Step(
            sum(cases[name][0] for name in names if name not in _ONLY_REVALUED),
            sum((exact(cases[name][1]) for name in names), Decimal(0)),
            sum(cases[name][0] for name in names),
        )
        for bar, names in _BARS.items()
    }


def _filled(some: Mapping[str, Step]) -> dict[str, Step]:
    return {name: some.get(name, Step()) for name in STEPS}


def exact(amount: Any) -> Any:
    """Return an amount in cents where it has no smaller units; unknown stays unknown."""
    if amount is None:
        return None
    whole = Decimal(amount)
    cents = whole.quantize(CENT)
    return cents if cents == whole else whole
