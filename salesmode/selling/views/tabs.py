"""The tabs of a record: our own, and those that other apps put there."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from salesmode.customers.queries import story_of
from salesmode.kernel.panels import PANELS
from salesmode.people.visibility import viewer

STORY_TABS = ("overview", "timeline")
SHORT_STORY = 8


def story_for(request: HttpRequest, kind: str, record_id: int, *, tab: str) -> Any:
    """Return what happened to a record: the newest of it on the overview, a page of the chosen kind on the timeline."""
    if tab == "overview":
        return story_of(kind, record_id, seen_by=viewer(request), limit=SHORT_STORY)
    asked = {name: request.GET.get(name, "")[:80] for name in ("group", "after")}
    return story_of(kind, record_id, seen_by=viewer(request), **asked)


def tabs_of(request: HttpRequest, slot: str, record: Any, address: str, *, here: str) -> list[dict[str, Any]]:
    """Return the tabs of a record; what is on them is asked only when one is opened."""
    own = [("overview", _("Overview")), ("timeline", _("Timeline"))]
    others = [(panel.name, panel.title) for panel in PANELS.get(slot, ()) if panel.may_see(viewer(request), record)]
    return [
        {
            "label": label,
            "url": address if name == "overview" else f"{address}?tab={name}",
            "is_here": name == here,
            "count": None,
        }
        for name, label in [*own, *others]
    ]


def panel_tab(request: HttpRequest, slot: str, record: Any, name: str) -> dict[str, Any]:
    """Return what another app shows on its tab; raises Http404 for a tab that is not there."""
    for panel in PANELS.get(slot, ()):
        if panel.name == name and panel.may_see(viewer(request), record):
            context = panel.query(request, record)
            if context is not None:
                return {"name": panel.name, "title": panel.title, "template": panel.template, **context}
    raise Http404
