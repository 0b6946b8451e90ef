"""The board page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, now

from salesmode.kernel.lists_filters import date_words, days_called, whole_number
from salesmode.kernel.lists_refusals import UnknownName
from salesmode.people.models import Person, Team
from salesmode.people.visibility import viewer
from salesmode.selling import queries
from salesmode.selling.models import Process, Stage

KNOWN = frozenset({"process", "owner", "team", "closes", "after", "part"})


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Show the pipeline: one column for each stage of a process."""
    _refuse_unknown(request)
    processes = list(Process.objects.filter(is_active=True).order_by("-is_default", "name"))
    chosen = request.GET.get("process")
    known = Process.objects.filter(pk=whole_number("process", chosen)).first() if chosen else None
    process = known or (processes[0] if processes else None)
    filters = _filters(request)
    columns = _columns(process, filters, request) if process else []
    shown = {
        "process": process,
        "processes": processes,
        "columns": columns,
        "count": sum(column.count for column in columns),
        "total": sum(column.total for column in columns),
        "stages": [column.stage for column in columns if column.stage.is_active],
        "filters": filters,
        "people": _people(request),
        "teams": _teams(request),
        "spans": date_words(),
        "closes": request.GET.get("closes", ""),
        "is_narrowed": any(request.GET.get(name) for name in ("owner", "team", "closes")),
        "query_text": request.GET.urlencode(),
    }
    return render(request, "selling/board.html", shown)


@login_required
def column(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Show one column anew, or its next cards."""
    _refuse_unknown(request)
    stage = get_object_or_404(Stage.objects.select_related("process"), pk=stage_id)
    after = request.GET.get("after", "")
    found = queries.column_cards(
        stage, _filters(request), seen_by=viewer(request), after=after, at=now(), today=localdate()
    )
    piece = "selling/board.html#cards" if after else "selling/board.html#column"
    params = request.GET.copy()
    params.pop("after", None)
    stages = Stage.objects.in_use().in_order().filter(process=stage.process_id)
    context = {"column": found, "stages": stages, "query_text": params.urlencode(), "process": stage.process}
    return render(request, piece, context)


def _columns(process: Process, filters: queries.BoardFilters, request: HttpRequest) -> list[queries.BoardColumn]:
    return queries.pipeline_board(process, filters, seen_by=viewer(request), at=now(), today=localdate())


def _refuse_unknown(request: HttpRequest) -> None:
    for name in request.GET:
        if name not in KNOWN:
            raise UnknownName(name)


def _filters(request: HttpRequest) -> queries.BoardFilters:
    owner, team, closes = (request.GET.get(name, "") for name in ("owner", "team", "closes"))
    first, until = days_called("closes", closes) if closes else (None, None)
    return queries.BoardFilters(
        owner_id=viewer(request).pk if owner == "me" else whole_number("owner", owner) if owner else None,
        team_id=whole_number("team", team) if team else None,
        closes_from=first if first and first.year > 1 else None,
        closes_until=until if until and until.year < 9999 else None,
    )


def _people(request: HttpRequest) -> Any:
    """Return the other people whose deals the viewer sees."""
    person = viewer(request)
    people = Person.objects.active().exclude(pk=person.pk).order_by("name").values_list("pk", "name")
    if person.sees_all:
        return people
    return people.filter(pk__in=person.scope.values("owner")) if person.role == Person.Role.MANAGER else []


def _teams(request: HttpRequest) -> Any:
    teams = Team.objects.order_by("name").values_list("pk", "name")
    return teams if viewer(request).role != Person.Role.SELLER else []
