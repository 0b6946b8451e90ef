"""The help: Markdown files in both languages, shown in the language of the reader."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).with_name("help")
# In the order in which they are read; every page exists in every language.
NAMES = (
    "first-steps",
    "daily-work",
    "targets",
    "reviews",
    "modes",
    "administration",
    "deployment",
    "programs",
    "developer",
)
LANGUAGES = ("en", "zh")
_OTHER_PAGE = re.compile(r'href="([a-z-]+)\.md(#[^"]*)?"')


@dataclass(frozen=True)
class HelpPage:
    """One page of the help, ready to be shown."""

    name: str
    title: str
    summary: str
    html: SafeString


@cache
def help_pages(language: str) -> tuple[HelpPage, ...]:
    """Return all pages of the help in a language, in the order in which they are read."""
    spoken = "zh" if language.startswith("zh") else "en"
    return tuple(_page(name, (FOLDER / spoken / f"{name}.md").read_text(encoding="utf-8")) for name in NAMES)


def _page(name: str, source: str) -> HelpPage:
    """Render one page; HTML in it stays text, and links between pages lead to their addresses."""
    from markdown_it import MarkdownIt  # for readers of the help alone

    title, _break, body = source.partition("\n")
    summary = next(part for part in body.split("\n\n") if part.strip())
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    html = _OTHER_PAGE.sub(r'href="/help/\1\2"', html)
    # The table's box scrolls, not the page.
    html = html.replace("<table>", '<div class="help-table"><table>').replace("</table>", "</table></div>")
    return HelpPage(name, title.removeprefix("# ").strip(), " ".join(summary.split()), mark_safe(html))  # noqa: S308
