"""What was asked before: parts never change and a query names its parts, so the same query gives the same rows.

The last answers stay in memory. Those that took long also lie in files beside the parts: for the other processes, for
other viewers of the same, and after a restart.
"""

import contextlib
import hashlib
import json
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesmode.analytics.manifest import folder

Key = tuple[str, str, str]
Rows = list[tuple[Any, ...]]
# How many rows of answers a process remembers, and how many of them may be one answer's.
ROWS = 20_000
ROWS_EACH = 2_000
# Answers that took so many seconds are worth a file, and so many files are kept.
LONG = 0.05
FILES = 400

_known: OrderedDict[Key, Rows] = OrderedDict()
_lock = threading.Lock()


def recall(key: Key) -> Rows | None:
    """Return the rows that a query gave before; None when nobody remembers."""
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    with contextlib.suppress(OSError, ValueError):
        rows = [tuple(map(_read, row)) for row in json.loads(_file(key).read_text(encoding="utf-8"))]
        _keep(key, rows)
        return rows
    return None


def remember(key: Key, rows: Rows, *, seconds: float) -> None:
    """Remember what a query gave, in a file too when it took long. A full disk only means that it is asked again."""
    if len(rows) > ROWS_EACH:
        return
    _keep(key, rows)
    if seconds < LONG:
        return
    file = _file(key)
    with contextlib.suppress(OSError, TypeError):
        text = json.dumps([[_written(value) for value in row] for row in rows])
        file.parent.mkdir(parents=True, exist_ok=True)
        waiting = file.with_suffix(f".{secrets.token_hex(4)}")
        waiting.write_text(text, encoding="utf-8")
        waiting.replace(file)
        _make_room(file.parent)


def forget(*, files: bool = True) -> None:
    """Forget what was asked before, or only what this process has in memory."""
    with _lock:
        _known.clear()
    if files:
        shutil.rmtree(_folder(), ignore_errors=True)


def _keep(key: Key, rows: Rows) -> None:
    with _lock:
        _known[key] = rows
        while sum(len(each) + 1 for each in _known.values()) > ROWS:
            _known.popitem(last=False)


def _folder() -> Path:
    return folder() / "answers"


def _file(key: Key) -> Path:
    return _folder() / f"{hashlib.sha256(repr(key).encode()).hexdigest()[:40]}.json"


def _make_room(place: Path) -> None:
    files = list(place.iterdir())
    if len(files) > FILES:
        for file in sorted(files, key=lambda each: each.stat().st_mtime)[: len(files) - FILES * 3 // 4]:
            file.unlink(missing_ok=True)


_TAGS: Sequence[tuple[str, type, Any]] = (
    ("moment", datetime, datetime.fromisoformat),
    ("day", date, date.fromisoformat),
    ("decimal", Decimal, Decimal),
)


def _written(value: Any) -> Any:
    """Return a value as JSON gives it back to the last digit."""
    for tag, kind, _made in _TAGS:
        if isinstance(value, kind):
            return {tag: str(value)}
    return value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return next(made for name, _kind, made in _TAGS if name == tag)(text)
