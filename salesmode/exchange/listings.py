"""The lists of imports and of exports, for pages and programs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesmode.exchange.models import ImportRun, ListExport
from salesmode.kernel.lists import Column, Filter, Listing, register


def _exports_seen_by(person: Any) -> QuerySet[ListExport]:
    """Return a person's own exports; those who watch over the data see everybody's."""
    watches = getattr(person, "role", "") in ("operations", "auditor", "director", "system")
    return ListExport.objects.all() if watches else ListExport.objects.filter(by_id=person.pk)


register(
    Listing(
        kind="import",
        title=_("Imports"),
        model=ImportRun,
        base=lambda person: ImportRun.objects.visible_to(person),
        columns=[
            Column("file_name", _("File")),
            Column("sheet", _("Into")),
            Column("status", _("State"), "chip", path="get_status_display"),
            Column("total", _("Rows"), "number"),
            Column("created", _("New"), "number"),
            Column("updated", _("Changed"), "number"),
            Column("failed", _("Not possible"), "number"),
            Column("created_at", _("When"), "datetime", sort="created_at"),
        ],
        filters=[
            Filter("status", _("State"), "choice", choices=lambda viewer: ImportRun.Status.choices),
            Filter("sheet", _("Into"), "text", field="sheet", lookup="exact"),
        ],
        sorts={"-created_at": ("-created_at", "-id"), "created_at": ("created_at", "id")},
        row_url=lambda row: reverse("exchange:import", args=[row.pk]),
    )
)
register(
    Listing(
        kind="export",
        title=_("Exports"),
        model=ListExport,
        base=_exports_seen_by,
        columns=[
            Column("kind", _("List")),
            Column("form", _("Kind of file")),
            Column("rows", _("Rows"), "number"),
            Column("created_at", _("When"), "datetime", sort="created_at"),
        ],
        sorts={"-created_at": ("-created_at", "-id"), "created_at": ("created_at", "id")},
    )
)
