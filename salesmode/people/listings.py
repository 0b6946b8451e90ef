"""The list of people: the page, the API and the export."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.people.models import Person


def _status(person: Person) -> Any:
    return _("Works here") if person.is_active else _("Has left")


def _roles(viewer: Person) -> list[tuple[str, Any]]:
    return [(value, label) for value, label in Person.Role.choices if value != Person.Role.SYSTEM]


register(
    Listing(
        kind="person",
        title=_("People"),
        model=Person,
        base=lambda viewer: Person.objects.people().select_related("team"),
        columns=[
            Column("name", _("Name"), "text", sort="name"),
            Column("role", _("Role"), "text", path="get_role_display", sort="role"),
            Column("team", _("Team"), "text", path="team.name", sort="team__name"),
            Column("title", _("Job title"), "text", default=False),
            Column("email", _("E-mail"), "text", sort="email"),
            Column("phone", _("Phone"), "text"),
            Column("status", _("Status"), "chip", value=_status, tone=lambda row: "good" if row.is_active else ""),
            Column("last_login", _("Last sign-in"), "datetime", sort="last_login"),
            Column("created_at", _("Joined"), "date", sort="created_at", default=False),
        ],
        filters=[
            Filter("role", _("Role"), "choice", field="role", choices=_roles),
            Filter("team", _("Team"), "team", field="team_id"),
            Filter("active", _("Works here"), "bool", field="is_active"),
        ],
        sorts={
            "name": ("name", "id"),
            "-name": ("-name", "-id"),
            "role": ("role", "name", "id"),
            "email": ("email", "id"),
            "created_at": ("created_at", "id"),
            "-created_at": ("-created_at", "-id"),
        },
        default_sort="name",
        row_url=lambda row: reverse("people:person", args=[row.pk]),
        groups={"role": "role"},
        empty=_("Nobody works here yet."),
        search_fields=("name", "email", "title"),
        card=("role", "team", "status"),
    )
)
