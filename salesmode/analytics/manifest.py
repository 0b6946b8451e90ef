"""The manifest: one small file that says which parts the warehouse consists of, swapped whole."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

FORMAT = 1


@dataclass(frozen=True)
class Part:
    """One immutable Parquet file of a fact table."""

    file: str
    rows: int
    size: int
    # Roll-ups of this part: the version of each, and its file; an empty name where it would save too little.
    rollups: tuple[tuple[str, str], ...] = ()
    # The first and the last moment that its rows are dated; nothing where that is not known.
    first: str = ""
    last: str = ""

    def overlaps(self, first: date, until: date) -> bool:
        """Say whether rows of this part may lie between two days."""
        return not self.first or (self.first[:10] < f"{until}" and self.last[:10] >= f"{first}")

    @property
    def files(self) -> list[str]:
        """Return the part's own file and those of its roll-ups."""
        return [self.file, *(file for _version, file in self.rollups if file)]

    def rolled_up(self, version: str) -> str:
        """Return the file of a roll-up; empty where there is none."""
        return dict(self.rollups).get(version, "")


@dataclass(frozen=True)
class Fact:
    """What the warehouse holds of one fact table: made by which SQL, typed how, up to which transaction."""

    sql: str
    columns: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...] = ()
    position: int | None = None

    @property
    def rows(self) -> int:
        """Return how many rows the parts hold."""
        return sum(part.rows for part in self.parts)

    @property
    def first_day(self) -> date | None:
        """Return the first day on which anything of the kind was recorded; None where nobody can say."""
        moments = [part.first for part in self.parts if part.rows]
        return date.fromisoformat(min(moments)[:10]) if moments and all(moments) else None


@dataclass(frozen=True)
class Manifest:
    """The state of the warehouse: of which database, up to which transaction, in which parts."""

    identity: dict[str, Any] = field(default_factory=dict)
    position: int | None = None
    loaded_at: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    # Parts that a reader may still have open, and since when nobody new finds them.
    retired: tuple[tuple[str, float], ...] = ()

    def but(self, **changes: Any) -> "Manifest":
        """Return this manifest with something changed."""
        return replace(self, **changes)


_elsewhere: ContextVar[Path | None] = ContextVar("elsewhere", default=None)


@contextlib.contextmanager
def kept_in(place: Path) -> Iterator[None]:
    """Have the warehouse somewhere else while the block lasts, as benchmarks do."""
    token = _elsewhere.set(place)
    try:
        yield
    finally:
        _elsewhere.reset(token)


def folder() -> Path:
    """Return where the warehouse is kept."""
    return _elsewhere.get() or Path(settings.WAREHOUSE_DIR)


def path() -> Path:
    """Return where the manifest is kept."""
    return folder() / "manifest.json"


_seen: tuple[tuple[Any, ...], Manifest] = ((), Manifest())


def current() -> Manifest:
    """Return the manifest as it is now, read again only when the file was swapped."""
    global _seen
    file = path()
    try:
        state = file.stat()
    except FileNotFoundError:
        return Manifest()
    key = (str(file), state.st_ino, state.st_mtime_ns, state.st_size)
    if _seen[0] != key:
        _seen = (key, _read(file))
    return _seen[1]


def _read(file: Path) -> Manifest:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored.pop("format") != FORMAT:
            return Manifest()
        facts = {
            name: Fact(
                sql=fact["sql"],
                columns=tuple((column, kind) for column, kind in fact["columns"]),
                parts=tuple(_part(**part) for part in fact["parts"]),
                position=fact["position"],
            )
            for name, fact in stored.pop("facts").items()
        }
        retired = tuple((name, since) for name, since in stored.pop("retired"))
        return Manifest(facts=facts, retired=retired, **stored)
    except (ValueError, KeyError, TypeError):
        return Manifest()  # unreadable or of another version: the loader builds anew


def _part(*, rollups: list[list[str]] | tuple[()] = (), **said: Any) -> Part:
    return Part(**said, rollups=tuple((version, file) for version, file in rollups))


def swap(manifest: Manifest) -> None:
    """Put a new manifest in place of the old one; whoever reads meanwhile finds the one or the other, whole."""
    file = path()
    waiting = file.with_suffix(".new")
    with waiting.open("w", encoding="utf-8") as out:
        json.dump({"format": FORMAT, **asdict(manifest)}, out)
        out.flush()
        os.fsync(out.fileno())
    waiting.replace(file)
    keep(file.parent)


def keep(place: Path) -> None:
    """Make what was written in a folder, or a file, survive a power cut."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def building() -> Iterator[None]:
    """Be the only builder, in this process or any other, while the block lasts."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "builder.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
