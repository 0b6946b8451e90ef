"""How an event reads on a timeline: one sentence and one icon for each kind, registered by the app that records it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Lookup = Callable[[set[int]], Mapping[int, str]]

# What a timeline can be narrowed to.
GROUPS: dict[str, Text] = {
    "interactions": _("Interactions"),
    "deals": _("Deals"),
    "orders": _("Orders and payments"),
    "changes": _("Changes"),
}


@dataclass(frozen=True)
class Moment:
    """One event as it is told: its facts, and the names behind the ids among them."""

    name: str
    facts: Mapping[str, Any]
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def named(self, fact: str) -> str:
        """Return the name behind an id among the facts: named("owner_id"), named("stage_id")."""
        kind, key = KIND_OF_FACT.get(fact), self.facts.get(fact)
        return self.names.get((kind, key), "—") if kind and key is not None else "—"


Telling = Callable[[Moment], Text]


@dataclass(frozen=True)
class Sentence:
    """How one kind of event is told."""

    tell: Telling
    icon: str
    group: str


SENTENCES: dict[str, Sentence] = {}
LEFT_OUT: set[str] = set()
LOOKUPS: dict[str, Lookup] = {}
KIND_OF_FACT: dict[str, str] = {}


def sentence(event_name: str, *, icon: str = "point", group: str = "changes") -> Callable[[Telling], Telling]:
    """Register how an event is told: `@sentence("deal.won", icon="trophy", group="deals")` over `tell(moment)`."""

    def register(tell: Telling) -> Telling:
        SENTENCES[event_name] = Sentence(tell, icon, group)
        return tell

    return register


def leave_out(*event_names: str) -> None:
    """Keep events off timelines that another entry already tells."""
    LEFT_OUT.update(event_names)


def names_of(kind: str, lookup: Lookup, *, facts: Iterable[str]) -> None:
    """Register how ids among the facts get names: `names_of("stage", lookup, facts=["stage_id", "from_stage_id"])`."""
    LOOKUPS[kind] = lookup
    KIND_OF_FACT.update(dict.fromkeys(facts, kind))


def names_behind(all_facts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """Return the names behind all ids among the facts of a page of events; one query for each kind that occurs."""
    wanted: dict[str, set[int]] = {}
    for facts in all_facts:
        for fact, kind in KIND_OF_FACT.items():
            if isinstance(key := facts.get(fact), int):
                wanted.setdefault(kind, set()).add(key)
    return {(kind, key): name for kind, keys in wanted.items() for key, name in LOOKUPS[kind](keys).items()}
