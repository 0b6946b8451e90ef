"""The metric dictionary: every number the company believes in, as data, defined once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise

# The SQL put together here is source code.
# ruff: noqa: S608

Text = str | Promise
Unit = Literal["money", "count", "ratio", "days", "hours", "money_per_day"]

# How a number comes about:
#   flow     an aggregate over what happened in the period
#   balance  a sum over everything that happened before the end of the period
#   state    an aggregate over how things stood at the end of the period (the source reads $as_of, $first, $until)
#   formula  worked out from other metrics
Kind = Literal["flow", "balance", "state", "formula"]


@dataclass(frozen=True)
class Ingredient:
    """A metric that a formula needs; `months` takes so many months up to the end of the period instead.

    A formula is not asked where an ingredient is unknown, unless that one `may_be_unknown`.
    """

    code: str
    months: int = 0
    may_be_unknown: bool = False


@dataclass(frozen=True)
class Records:
    """Which list shows the records behind a number: its kind, fixed filters, the filter that takes the period.

    `slices` names filters that this list calls otherwise than the dimension does.
    """

    listing: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated_by: str = ""
    slices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """A question about the business, and the only expression that answers it."""

    code: str
    label: Text
    question: Text
    unit: Unit
    direction: Literal["higher", "lower"] = "higher"
    kind: Kind = "flow"
    # The fact table, or a SELECT over the fact tables named in `reads`.
    fact: str = ""
    source: str = ""
    reads: tuple[str, ...] = ()
    dated_by: str = "local_at"
    # Whether the rows of a window are found among those dated within it, as they are without a source.
    within_window: bool = False
    where: str = ""
    sql: str = ""
    # An aggregate of aggregates: `inner` for each `per` first, called x in `sql`.
    per: str = ""
    inner: str = ""
    dimensions: tuple[str, ...] = ()
    # Dimensions whose value is looked up by the owner, because the fact does not say.
    by_owner: tuple[str, ...] = ()
    ingredients: Mapping[str, Ingredient] = field(default_factory=dict)
    formula: Callable[..., float | None] | None = None
    formula_text: str = ""
    records: Records | None = None
    # What a number counts, each by itself whatever the others do: then what is young can be counted apart.
    each: str = ""
    # Lists that the source names as $name, and the SELECT that gives their rows.
    given: tuple[tuple[str, ...], str] | None = None
    # Who owns a customer sees the rows about it, whoever they belong to, where they name one.
    through_customers: bool = True
    # A sum or a count: where nothing happened it is 0, unless nothing of the kind was ever recorded.
    nothing_is_zero: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the fact tables that this metric reads."""
        return self.reads or ((self.fact,) if self.fact else ())

    @property
    def is_local(self) -> bool:
        """Whether only rows that are dated within a window matter to it."""
        return self.dated_by == "local_at" and (self.within_window or not self.source)

    @property
    def rows(self) -> str:
        """Return the SELECT over whose rows the expression aggregates."""
        chosen = self.source or f"select * from {self.fact}"
        return f"select * from ({chosen}) where {self.where}" if self.where else chosen

    @property
    def adds_up(self) -> bool:
        """Whether the slices of a number add up to it."""
        return (
            self.kind == "flow" and not self.per and self.sql.startswith(("sum(", "count(*)")) and "/" not in self.sql
        )

    @property
    def is_sum_of_money(self) -> bool:
        """Whether it adds up exact amounts: every fact keeps amounts as decimals."""
        return self.unit == "money" and self.adds_up

    def read(self, column: Sequence[Any]) -> Sequence[Any]:
        """Return its values from what a query gave; sums of money travel as texts."""
        return [None if text is None else Decimal(text) for text in column] if self.is_sum_of_money else column

    @property
    def computed(self) -> str:
        """Return in one line how the number is computed."""
        return self.formula_text or self.sql


class UnknownMetric(LookupError):
    """There is no metric of that name."""


REGISTRY: dict[str, Metric] = {}


def register(*metrics: Metric) -> None:
    """Put metrics into the dictionary; raises ValueError when a code is taken."""
    for metric in metrics:
        if REGISTRY.setdefault(metric.code, metric) is not metric and REGISTRY[metric.code].label != metric.label:
            raise ValueError(f"Two metrics are called {metric.code}.")
        REGISTRY[metric.code] = metric


def metric(code: str) -> Metric:
    """Return a metric by its code; raises UnknownMetric."""
    try:
        return REGISTRY[code]
    except KeyError:
        raise UnknownMetric(code) from None
