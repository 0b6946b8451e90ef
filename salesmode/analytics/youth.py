"""What is young apart from what is old: every load makes new parts, and only the things that they name count anew.

Where a number counts things each by itself, it is what the old parts say of all things, less what they say of those
that young parts name, plus what all parts say of these. The first of the three stays true until there are other old
parts, and is remembered; the other two are about few things.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from salesmode.analytics import warehouse
from salesmode.analytics.manifest import Manifest
from salesmode.analytics.metrics import Metric
from salesmode.analytics.warehouse import Touched

# Of more rows than this share the young ones are too many to be worth it.
FEW = 0.25


def parted(held: Manifest, facts: Iterable[str]) -> tuple[Manifest, Manifest] | None:
    """Return the old and the young parts of some facts; None where there are not both, or not few young ones."""
    named = {name: held.facts[name] for name in facts if name in held.facts}
    old, young = (
        {
            name: replace(
                fact, parts=tuple(part for part in fact.parts if (part.rows < warehouse.ROLL_UP_AT) is is_young)
            )
            for name, fact in named.items()
        }
        for is_young in (False, True)
    )
    rows, new = sum(fact.rows for fact in named.values()), sum(fact.rows for fact in young.values())
    if not new or new > rows * FEW:
        return None
    return held.but(facts=held.facts | old), held.but(facts=held.facts | young)


def looks(held: Manifest, old: Manifest, young: Manifest, each: str) -> Iterator[tuple[Manifest, Touched | None]]:
    """Yield the three looks: at what is old, at what is old of the things that are touched, and at all of these."""
    touched = Touched(each, young)
    yield from ((old, None), (old, touched), (held, touched))


def put_together(
    before: Sequence[tuple[Any, ...]],
    less: Sequence[tuple[Any, ...]],
    plus: Sequence[tuple[Any, ...]],
    *,
    values: int,
) -> list[tuple[Any, ...]]:
    """Return the counts of all things, by the same columns; where nothing is left to count there is no row."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for rows, sign in ((before, 1), (less, -1), (plus, 1)):
        for row in rows:
            counts = sums.setdefault(row[:-values], [0] * values)
            for place, count in enumerate(row[-values:]):
                counts[place] += sign * (count or 0)
    return [(*key, *counts) for key, counts in sums.items() if any(counts)]


def given(asked: Metric, held: Manifest) -> dict[str, list[Any]]:
    """Return the lists that a metric's source asks for; of the old parts they are remembered."""
    if asked.given is None:
        return {}
    names, query = asked.given
    some = parted(held, asked.facts) or (held,)
    rows = {row for each in some for row in warehouse.ask(query, {}, facts=asked.facts, at=each)}
    columns = zip(*sorted(rows, key=repr), strict=True) if rows else ([] for _name in names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}
