"""Where reports and meetings name somebody: for a human to look at before their data is erased."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from salesmode.people.models import Person
from salesmode.reviews.models import Action, Meeting, WorkReport
from salesmode.reviews.models.report import ReportComment

MOST = 50
SHORTEST = 2


def places_naming(words: Sequence[str], seen_by: Person) -> list[tuple[str, str]]:
    """Return the reports and meetings whose words name somebody, newest first, with their addresses. Two queries."""
    named = [word.strip() for word in words if len(word.strip()) >= SHORTEST]
    if not named:
        return []
    of_actions = Action.objects.filter(_says(named, "text")).values("meeting")
    commented = ReportComment.objects.filter(_says(named, "content")).values("report")
    reports = WorkReport.objects.visible_to(seen_by).filter(
        _says(named, "done", "plan", "problems") | Q(pk__in=commented)
    )
    meetings = Meeting.objects.visible_to(seen_by).filter(
        _says(named, "notes", "skill", "reason") | Q(pk__in=of_actions)
    )
    found = [
        (f"{report} · {report.owner.name}", reverse("reviews:work_report", args=[report.pk]))
        for report in reports.select_related("owner").order_by("-first", "-pk")[:MOST]
    ]
    return found + [
        (str(meeting), reverse("reviews:meeting", args=[meeting.pk]))
        for meeting in meetings.select_related("team", "person", "owner").order_by("-planned_on", "-pk")[:MOST]
    ]


def _says(words: Sequence[str], *fields: str) -> Q:
    said = Q()
    for field in fields:
        for word in words:
            said |= Q(**{f"{field}__icontains": word})
    return said
