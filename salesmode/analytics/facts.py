"""What each app adds to the warehouse: a SELECT over new events per fact table, found in `facts/` folders."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps

_EVENT_NAME = re.compile(r"'([a-z_]+\.[a-z_]+)'")


@dataclass(frozen=True)
class FactFile:
    """One fact table as an app declares it: its name, its grain, and the SELECT that makes its rows."""

    name: str
    app: str
    grain: str
    sql: str

    @property
    def version(self) -> str:
        """Return what changes when the SELECT does, so that the rows are made again."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:16]

    @property
    def events(self) -> frozenset[str]:
        """Return the names of the events this SELECT reads."""
        return frozenset(_EVENT_NAME.findall(self.sql))


@cache
def declared() -> dict[str, FactFile]:
    """Return every fact table that an app declares, by name.

    Raises ValueError when two apps declare the same, or a file does not state its grain or name its events.
    """
    found: dict[str, FactFile] = {}
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "facts").glob("*.sql")) if app.name.startswith("salesmode.") else ():
            text = file.read_text(encoding="utf-8")
            first = text.partition("\n")[0]
            if not first.startswith(f"-- facts/{file.name}: "):
                raise ValueError(
                    f"{file} must state its grain in the first line: '-- facts/{file.name}: one row for ...'."
                )
            fact = FactFile(file.stem, app.label, first.partition(": ")[2].strip(), text.strip().rstrip(";"))
            if fact.name in found or not fact.events:
                raise ValueError(f"{file} is declared twice or names no event.")
            found[fact.name] = fact
    return found
