"""The words for people: found in code and pages, kept in the Chinese catalogue.

`python -m tests.catalogue` adds new words to the catalogue, empty, and drops those that are gone.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "salesmode"
CATALOGUE = HOUSE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
Word = tuple[str | None, str | tuple[str, str], str]


def _aliases(source: str) -> dict[str, str]:
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def _found(source: str, aliases: dict[str, str], where: str) -> Iterator[Word]:
    for _line, function, given, _comments in extract_python(
        BytesIO(source.encode()), [*aliases, *FUNCTIONS], [], {"encoding": "utf-8"}
    ):
        name = aliases.get(function or "", function or "")
        words = list(given) if isinstance(given, tuple) else [given]
        if not words or not isinstance(words[0], str) or not words[0]:
            continue
        if name.startswith("pgettext") and len(words) > 1 and words[1]:
            yield words[0], words[1], where
        elif name.startswith("ngettext") and len(words) > 1 and words[1]:
            yield None, (words[0], words[1]), where
        elif not name.startswith(("ngettext", "pgettext")):
            yield None, words[0], where


def _calls(code: str) -> Iterator[str]:
    """Return the calls in what Django makes of a page, which is no whole program."""
    for match in re.finditer(r"\b(?:n?p?gettext|_)\(", code):
        for end in re.finditer(r"\)", code[match.start() :]):
            call = code[match.start() : match.start() + end.end()]
            try:
                ast.parse(call)
            except SyntaxError:
                continue
            yield call.replace("\n", " ") if "\\n" not in call else call
            break


def words() -> Iterator[Word]:
    """Return every sentence that somebody may read: its context, its text (or singular and plural), its file."""
    from django.utils.translation.template import templatize

    for file in sorted(HOUSE.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if "django.utils.translation" in source:
            yield from _found(source, _aliases(source), str(file.relative_to(ROOT)))
    for file in sorted([*HOUSE.rglob("*.html"), *HOUSE.rglob("templates/**/*.txt")]):
        code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        calls = "\n".join(_calls(code))
        yield from _found(calls, {"_": "gettext"}, str(file.relative_to(ROOT)))


def known() -> Catalog:
    """Return the catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def missing() -> list[str]:
    """Return the sentences that have no Chinese yet."""
    catalogue, lacking = known(), []
    for context, text, where in words():
        message = catalogue.get(text if isinstance(text, str) else text[0], context)
        said = () if message is None else message.string if isinstance(message.string, tuple) else (message.string,)
        if not said or not all(said) or (message is not None and message.fuzzy):
            lacking.append(f"{where}: {text!r}")
    return lacking


def update() -> int:
    """Write the catalogue anew with what is there now, keeping translations; return how many are missing."""
    former, catalogue = (
        known(),
        Catalog(
            locale="zh_Hans",
            project="Salesmode",
            charset="utf-8",
            fuzzy=False,
            header_comment="# Salesmode in Chinese.",
        ),
    )
    for context, text, where in words():
        message = former.get(text if isinstance(text, str) else text[0], context)
        kept = message.string if message is not None else None
        if isinstance(text, tuple) and not isinstance(kept, tuple):
            kept = (kept,) if kept else None
        if isinstance(text, str) and isinstance(kept, tuple):
            kept = kept[0]
        catalogue.add(text, kept, locations=[(where, 0)], context=context)
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalogue, sort_output=True, no_location=True, omit_header=False, width=0)
    CATALOGUE.write_bytes(out.getvalue())
    return len(missing())


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    import django

    django.setup()
    print(update(), "to be translated")
