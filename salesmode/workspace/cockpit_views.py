"""The cockpit: how sales go, for whoever looks, in one page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.selling.queries import quiet_year
from salesmode.workspace import cockpit_queries as queries

# So far, so that a running month is compared with the same days of the one before.
USUAL_PERIOD = "mtd"
COMPARISONS = {"previous": "previous", "last_year": "last_year", "none": None}


def _periods() -> list[tuple[str, str]]:
    return [
        ("mtd", _("This month so far")),
        ("last-month", _("Last month")),
        ("qtd", _("This quarter so far")),
        ("last-quarter", _("Last quarter")),
        ("ytd", _("This year so far")),
        ("last-year", _("Last year")),
        ("last-30-days", _("Last 30 days")),
        ("last-12-months", _("Last 12 months")),
    ]


def _usual(request: HttpRequest) -> tuple[str, bool]:
    """Return the period that is looked at, and whether nobody chose it: the last year that has figures."""
    if asked := request.GET.get("period"):
        return asked, False
    year = quiet_year(localdate())
    return (USUAL_PERIOD, False) if year is None else (str(year), True)


def _view(request: HttpRequest) -> tuple[queries.View, list[queries.Scope]]:
    person: Any = request.user
    offered = queries.scopes(person)
    by = request.GET.get("by") or ("person" if not person.sees_all else "team")
    compare = request.GET.get("compare") or "previous"
    if not queries.can_break_down(by):
        raise Invalid({"by": [_("Choose team, person, product or source.")]})
    if compare not in COMPARISONS:
        raise Invalid({"compare": [_("Compare with the period before, the year before, or nothing.")]})
    period = Period.parse(_usual(request)[0])
    scope = queries.scope_called(request.GET.get("scope", ""), offered)
    return queries.View(person, period, scope, COMPARISONS[compare], by), offered  # type: ignore[arg-type]


def _figures(view: queries.View) -> dict[str, Any]:
    loaded = queries.loaded_at()
    return {
        "view": view,
        "cards": queries.cards(view),
        "months": queries.won_by_month(view),
        "funnel": queries.funnel(view),
        "parts": queries.breakdown(view),
        "alerts": queries.alerts(view, now()),
        "late": queries.exceptions(view, localdate()),
        "loaded_at": datetime.fromisoformat(loaded) if loaded else None,
        "breakdowns": queries.breakdowns(),
    }


@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """Show how sales go."""
    view, offered = _view(request)
    code, is_old = _usual(request)
    periods = _periods()
    if code not in dict(periods):
        periods.append((code, view.period.label))
    chosen = {
        "scopes": offered,
        "periods": periods,
        "period_code": code,
        "is_old": is_old,
        "compare_code": request.GET.get("compare") or "previous",
        "comparisons": [
            ("previous", _("Period before")),
            ("last_year", _("Year before")),
            ("none", _("Nothing")),
        ],
    }
    return render(request, "workspace/cockpit.html", _figures(view) | chosen)


@require_GET
def cockpit_figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of the cockpit alone, as they are now."""
    view, _offered = _view(request)
    return render(request, "workspace/cockpit.html#figures", _figures(view))
