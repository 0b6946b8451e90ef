"""Who may do what to whose records: one file, read once, asked by every policy."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from salesmode.people.models import Person, PersonScope

FILE = Path(__file__).with_name("permissions.toml")
CLASSES = ("new", "own", "subordinate", "team_mate", "shared", "pool", "other_team", "company")
ROLES = tuple(role for role in Person.Role.values if role != Person.Role.SYSTEM)


@cache
def matrix() -> dict[str, dict[str, frozenset[str]]]:
    """Return operation → role → classes of records, with the shorthands spelt out."""
    rules = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = rules["groups"]
    table: dict[str, dict[str, frozenset[str]]] = {}
    for operation, grants in rules["operations"].items():
        cells: dict[str, frozenset[str]] = {}
        for who, classes in grants.items():
            spelt = frozenset(CLASSES) if classes == "all" else frozenset(classes)
            if not spelt <= set(CLASSES):
                raise ValueError(f"permissions.toml: {operation}: unknown class among {sorted(spelt)}")
            for role in groups.get(who, [who]):
                if role not in ROLES:
                    raise ValueError(f"permissions.toml: {operation}: unknown role {role}")
                cells[role] = cells.get(role, frozenset()) | spelt
        table[operation] = cells
    return table


@cache
def rights_of(role: str) -> frozenset[tuple[str, str]]:
    """Return everything a role may do, as pairs of operation and class of record."""
    return frozenset((operation, each) for operation, cells in matrix().items() for each in cells.get(role, ()))


@cache
def routes() -> dict[str, frozenset[str]]:
    """Return page or endpoint → roles that may open it; `public` stands for people who are not signed in."""
    rules = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = rules["groups"] | {"everyone": list(ROLES), "public": [*ROLES, "public"]}
    spelt = {}
    for section in rules["routes"].values():
        for route, who in section.items():
            names = [who] if isinstance(who, str) else who
            spelt[route] = frozenset(role for name in names for role in groups.get(name, [name]))
    return spelt


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8")).get("words", {})


def word_for(name: str) -> str:
    """Return what an app or operation is called in the language of who looks; its plain name where no word is given."""
    chinese, english = _words().get(name, [""] * 2)
    spoken = chinese if (get_language() or "").startswith("zh") else english
    return spoken or name.rpartition(".")[2].replace("_", " ")


def record_class(person: Person, record: Any) -> str:
    """Say what a record is to a person: new, own, subordinate, team_mate, shared, pool, other_team or company."""
    if record is None:
        return "new"
    if isinstance(record, Person):
        owner_id: int | None = record.pk
        team_id = record.team_id
    elif hasattr(record, "owner_id"):
        owner_id = record.owner_id
        team_id = None
    else:
        return "company"
    if owner_id is None:
        return "pool"
    if owner_id == person.pk:
        return "own"
    if PersonScope.objects.filter(viewer=person, owner_id=owner_id).exists():
        return "subordinate"
    if getattr(record, "account_owner_id", None) == person.pk or _is_shared(person, record):
        return "shared"
    if team_id is None:
        team_id = Person.objects.filter(pk=owner_id).values_list("team_id", flat=True).first()
    return "team_mate" if team_id is not None and team_id == person.team_id else "other_team"


def _is_shared(person: Person, record: Any) -> bool:
    shares = getattr(record, "shares", None)
    return shares is not None and shares.filter(person=person, can_write=True).exists()


def may(person: Person, operation: str, record: Any = None) -> bool:
    """Say whether a person may do an operation to a record; whatever the file does not grant is denied.

    Raises KeyError for an operation that the file does not list: it would otherwise fail silently.
    """
    cells = matrix()[operation]
    if person.is_system:
        return True
    if not person.is_active:
        return False
    granted = cells.get(person.role, frozenset())
    return bool(granted) and (granted == frozenset(CLASSES) or record_class(person, record) in granted)


def which_may(person: Person, record: Any, *operations: str) -> dict[str, bool]:
    """Say which of several operations a person may do to a record; what it is to them is worked out once."""
    if person.is_system or not person.is_active:
        return dict.fromkeys(operations, person.is_system)
    granted = {operation: matrix()[operation].get(person.role, frozenset()) for operation in operations}
    undecided = any(0 < len(classes) < len(CLASSES) for classes in granted.values())
    here = record_class(person, record) if undecided else None
    return {name: classes == frozenset(CLASSES) or here in classes for name, classes in granted.items()}


def may_open(person: Any, route: str) -> bool:
    """Say whether somebody may open a page or endpoint at all; an unlisted one is closed to everybody."""
    allowed = routes().get(route, frozenset())
    if "public" in allowed:
        return True
    return bool(getattr(person, "is_active", False)) and person.role in allowed
