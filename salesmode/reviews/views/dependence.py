"""The page about the dependence on single people."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from salesmode.analytics.measure import Reading
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids, viewer
from salesmode.reviews.queries.boards import boards_of
from salesmode.reviews.queries.dependence import dependence, known_by_one
from salesmode.targets.models import Whose
from salesmode.targets.policies import may_take_decision

PERIODS = ("last-12-months", "this-year", "this-quarter", "last-year", "last-quarter")
MOST = 200


@login_required
def dependence_page(request: HttpRequest) -> HttpResponse:
    """Show on whom the sales depend."""
    person = viewer(request)
    teams = boards_of(person)
    if not person.sees_all:
        seen = set(seen_owner_ids(person) or [])
        teams = [team for team in teams if team.lead_id in seen]
    chosen = request.GET.get("team", "")
    team = next((each for each in teams if str(each.pk) == chosen), None)
    if chosen and team is None:
        raise Invalid({"team": [_("There is nobody there whose numbers you may see.")]})
    text = request.GET.get("period", PERIODS[0])
    period = Period.parse(text, today=localdate())
    words = {
        "last-12-months": _("The last twelve months"),
        "this-year": _("This year"),
        "this-quarter": _("This quarter"),
        "last-year": _("Last year"),
        "last-quarter": _("Last quarter"),
    }
    page = dependence(period=period, team=team, seen_by=person, today=localdate())
    context = {
        "page": page,
        "months": _months(page.cards[:2]),
        "month_labels": [card.metric.label for card in page.cards[:2]],
        "lorenz": [
            {"label": f"{point.sellers * 100:.1f}%", "values": [point.share, point.sellers]} for point in page.curve
        ],
        "lorenz_labels": [_("Share of the won amount"), _("All alike")],
        "why_unknown": _("Too few deals were handed over to know"),
        "decide_url": _decide_url(person, team or (teams[0] if len(teams) == 1 and not person.sees_all else None)),
        "teams": teams,
        "team": team,
        "period": period,
        "period_code": text,
        "periods": [(code, words[code]) for code in PERIODS],
        "title": _("Dependence on individuals"),
    }
    return render(request, "reviews/dependence.html", context)


def _decide_url(person: Person, team: Team | None) -> str:
    """Return where a decision about the dependence is written down; nothing for who may not take one."""
    whose = Whose("team", team=team) if team is not None else Whose()
    if not may_take_decision(person, whose):
        return ""
    named = {"metric": "top_seller_share", "whose": f"team:{team.pk}" if team is not None else "company"}
    return f"{reverse('targets:take_decision')}?{urlencode(named)}"


def _months(cards: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return a row for each month with the value of each number."""
    columns = zip(*(card.series for card in cards), strict=True)
    return [{"label": points[0].label, "values": [point.value for point in points]} for points in columns]


@login_required
def known_by_one_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """List the customers whom only one of us has spoken with for a year."""
    owners = seen_owner_ids(viewer(request))
    if owners is not None and person_id not in owners:
        raise Http404
    owner = get_object_or_404(Person.objects.people(), pk=person_id)
    customers = known_by_one(owner.pk, seen_by=viewer(request), today=localdate())
    context = {
        "owner": owner,
        "customers": customers[:MOST],
        "count": customers.count(),
        "title": _("Known by one of us alone"),
    }
    return render(request, "reviews/known_by_one.html", context)
