"""What every page's frame shows: the rail, the person, the theme."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.here import company
from salesmode.kernel.panels import COMMANDS, MENU, Command, MenuEntry, Text, panels_for
from salesmode.people.permissions import may_open

# The rail by job, in this order, with the key that goes there after g; a section that no app fills is not shown.
SECTIONS: list[tuple[Text, str, str]] = [
    (_("Today"), "home", "t"),
    (_("Pipeline"), "layout-kanban", "p"),
    (_("Customers"), "building", "c"),
    (_("Leads"), "user-plus", "l"),
    (_("Service"), "headset", "s"),
    (_("Performance"), "chart-bar", "f"),
    (_("Coaching"), "school", "h"),
    (_("Process"), "route", "r"),
    (_("Market"), "world", "m"),
    (_("Modes"), "compass", "o"),
    (_("Settings"), "settings", "e"),
]
THEMES = ("auto", "light", "dark")
# The page of the help that speaks of an app's pages; of the others the list of all pages does.
HELP_ABOUT = {
    "customers": "daily-work",
    "exchange": "administration",
    "forecasts": "daily-work",
    "modes": "modes",
    "orders": "daily-work",
    "people": "administration",
    "reviews": "reviews",
    "selling": "daily-work",
    "targets": "targets",
}


@dataclass
class Line:
    """One page of a section."""

    label: Text
    url: str
    icon: str
    route: str
    is_here: bool = False


@dataclass
class Section:
    """One job of the rail with its pages; the first is where the section leads."""

    label: Text
    icon: str
    key: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where a click on the section leads."""
        return self.lines[0].url

    @property
    def is_here(self) -> bool:
        """Whether the open page belongs to this section."""
        return any(line.is_here for line in self.lines)


def _as_command(command: Command, url: str) -> dict[str, Any]:
    return {
        "label": command.label,
        "url": url,
        "icon": command.icon,
        "group": command.group or _("Commands"),
        "keywords": command.keywords,
        "creates": command.icon == "plus",
    }


# What a role may open is written in a file, and the pages there are do not change while the program runs.
_opened: dict[tuple[str, str], Any] = {}


def _pages(person: Any) -> list[tuple[MenuEntry, str]]:
    """Return the lines of the rail that somebody's role may open, in their order, with their addresses."""
    entries = sorted(MENU.values(), key=lambda each: each.order)
    return _once("pages", person, lambda: list(_with_addresses(person, entries)))


def _commands(person: Any) -> dict[str, Command]:
    """Return the commands that somebody's role may use, by their address."""
    return _once("commands", person, lambda: {url: each for each, url in _with_addresses(person, COMMANDS.values())})


def _once(what: str, person: Any, find: Callable[[], Any]) -> Any:
    key = (what, person.role if person is not None and person.is_active else "")
    if key not in _opened:
        _opened[key] = find()
    return _opened[key]


def _with_addresses(person: Any, offered: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for each in offered:
        if may_open(person, each.route):
            with suppress(NoReverseMatch):
                yield each, each.url


class Shell:
    """The frame of one page, worked out only where a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def person(self) -> Any:
        """Who is signed in; None for a stranger."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def help_url(self) -> str:
        """Where the question mark leads: to the help about the open page."""
        about = HELP_ABOUT.get(self.request.resolver_match.app_name) if self.request.resolver_match else None
        return reverse("workspace:help_page", args=[about]) if about else reverse("workspace:help")

    @property
    def theme(self) -> str:
        """Light, dark, or as the device is."""
        chosen = getattr(self.person, "theme", "") or self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def company(self) -> Any:
        """The company that this installation serves."""
        return company()

    @cached_property
    def rail_is_narrow(self) -> bool:
        """Whether the person has folded the rail to icons."""
        return self.request.COOKIES.get("rail") == "narrow"

    @cached_property
    def sections(self) -> list[Section]:
        """The rail: only pages that exist and that this person may open."""
        found: dict[str, Section] = {str(label): Section(label, icon, key) for label, icon, key in SECTIONS}
        for entry, url in _pages(self.person):
            section = found.setdefault(str(entry.section), Section(entry.section, entry.icon))
            section.lines.append(Line(entry.label, url, entry.icon, entry.route, url == self.here))
        settings = found.pop(str(SECTIONS[-1][0]))
        return [section for section in [*found.values(), settings] if section.lines]

    @cached_property
    def here(self) -> str:
        """The line of the rail that is open: the same address, or the longest that the page lies below."""
        path = self.request.path
        urls = [url for _entry, url in _pages(self.person)]
        above = [url for url in urls if url != "/" and path.startswith(url.rstrip("/") + "/")]
        return path if path in urls else max(above, key=len, default="")

    @cached_property
    def tabs(self) -> list[Section]:
        """The bottom bar of phones: Today, Pipeline, Customers."""
        wanted = [str(SECTIONS[index][0]) for index in (0, 1, 2)]
        return [section for section in self.sections if str(section.label) in wanted]

    @cached_property
    def commands(self) -> list[dict[str, Any]]:
        """What the palette can do for this person: pages of the rail, then commands."""
        known = _commands(self.person)
        lines = [(section, line) for section in self.sections for line in section.lines]
        found = [
            {
                "label": line.label,
                "url": line.url,
                "icon": line.icon,
                "group": section.label,
                "keywords": known[line.url].keywords if line.url in known else "",
                "creates": False,
            }
            for section, line in lines
        ]
        shown = {line.url for _section, line in lines}
        return found + [_as_command(command, url) for url, command in known.items() if url not in shown]

    @cached_property
    def creates(self) -> list[dict[str, Any]]:
        """The commands that make something new, for the plus on phones and the key c."""
        return [command for command in self.commands if command["creates"]]

    @cached_property
    def bell(self) -> list[dict[str, Any]]:
        """What the top bar shows beside the bell: the slot frame.bell."""
        return panels_for("frame.bell", self.request) if self.person else []


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame around each page needs."""
    return {"shell": Shell(request)}
