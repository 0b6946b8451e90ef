"""Reports and meetings as lists: for pages, API, export and saved views."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.reviews.models import Meeting, WorkReport


def _report(row: Any) -> str:
    return reverse("reviews:work_report", args=[row.pk])


def _meeting(row: Any) -> str:
    return reverse("reviews:meeting", args=[row.pk])


register(
    Listing(
        kind="work_report",
        title=_("Reports"),
        model=WorkReport,
        base=lambda person: WorkReport.objects.visible_to(person).select_related("owner"),
        columns=[
            Column(
                "report", _("Report"), "link", value=str, url=lambda row: reverse("reviews:work_report", args=[row.pk])
            ),
            Column("owner", pgettext_lazy("a report", "From"), "person"),
            Column("first", _("Day"), "date", sort="first"),
            Column("is_late", _("Late"), "bool"),
            Column("problems", _("Problems")),
            Column("submitted_at", _("Submitted"), "datetime", sort="submitted_at"),
        ],
        filters=[
            Filter("type", _("Kind"), "choice", choices=lambda viewer: WorkReport.Kind.choices),
            Filter("owner", pgettext_lazy("a report", "From"), "person", field="owner_id"),
            Filter("team", _("Team"), "team", field="owner__team_id"),
            Filter("day", _("Day"), "date", field="first"),
            Filter("late", _("Late"), "bool", field="is_late"),
        ],
        sorts={
            "first": ("first", "id"),
            "-first": ("-first", "-id"),
            "submitted_at": ("submitted_at", "id"),
            "-submitted_at": ("-submitted_at", "-id"),
        },
        default_sort="-first",
        row_url=_report,
        create_route="reviews:write_report",
        create_label=_("Write a report"),
        empty=_("A report begins with what the records know of the day; add what they do not."),
        card=("owner", "first", "is_late"),
    )
)

register(
    Listing(
        kind="meeting",
        title=_("Meetings"),
        model=Meeting,
        base=lambda person: Meeting.objects.visible_to(person).select_related("owner", "person", "team"),
        columns=[
            Column(
                "meeting", _("Meeting"), "link", value=str, url=lambda row: reverse("reviews:meeting", args=[row.pk])
            ),
            Column("planned_on", _("Day"), "date", sort="planned_on"),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda row: row.tone),
            Column("owner", _("Led by"), "person"),
            Column("person", _("With"), "person"),
            Column("team", _("Team"), path="team.name"),
        ],
        filters=[
            Filter("type", _("Kind"), "choice", choices=lambda viewer: Meeting.Kind.choices),
            Filter("status", _("Status"), "choice", choices=lambda viewer: Meeting.Status.choices),
            Filter("owner", _("Led by"), "person", field="owner_id"),
            Filter("person", _("With"), "person", field="person_id"),
            Filter("team", _("Team"), "team", field="team_id"),
            Filter("planned", _("Day"), "date", field="planned_on"),
        ],
        sorts={"planned_on": ("planned_on", "id"), "-planned_on": ("-planned_on", "-id")},
        default_sort="-planned_on",
        row_url=_meeting,
        create_route="reviews:plan_meeting",
        create_label=_("Plan a meeting"),
        empty=_("A pipeline review or a one-to-one comes with its agenda filled in."),
        card=("planned_on", "status", "owner"),
    )
)
