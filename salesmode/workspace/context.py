"""What every page's frame shows: the rail, the person, the theme."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
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
        own: list[str] = []
        for entry in sorted(MENU.values(), key=lambda each: each.order):
            line = self._line(entry)
            if line is None:
                continue
            name = str(entry.section)
            if name not in found:
                found[name] = Section(entry.section, entry.icon)
                own.append(name)
            found[name].lines.append(line)
        filled = [section for section in found.values() if section.lines]
        self._mark(filled)
        settings = str(SECTIONS[-1][0])
        return sorted(filled, key=lambda section: str(section.label) == settings)

    def _line(self, entry: MenuEntry) -> Line | None:
        if not may_open(self.person, entry.route):
            return None
        try:
            return Line(entry.label, entry.url, entry.icon, entry.route)
        except NoReverseMatch:
            return None

    def _mark(self, sections: list[Section]) -> None:
        """Mark the page that is open: the same address, or the longest that it lies below."""
        lines = [line for section in sections for line in section.lines]
        path = self.request.path
        here = [line for line in lines if line.url == path] or sorted(
            (line for line in lines if line.url != "/" and path.startswith(line.url.rstrip("/") + "/")),
            key=lambda line: -len(line.url),
        )
        if here:
            here[0].is_here = True

    @cached_property
    def tabs(self) -> list[Section]:
        """The bottom bar of phones: Today, Pipeline, Customers."""
        wanted = [str(SECTIONS[index][0]) for index in (0, 1, 2)]
        return [section for section in self.sections if str(section.label) in wanted]

    @cached_property
    def commands(self) -> list[dict[str, Any]]:
        """What the palette can do for this person: pages of the rail, then commands."""
        known = {self._address(command): command for command in COMMANDS.values()}
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
        return found + [_as_command(command, url) for url, command in known.items() if url and url not in shown]

    @cached_property
    def creates(self) -> list[dict[str, Any]]:
        """The commands that make something new, for the plus on phones and the key c."""
        return [command for command in self.commands if command["creates"]]

    def _address(self, command: Command) -> str:
        if not may_open(self.person, command.route):
            return ""
        try:
            return command.url
        except NoReverseMatch:
            return ""

    @cached_property
    def bell(self) -> list[dict[str, Any]]:
        """What the top bar shows beside the bell: the slot frame.bell."""
        return panels_for("frame.bell", self.request) if self.person else []


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame around each page needs."""
    return {"shell": Shell(request)}
