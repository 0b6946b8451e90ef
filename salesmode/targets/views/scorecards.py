"""The pages of scorecards: how they are designed, where they hold, and how people score."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.people.visibility import seen_owner_ids, viewer
from salesmode.selling.queries import last_busy_day
from salesmode.targets import operations, policies, queries
from salesmode.targets.forms.scorecards import BenchmarkForm, ScorecardForm, StopForm, UseForm, initial_lines
from salesmode.targets.models import Absence, Scorecard
from salesmode.targets.queries import designs

TREND = 5
EARLIEST = date(1990, 1, 1)


def _load(request: HttpRequest, scorecard_id: int) -> Scorecard:
    return get_object_or_404(Scorecard.objects.visible_to(viewer(request)).select_related("owner"), pk=scorecard_id)


def _team(request: HttpRequest) -> Team | None:
    key = request.GET.get("team", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return get_object_or_404(Team.objects.select_related("lead"), pk=int(key))


def _day(request: HttpRequest) -> date:
    """Return the day whose week and month are looked at: the address says, else the last with figures; none to come."""
    today = localdate()
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return last_busy_day(today)
    return min(max(day, EARLIEST), today)


def _usual_start() -> date:
    """Return from when a scorecard is usually used: today, or where figures are old, when their year began."""
    today = localdate()
    day = last_busy_day(today)
    return today if day == today else Period.containing(day, "fiscal_year").first


@require_GET
@login_required
def scores(request: HttpRequest) -> HttpResponse:
    """Show how everybody scores whose numbers the viewer sees, and how that went over the last periods."""
    person, team, day = viewer(request), _team(request), _day(request)
    kind = "activity" if request.GET.get("score") == "activity" else "objective"
    found = queries.scores(designs.measured_people(person, team), day=day, trend=TREND)
    context = {
        "kind": kind,
        "course": designs.course_of(found, kind),
        "team": team,
        "day": day,
        "is_today": day == localdate(),
        "is_old": not request.GET.get("on") and day != localdate(),
        "teams": designs.teams_seen(person),
        "may_design": policies.may_define_scorecard(person),
    }
    return render(request, "targets/scores.html", context)


@require_GET
@login_required
def score(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person's scorecard, every point explained."""
    person = viewer(request)
    owners = seen_owner_ids(person)
    found = get_object_or_404(Person.objects.people().select_related("team"), pk=person_id)
    if owners is not None and found.pk not in owners:
        raise Http404
    day = _day(request)
    scored = queries.scores([found], day=day, trend=TREND)
    context = {
        "day": day,
        "is_today": day == localdate(),
        "is_old": not request.GET.get("on") and day != localdate(),
        "found": found,
        "one": scored[0] if scored else None,
        "absences": Absence.objects.visible_to(person).filter(owner=found).order_by("-first_on")[:5],
        "may_note": policies.may_note_absence(person, found),
    }
    return render(request, "targets/score.html", context)


@require_GET
@login_required
def scorecards(request: HttpRequest) -> HttpResponse:
    """List the scorecards."""
    return lists.show(request, "scorecard")


def _show(request: HttpRequest, card: Scorecard, status: int = 200, **bound: Any) -> HttpResponse:
    person = viewer(request)
    may_use = policies.may_define_scorecard(person)
    context = {
        "record": card,
        "title": card.name,
        "design": designs.design_of(card, seen_by=person),
        "far_below": designs.far_below(card, seen_by=person, today=localdate()) if may_use else {},
        "today": localdate(),
        "may_use": may_use,
        "may_amend": policies.may_amend_scorecard(person, card),
        "use_form": UseForm(by=person, initial={"starts_on": _usual_start()}) if may_use else None,
        "benchmark_form": BenchmarkForm(card=card, by=person) if may_use else None,
    }
    return render(request, "targets/scorecard.html", context | bound, status=status)


