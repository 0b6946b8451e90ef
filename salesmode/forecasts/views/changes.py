"""The pages about how the pipeline changed: waterfall, the deals behind a bar, the pipeline of a past day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesmode.forecasts import queries
from salesmode.forecasts.views.looking import Look, choices, day_called, is_old, look_of, spans
from salesmode.kernel.refusals import Invalid
from salesmode.people.visibility import viewer
from salesmode.selling.models import Deal

BY = ("team", "person")


@require_GET
@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """Show what happened to the pipeline between two days."""
    look, (start, end) = look_of(request), _window(request)
    by = request.GET.get("by", "")
    if by and by not in BY:
        raise Invalid({"by": [_("Choose team or person.")]})
    found = queries.waterfall(start, end, look.narrowed, by=by or None)  # type: ignore[arg-type]
    shown = {
        "look": look,
        "start": start,
        "end": end,
        "by": by,
        "found": found,
        "bars": _bars(found, look, start, end),
        "parts": [(part, _key_query(look, by, part, start, end)) for part in found.breakdown],
        "spans": spans(),
        "is_old": is_old(request),
        "step_names": queries.STEP_NAMES,
        **choices(),
    }
    return render(request, "forecasts/changes.html", shown)


@require_GET
@login_required
def changed_deals(request: HttpRequest) -> HttpResponse:
    """List the deals behind one bar of the waterfall."""
    look, (start, end) = look_of(request), _window(request)
    step = request.GET.get("step", "")
    moved = queries.moved_deals(step, start, end, look.narrowed)
    deals = Deal.objects.visible_to(viewer(request)).select_related("customer", "owner", "stage")
    known = deals.in_bulk([one.deal_id for one in moved])
    rows = [(one, known[one.deal_id]) for one in moved if one.deal_id in known]
    shown = {
        "rows": rows,
        "hidden": len(moved) - len(rows),
        "is_cut": len(moved) == queries.MOST_DEALS,
        "total": sum((one.amount for one, _deal in rows), Decimal(0)),
        "name": queries.STEP_NAMES[step],
        "meaning": queries.STEP_MEANINGS[step],
        "look": look,
        "start": start,
        "end": end,
        "back": f"{reverse('forecasts:changes')}?{look.query(**_days(start, end))}",
    }
    return render(request, "forecasts/changed_deals.html", shown)


@require_GET
@login_required
def pipeline_then(request: HttpRequest) -> HttpResponse:
    """Show the pipeline as it stood at the end of a day."""
    look, day = look_of(request), day_called(request, "on", localdate() - timedelta(days=30))
    found = queries.pipeline_on(day, look.narrowed, seen_by=viewer(request))
    shown = {"look": look, "day": day, "found": found, "category_names": dict(choices()["categories"]), **choices()}
    return render(request, "forecasts/pipeline_then.html", shown)


def _window(request: HttpRequest) -> tuple[date, date]:
    usual = next(span for span in spans()[3:4])
    if usual.start >= usual.end - timedelta(days=6):
        usual = spans()[4]
    start, end = day_called(request, "from", usual.start), day_called(request, "to", usual.end)
    if start >= end:
        raise Invalid({"to": [_("Choose a day after the first one.")]})
    return start, end


def _days(start: date, end: date) -> dict[str, str]:
    return {"from": start.isoformat(), "to": end.isoformat()}


def _key_query(look: Look, by: str, part: queries.Waterfall, start: date, end: date) -> str:
    """Return where a line of the breakdown leads: the same waterfall of that team or person alone."""
    code = f"{by}:{part.key}"
    if code not in {scope.code for scope in look.offered}:
        return ""
    return look.query(scope=code, **_days(start, end))


def _bars(found: queries.Waterfall, look: Look, start: date, end: date) -> list[dict[str, Any]]:
    """Return the bars with the level that each starts from, so that they hang where the one before ended."""
    level, bars = Decimal(0), []
    for name, step in found.steps.items():
        sign = queries.SIGNS.get(name, 1)
        after = level + sign * step.amount if name in queries.SIGNS else step.amount
        floor = min(level, after) if name in queries.SIGNS else Decimal(0)
        url = f"{reverse('forecasts:changed_deals')}?{look.query(step=name, **_days(start, end))}"
        tone = "total" if name not in queries.SIGNS else "up" if sign > 0 else "down"
        mark = {"up": "+", "down": "−", "total": ""}[tone] if step.amount or step.count else ""
        bars.append(
            {
                "name": name,
                "label": queries.STEP_NAMES[name],
                "meaning": queries.STEP_MEANINGS[name],
                "step": step,
                "sign": mark,
                "floor": floor,
                "tone": "won" if name == "won" else tone,
                "url": url if step.deals else "",
            }
        )
        level = after
    return bars
