"""The pages of the forecast: the grid, a submission, its history, and how well forecasts came true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from salesmode.forecasts import forms, operations, policies, queries
from salesmode.forecasts.models import ForecastSubmission
from salesmode.forecasts.operations.submit_forecast import GRAINS
from salesmode.kernel.pages import carry_out, toast
from salesmode.kernel.periods import Period, add_months
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.kernel.wording import period as said_period
from salesmode.people.models import Person, Team
from salesmode.people.visibility import viewer
from salesmode.selling.queries import is_anything_due, last_busy_day

DEALS = {"pipeline": "pipeline", "best_case": "best_case", "most_likely": "most_likely", "commit": "commit"}


@dataclass(frozen=True)
class _Column:
    """A column of the grid: what of a roll-up it shows, how many deals that is, and the list behind it."""

    label: str
    amount: Callable[[queries.Roll], Decimal]
    count: Callable[[queries.Roll], int]
    address: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class _Cell:
    """One number of the grid."""

    column: _Column
    roll: queries.Roll

    @property
    def amount(self) -> Decimal:
        """The money in it."""
        return self.column.amount(self.roll)

    @property
    def count(self) -> int:
        """How many deals stand behind it."""
        return self.column.count(self.roll)


def _single(deals: dict[str, str]) -> list[_Column]:
    """Return the columns that each count one category, with the promise beside them."""
    names = {
        "closed": _("Won"),
        "commit": _("Commit"),
        "most_likely": _("Most likely"),
        "best_case": _("Best case"),
        "pipeline": pgettext("a forecast category", "Pipeline"),
    }
    columns = [_category(name, label, deals[name]) for name, label in names.items()]
    promised = _Column(
        _("Commit with won"), lambda roll: roll.commit, lambda roll: roll.counted("commit"), deals["sum:commit"], True
    )
    return [*columns, promised, _category("omitted", _("Omitted"), deals["omitted"])]


def _category(name: str, label: str, address: str) -> _Column:
    return _Column(label, lambda roll: roll.amounts[name], lambda roll: roll.counts[name], address)


def _cumulative(deals: dict[str, str]) -> list[_Column]:
    """Return the columns that each count a category with all that is surer."""
    names = {
        "closed": _("Won"),
        "commit": _("Commit with won"),
        "most_likely": _("Most likely forecast"),
        "best_case": _("Best case forecast"),
        "open_pipeline": _("Open pipeline"),
    }
    return [_sum(name, label, deals[f"sum:{name}"]) for name, label in names.items()]


def _sum(name: str, label: str, address: str) -> _Column:
    return _Column(label, lambda roll: roll.total(name), lambda roll: roll.counted(name), address, name == "commit")


@require_GET
@login_required
def forecast(request: HttpRequest) -> HttpResponse:
    """Show people by category for a period, with what they submitted beside it."""
    tree, period = queries.Tree.of(viewer(request)), _period(request)
    offered = queries.scopes(tree)
    scope = queries.scope_called(request.GET.get("scope", ""), offered)
    grid = queries.forecast_grid(period, scope, tree, at=now())
    deals = _deals_address(period)
    is_cumulative = request.GET.get("sums") == "cumulative"
    columns = _cumulative(deals) if is_cumulative else _single(deals)
    shown = {
        "grid": grid,
        "rows": [(line, [_Cell(column, line.roll) for column in columns]) for line in grid.lines],
        "columns": columns,
        "is_cumulative": is_cumulative,
        "offered": offered,
        "period_code": period.label,
        "periods": _periods(period, day := _usual_day()),
        "is_old": not request.GET.get("period") and day != localdate(),
        "deals": deals,
    }
    return render(request, "forecasts/forecast.html", shown)


@login_required
def submit(request: HttpRequest) -> HttpResponse:
    """Say what will be won in a period."""
    period, tree = _period(request), queries.Tree.of(viewer(request))
    unit, person, team = _unit(request, tree)
    owner = person if team is None else team.lead
    if not policies.may_submit_forecast(viewer(request), ForecastSubmission(person=person, team=team, owner=owner)):
        raise NotAllowed
    roll = queries.roll_of_unit(person, team, period)
    history = queries.history_of(unit, period, viewer(request))
    latest = history[0] if history else None
    best = (latest.best_case if latest else None) or roll.best_case
    initial: dict[str, Any] = {"seen": latest.number if latest else 0, "best_case": f"{best.normalize():f}"}
    initial["amount"] = f"{(latest.amount if latest else roll.commit).normalize():f}"
    form = forms.SubmitForm(request.POST or None, initial=initial)
    act = partial(operations.submit_forecast, period=period, person=person, team=team)
    if carry_out(form, act, by=viewer(request), at=now()) is not None:
        toast(request, _("The forecast is submitted."))
        return redirect(f"{reverse('forecasts:forecast')}?period={period.label}")
    back = f"{reverse('forecasts:forecast')}?period={period.label}"
    shown: dict[str, Any] = {
        "form": form,
        "title": _("Submit the forecast"),
        "submit_label": _("Submit"),
        "cancel_url": back,
        "roll": roll,
        "period": period,
        "label": person.name if person else team.name if team else _("Company"),
        "latest": latest,
    }
    return render(request, "forecasts/submit.html", shown, status=422 if request.method == "POST" else 200)


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """Show everything that was ever submitted for a period."""
    period, tree = _period(request), queries.Tree.of(viewer(request))
    unit, person, team = _unit(request, tree)
    shown = {
        "rows": queries.history_of(unit, period, viewer(request)),
        "period": period,
        "label": person.name if person else team.name if team else _("Company"),
        "roll": queries.roll_of_unit(person, team, period),
    }
    return render(request, "forecasts/history.html", shown)


@require_GET
@login_required
def accuracy(request: HttpRequest) -> HttpResponse:
    """Show how well people's forecasts came true."""
    grain = request.GET.get("grain", "quarter")
    if grain not in ("month", "quarter"):
        raise Invalid({"grain": [_("A forecast is submitted for the month or the quarter.")]})
    tree = queries.Tree.of(viewer(request))
    offered = queries.scopes(tree)
    scope = queries.scope_called(request.GET.get("scope", ""), offered)
    people = [
        person
        for person in tree.people.values()
        if person.role == Person.Role.SELLER and (scope.owners is None or person.pk in scope.owners)
    ]
    records = queries.track_records(people, grain, at=now())
    known = [record for record in records if any(call.submitted is not None for call in record.calls)]
    known.sort(key=lambda record: (record.accuracy is None, -(record.accuracy or 0), record.person.name))
    shown = {"records": known, "offered": offered, "scope": scope, "grain": grain}
    return render(request, "forecasts/accuracy.html", shown)