@require_GET
@login_required
def scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Show what a scorecard counts, where it holds, and who is measured against other benchmarks."""
    return _show(request, _load(request, scorecard_id))


@require_http_methods(["GET", "POST"])
@login_required
def define_scorecard(request: HttpRequest) -> HttpResponse:
    """Design a scorecard; `?from=7` begins with a copy of one, to become its next version."""
    person, initial, lines = viewer(request), {}, None
    former = request.GET.get("from", "")
    if former.isascii() and former.isdigit() and len(former) < 19:
        card = _load(request, int(former))
        initial, lines = _as_it_is(card) | {"name": designs.next_name(card)}, _lines_of(card)
    form = ScorecardForm(request.POST or None, by=person, initial=initial, lines=lines)
    if "propose" in request.POST:
        return _ask(request, _with_proposals(request, form), _("New scorecard"), reverse("targets:scorecards"))
    act = _placing(form, operations.define_scorecard)
    if form.is_bound and (made := carry_out(form, act, by=person, at=now())) is not None:
        toast(request, _("The scorecard is designed. It holds once it is put in use."))
        return redirect("targets:scorecard", made.pk)
    return _ask(request, form, _("New scorecard"), reverse("targets:scorecards"))


@require_http_methods(["GET", "POST"])
@login_required
def amend_scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Change a scorecard; once it was in use only its name and description."""
    card, person = _load(request, scorecard_id), viewer(request)
    back = reverse("targets:scorecard", args=[card.pk])
    form = ScorecardForm(request.POST or None, by=person, initial=_as_it_is(card), lines=_lines_of(card))
    if "propose" in request.POST:
        return _ask(request, _with_proposals(request, form), card.name, back, card)
    act = _placing(form, partial(operations.amend_scorecard, card))
    sent = {"version": version_of(request), "by": person, "at": now()}
    if form.is_bound and carry_out(form, act, **sent) is not None:
        return redirect("targets:scorecard", card.pk)
    return _ask(request, form, card.name, back, card)


def _as_it_is(card: Scorecard) -> dict[str, Any]:
    return {"name": card.name, "description": card.description, "ramp": " ".join(map(str, card.ramp))}


def _lines_of(card: Scorecard) -> dict[str, Any]:
    return initial_lines([line.draft() for line in card.lines.order_by("position", "pk")])


def _with_proposals(request: HttpRequest, form: ScorecardForm) -> ScorecardForm:
    """Return the form with what one in five reached beside each line."""
    try:
        among = form.fields["among"].clean(form["among"].value())
    except ValidationError:
        return form
    people = designs.people_to_propose_from(viewer(request), among)
    found = queries.proposed_benchmarks(form.chosen, people, today=last_busy_day(localdate()))
    return form.with_proposals(found, request.POST["propose"])


def _placing(form: ScorecardForm, act: Callable[..., Any]) -> Callable[..., Any]:
    """Return an act whose refusal comes to stand at the lines it is about."""

    def carry(**given: Any) -> Any:
        try:
            return act(**given)
        except Invalid as refusal:
            form.place(refusal)
            raise

    return carry


def _ask(request: HttpRequest, form: Any, title: str, back: str, record: Scorecard | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": back, "record": record}
    return render(request, "targets/scorecard_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def use_scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Put a scorecard in use for a team or the company from a day on."""
    card, person = _load(request, scorecard_id), viewer(request)
    form = UseForm(request.POST, by=person)
    if carry_out(form, partial(operations.use_scorecard, card), by=person, at=now()) is None:
        return _show(request, card, 422, use_form=form)
    toast(request, _("%(card)s is in use.") % {"card": card.name})
    return redirect("targets:scorecard", card.pk)


@require_POST
@login_required
def stop_scorecard(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Take a scorecard out of use for a team or the company, today or from a later day on."""
    card, person = _load(request, scorecard_id), viewer(request)
    form = StopForm(request.POST)
    if carry_out(form, operations.stop_scorecard, by=person, at=now()) is None and not form.is_valid():
        return _show(request, card, 422, stop_form=form)
    toast(request, _("%(card)s is out of use there.") % {"card": card.name})
    return redirect("targets:scorecard", card.pk)


@require_POST
@login_required
def set_benchmark(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Measure a team or a person against another benchmark."""
    card, person = _load(request, scorecard_id), viewer(request)
    form = BenchmarkForm(request.POST, card=card, by=person)
    done = carry_out(form, lambda **given: operations.set_benchmark(**given) or True, by=person, at=now())
    if done is None:
        return _show(request, card, 422, benchmark_form=form)
    toast(request, _("The benchmark holds."))
    return redirect("targets:scorecard", card.pk)
