"""What upper apps add to lower pages: panels, menu entries and palette commands, registered as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Panel:
    """A part of a page that another app supplies: where it goes, what it shows, who may see it.

    `query(request, record)` returns the template's context, or None to leave the panel out.
    """

    slot: str
    name: str
    title: Text
    query: Callable[[HttpRequest, Any], dict[str, Any] | None]
    template: str
    may_see: Callable[[Any, Any], bool] = lambda person, record: True
    order: int = 50


@dataclass(frozen=True)
class MenuEntry:
    """A line of the left rail."""

    section: Text
    label: Text
    route: str
    icon: str
    order: int = 50
    parent: str = ""

    @property
    def url(self) -> str:
        """Return the address of the page behind this line."""
        return reverse(self.route)


@dataclass(frozen=True)
class Command:
    """Something the palette can do: go somewhere or create something."""

    label: Text
    route: str
    icon: str = "arrow-right"
    keywords: str = ""
    group: Text = ""

    @property
    def url(self) -> str:
        """Return the address that this command opens."""
        return reverse(self.route)


PANELS: dict[str, list[Panel]] = {}
MENU: dict[str, MenuEntry] = {}
COMMANDS: dict[str, Command] = {}


def add_panel(panel: Panel) -> None:
    """Put a panel into a slot of a page."""
    there = PANELS.setdefault(panel.slot, [])
    there[:] = sorted([*(other for other in there if other.name != panel.name), panel], key=lambda each: each.order)


def add_menu(entry: MenuEntry) -> None:
    """Put a line into the left rail."""
    MENU[entry.route] = entry


def add_command(command: Command) -> None:
    """Teach the palette a command."""
    COMMANDS[f"{command.route} {command.label}"] = command


def panels_for(slot: str, request: HttpRequest, record: Any = None) -> list[dict[str, Any]]:
    """Return what a slot shows to this viewer, each panel with its context filled."""
    shown = []
    for panel in PANELS.get(slot, ()):
        if not panel.may_see(request.user, record):
            continue
        context = panel.query(request, record)
        if context is not None:
            shown.append(
                {"panel": panel, "name": panel.name, "title": panel.title, "template": panel.template, **context}
            )
    return shown
