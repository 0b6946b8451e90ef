"""Targets as a list: for the API, export and saved views."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.analytics.wording import spoken
from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.people.models import Person
from salesmode.targets.listings import alerts as alerts
from salesmode.targets.models import Absence, Scorecard, Target


def _said(name: str) -> Callable[[Any], str]:
    return lambda row: spoken(row.asked.unit, getattr(row, name))


TONES = {"approved": "good", "locked": "info", "draft": "attention"}


def _targets(person: Person) -> QuerySet:
    return Target.objects.visible_to(person).select_related("team__lead", "owner", "product")


register(
    Listing(
        kind="target",
        title=_("Targets"),
        model=Target,
        base=_targets,
        columns=[
            Column("whose", _("For"), "text", "whose_label"),
            Column("metric", _("Metric"), "text", "asked.label"),
            Column("year", _("Year"), "text", "year_label", sort="starts_on"),
            Column("edition", _("Version"), "number"),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda row: TONES.get(row.status, "")),
            Column("base", _("Target"), "number", sort="base", says=_said("base")),
            Column("stretch", _("Stretch"), "number", says=_said("stretch")),
            Column("challenge", pgettext_lazy("target", "Challenge"), "number", says=_said("challenge")),
            Column("created_at", _("Created"), "datetime", sort="created_at", default=False),
        ],
        filters=[
            Filter("metric", _("Metric"), "text", lookup="exact", visible=False),
            Filter("unit", _("For"), "choice", choices=lambda viewer: Target.Unit.choices),
            Filter("status", _("Status"), "choice", choices=lambda viewer: Target.Status.choices),
            Filter("owner", _("Person"), "person"),
            Filter("starts_on", _("Year begins on"), "date"),
        ],
        sorts={"created_at": ("created_at",), "starts_on": ("starts_on",), "base": ("base",)},
        default_sort="-created_at",
        row_url=lambda row: reverse("targets:target", args=[row.pk]),
        card=("metric", "year", "status", "base"),
    )
)
register(
    Listing(
        kind="scorecard",
        title=_("Scorecards"),
        model=Scorecard,
        base=lambda person: Scorecard.objects.visible_to(person).select_related("owner"),
        columns=[
            Column("name", _("Scorecard"), "text", sort="name"),
            Column("description", _("Description"), "text"),
            Column("owner", _("Made by"), "person"),
            Column("created_at", _("Created"), "datetime", sort="created_at", default=False),
        ],
        sorts={"name": ("name", "id"), "created_at": ("created_at",)},
        default_sort="name",
        row_url=lambda row: reverse("targets:scorecard", args=[row.pk]),
        search_fields=("name", "description"),
        empty=_("No scorecard yet. Choose three to five metrics, give each a weight, and put it in use for a team."),
        create_route="targets:define_scorecard",
        create_label=_("New scorecard"),
        card=("description",),
    )
)


register(
    Listing(
        kind="absence",
        title=_("Leave"),
        model=Absence,
        base=lambda person: Absence.objects.visible_to(person).select_related("owner"),
        columns=[
            Column("owner", _("Who"), "person", sort="owner"),
            Column("first_on", _("First day away"), "date", sort="first_on"),
            Column("last_on", _("Last day away"), "date", sort="last_on"),
            Column("kind_of", _("Kind of leave"), "text", "get_kind_of_display"),
        ],
        filters=[
            Filter("owner", _("Who"), "person"),
            Filter("kind_of", _("Kind of leave"), choices=lambda: Absence.Kind.choices),
            Filter("first_on", _("First day away"), "date"),
        ],
        sorts={
            "owner": ("owner__name", "first_on", "id"),
            "first_on": ("first_on", "id"),
            "last_on": ("last_on", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-first_on",
        row_url=lambda row: reverse("targets:absence", args=[row.pk]),
        search_fields=("owner__name",),
        empty=_("No leave is noted. Days away are not asked for in targets and scorecards."),
        create_route="targets:note_absence",
        create_label=_("Note leave"),
        card=("first_on", "last_on", "kind_of"),
    )
)


def tone_of(target: Any) -> str:
    """Return how a version's status looks."""
    return TONES.get(target.status, "")
