"""What a machine can see without running the product: `make check` runs this after format, lint, types and imports.

`python -m tests.checks` says everything that falls short. A new check is one more function in CHECKS.
"""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "salesmode"
LONGEST_ROOM = 400
ADD_ICON = "add it there, then make assets"


def migrations_are_made() -> Iterator[str]:
    """Every change of a noun has its migration."""
    command = [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if told.returncode:
        yield f"A migration is missing (make migrations): {' '.join((told.stdout or told.stderr).split())[-400:]}"


def translations_are_complete() -> Iterator[str]:
    """Every sentence for people, in code or on pages, has its Chinese."""
    import django

    from tests import catalogue

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    django.setup()
    for sentence in catalogue.missing():
        yield f"Not translated: {sentence} (make words adds it to the catalogue, to be filled in)"


def translations_can_be_filled_in() -> Iterator[str]:
    """Every translation has the places of its sentence, so that the catalogue compiles."""
    from tests import catalogue

    for message, faults in catalogue.known().check():
        yield f"{message.id!r}: {'; '.join(str(fault) for fault in faults)} (write percent for a % before a letter)"


def icons_are_fetched() -> Iterator[str]:
    """Every icon named in a page, or for a line of the timeline, is in the sprite's list."""
    import re

    from salesmode.kernel import assets

    known = set(assets.icon_names())
    for room in HOUSE.rglob("*.py"):
        for name in set(re.findall(r"\bicon=\"([a-z0-9-]+)\"", room.read_text(encoding="utf-8"))) - known:
            yield f"{room.relative_to(ROOT)} names the icon {name}, which static/icons.txt lacks ({ADD_ICON})."
    for page in HOUSE.rglob("*.html"):
        for name in re.findall(r"icons\.svg'\s*%\}#([a-z0-9-]+)|\{%\s*icon\s+[\"']([a-z0-9-]+)[\"']", page.read_text()):
            if missing := ({*name} - {""}) - known:
                yield f"{page.relative_to(ROOT)} uses {missing.pop()}, which static/icons.txt lacks ({ADD_ICON})."


def rooms_are_small() -> Iterator[str]:
    """No file is longer than one can read."""
    for room in HOUSE.rglob("*.py"):
        if "migrations" not in room.parts and (lines := room.read_text().count("\n")) > LONGEST_ROOM:
            yield f"{room.relative_to(ROOT)} has {lines} lines; {LONGEST_ROOM} are the most."


def documents_are_current() -> Iterator[str]:
    """The documents made from the code say what the code says."""
    from tests import documents

    for name in documents.stale():
        yield f"docs/{name} is not current: make docs"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    migrations_are_made,
    translations_are_complete,
    translations_can_be_filled_in,
    icons_are_fetched,
    rooms_are_small,
    documents_are_current,
)


def main() -> None:
    """Run all checks and say everything that falls short."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    warnings.simplefilter("ignore")
    import django

    django.setup()
    complaints = [complaint for check in CHECKS for complaint in check()]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
