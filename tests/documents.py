"""The documents that are made from the code: `python -m tests.documents` writes them, `make check` compares them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"


def events() -> str:
    """Return docs/events.md: every event, what it says, and its fields."""
    from salesmode.kernel.events import REGISTRY

    parts = [
        "# Events\n",
        "Generated from the code; do not edit. Every change leaves one event, in its transaction. Fields hold plain",
        "values and ids, never names. A name never changes its meaning; fields are only added.\n",
    ]
    apps: dict[str, list[type]] = {}
    for _name, event in sorted(REGISTRY.items()):
        if event.__module__.startswith("salesmode."):
            apps.setdefault(event.__module__.split(".")[1], []).append(event)
    for app, found in sorted(apps.items()):
        parts.append(f"## {app}\n")
        for event in found:
            said = (event.__doc__ or "").strip().partition("\n")[0]
            fields = ", ".join(f"`{name}`: {_kind(field.annotation)}" for name, field in event.model_fields.items())
            parts += [f"### {event.name}\n", f"{said}\n", f"{fields or 'No fields'}.\n"]
    return "\n".join(parts)


def _kind(annotation: Any) -> str:
    shown = getattr(annotation, "__name__", "") if isinstance(annotation, type) else ""
    return (
        (shown if shown and "[" not in str(annotation) else str(annotation))
        .replace("datetime.", "")
        .replace("decimal.", "")
    )


def permissions() -> str:
    """Return docs/permissions.md: who may do what to whose records, and who may open which page."""
    from django.utils import translation

    from salesmode.people.permissions import CLASSES, ROLES, matrix, routes, word_for

    head = [
        "# Permissions\n",
        "Generated from `salesmode/people/permissions.toml`; do not edit. What is not granted is denied.\n",
        "Classes of records: " + ", ".join(f"`{name}`" for name in CLASSES) + "; *all* is every one of them.\n",
    ]
    rows = ["| Operation | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 1) + "|"]
    with translation.override("en"):
        for operation, cells in matrix().items():
            shown = [_cell(cells.get(role, frozenset()), CLASSES) for role in ROLES]
            rows.append(f"| `{operation}` {word_for(operation)} | " + " | ".join(shown) + " |")
    pages = ["| Page or endpoint | Roles |", "|---|---|"]
    for route, roles in sorted(routes().items()):
        who = "everybody, signed in or not" if "public" in roles else ", ".join(r for r in ROLES if r in roles)
        pages.append(f"| `{route}` | {'every role' if roles == frozenset(ROLES) else who} |")
    return "\n".join([*head, "## Operations\n", *rows, "", "## Pages and endpoints\n", *pages, ""])


def _cell(granted: frozenset[str], classes: tuple[str, ...]) -> str:
    return "all" if granted == frozenset(classes) else ", ".join(name for name in classes if name in granted) or "—"


def metrics() -> str:
    """Return docs/metrics.md: every number, its question and its definition."""
    from salesmode.analytics.dictionary import document

    return document()


def openapi() -> str:
    """Return docs/openapi.json: what programs can ask."""
    from salesmode.config.api import api

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str, indent=1, ensure_ascii=False) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "events.md": events,
    "metrics.md": metrics,
    "openapi.json": openapi,
    "permissions.md": permissions,
}


def stale() -> list[str]:
    """Return the documents that no longer say what the code says."""
    return [name for name, write in DOCUMENTS.items() if not _says(DOCS / name, write())]


def _says(page: Path, text: str) -> bool:
    if not page.exists():
        return False
    written = page.read_text(encoding="utf-8")
    return json.loads(written) == json.loads(text) if page.suffix == ".json" else written == text


def main() -> None:
    """Write every document that is not current."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    import django

    django.setup()
    for name in stale():
        (DOCS / name).write_text(DOCUMENTS[name](), encoding="utf-8")
        print(f"docs/{name} is written.")


if __name__ == "__main__":
    main()