def _period(request: HttpRequest) -> Period:
    given = request.GET.get("period")
    period = Period.parse(given) if given else Period.containing(_usual_day(), "quarter")
    if period.grain not in GRAINS:
        raise Invalid({"period": [_("A forecast is for a month, a quarter or a year.")]})
    return period


def _usual_day() -> date:
    """Return the day whose quarter a forecast opens on: today, or the last with figures where nothing is due any more.

    Two queries.
    """
    today = localdate()
    day = last_busy_day(today)
    return today if day == today or is_anything_due(Period.containing(today, "quarter").first) else day


def _unit(request: HttpRequest, tree: queries.Tree) -> tuple[tuple[str, int | None], Person | None, Team | None]:
    """Return what a forecast is of; raises Http404 for whom the viewer does not see."""
    kind, _colon, given = request.GET.get("unit", "").partition(":")
    key = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    if not kind:
        kind, key = "person", tree.viewer.pk
    if kind == "person" and key in tree.people:
        return ("person", key), tree.people[key], None
    if kind == "team" and key in tree.teams and (tree.owners_in(key) or tree.viewer.sees_all):
        return ("team", key), None, tree.teams[key]
    if kind == "company" and tree.viewer.sees_all:
        return ("company", None), None, None
    raise Http404


def _periods(chosen: Period, day: date) -> list[tuple[str, str]]:
    quarter = Period.containing(day, "quarter")
    found = [Period.containing(add_months(quarter.first, 3 * step), "quarter") for step in (-2, -1, 0, 1)]
    month = Period.containing(day, "month")
    found += [Period.containing(add_months(month.first, step), "month") for step in (-1, 0, 1)]
    codes = [period.label for period in found]
    return [(code, said_period(code)) for code in (codes if chosen.label in codes else [*codes, chosen.label])]


def _deals_address(period: Period) -> dict[str, str]:
    """Return the lists behind the columns, to be narrowed to a person or team."""
    page = reverse("selling:deals")
    due = f"outcome=open&closes_on_from={period.first}&closes_on_to={period.last}"
    found = {name: f"{page}?{due}&category={name}" for name in (*DEALS, "omitted")}
    found["closed"] = f"{page}?outcome=won&decided_at_from={period.first}&decided_at_to={period.last}"
    for name, parts in queries.CUMULATIVE.items():
        added = "".join(f"&forecast={part}" for part in parts)
        found[f"sum:{name}"] = f"{page}?forecast={period.label}{added}"
    return found
