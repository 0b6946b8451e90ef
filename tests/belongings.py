"""One of each thing, all of them Ana's: what the tests of the doors try their hands on.

An app adds its own in `tests/<app>/belongings.py`: `make(cast, made)` returns what stands for each name in its routes
and API paths, `{"target_id": 7}`. `cast` holds ana, bo, system, north, northwind, renewal; `made` what apps below made.
A route whose names nobody stands for fails the build.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

# Names in routes that are no records: a word that leads somewhere.
WORDS = {"kind": "deal", "form": "csv", "page": "daily-work", "name": "title", "secret": "x", "code": "won_amount"}


def make_all(cast: dict[str, Any]) -> dict[str, Any]:
    """Make one of each thing and return what stands for each name in a route."""
    made: dict[str, Any] = dict(WORDS)
    for app in settings.LOCAL_APPS:
        if find_spec(f"tests.{app}.belongings"):
            made |= import_module(f"tests.{app}.belongings").make(cast, made)
    return made


def names_in(path: str) -> list[str]:
    """Return the names in a route (`<int:deal_id>`) or an API path (`{deal_id}`)."""
    return [name.rpartition(":")[2] for name in re.findall(r"[<{]([^>}]+)[>}]", path)]


def address(route: str, path: str, made: dict[str, Any]) -> str | None:
    """Fill a route with what stands for its names (`route.name` before `name`); None where nothing does."""
    filled = "/" + path.replace("^", "").replace("$", "").removeprefix("/")
    for name in names_in(path):
        value = made.get(f"{route}.{name}", made.get(name))
        if value is None:
            return None
        filled = re.sub(rf"[<{{]([a-z]+:)?{name}[>}}]", str(value), filled)
    return filled
