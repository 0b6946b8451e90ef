"""The web door of pipeline reviews and one-to-ones."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.models import Person
from salesmode.people.visibility import viewer
from salesmode.reviews import operations, policies, queries
from salesmode.reviews.forms import ActionForm, DecisionForm, MeetingForm, NotesForm
from salesmode.reviews.models import Action, Meeting
from salesmode.selling.models import Deal


@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    """List meetings, with how many were held."""
    kept = queries.meetings_kept(seen_by=viewer(request), today=localdate())
    return lists.show(request, "meeting", template="reviews/meetings.html", extra={"kept": kept})


@require_http_methods(["GET", "POST"])
@login_required
def plan_meeting(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    person = viewer(request)
    people = queries.people_below(person)
    form = MeetingForm(request.POST or None, people=[*people, person], initial={"planned_on": localdate()})
    made = carry_out(form, operations.plan_meeting, by=person, at=now())
    if made is not None:
        toast(request, _("The meeting is planned."))
        return redirect("reviews:meeting", made.pk)
    context = {"form": form, "title": _("Plan a meeting"), "cancel_url": reverse("reviews:meetings")}
    return render(request, "reviews/rhythm_form.html", context, status=422 if form.is_bound else 200)


def _load(request: HttpRequest, meeting_id: int) -> Meeting:
    rows = Meeting.objects.visible_to(request.user).select_related("owner", "person", "team", "deal")
    return get_object_or_404(rows, pk=meeting_id)


def _people(found: Meeting, person: Person) -> list[Person]:
    around = [found.owner, person, *([found.person] if found.person else []), *queries.people_below(person)]
    return list(dict.fromkeys(around))


@require_GET
@login_required
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show a meeting with what it is about, filled from the records."""
    found, person, today = _load(request, meeting_id), viewer(request), localdate()
    one_to_one = found.type == Meeting.Kind.ONE_TO_ONE
    most = queries.ON_THE_TABLE // 6 if one_to_one else queries.ON_THE_TABLE
    table = queries.deals_at_risk(found, seen_by=person, most=most)
    own = Deal.objects.visible_to(person).open().filter(owner=found.person) if one_to_one else Deal.objects.none()
    may_lead = policies.may_lead_meeting(person, found)
    context = {
        "record": found,
        "tone": found.tone,
        "one_to_one": one_to_one,
        "table": table,
        "scope": f"person:{found.person_id}" if one_to_one else f"team:{found.team_id}",
        "before": queries.actions_before(found),
        "actions": found.actions.select_related("owner").order_by("due_on", "id"),  # type: ignore[attr-defined]
        "gaps": queries.gaps_of(found.person, today=today) if found.person else [],
        "scores": queries.scores_of(found.person, today=today) if found.person else [],
        "may_lead": may_lead,
        "today": today,
        "decision": DecisionForm(),
        "action_form": ActionForm(people=_people(found, person), initial=_first_action(found)),
        "notes": NotesForm(
            deals=own.order_by("title", "id"),
            with_deal=one_to_one,
            initial={"deal": found.deal, "skill": found.skill, "notes": found.notes},
        ),
        "spoken": queries.spoken_about(found.deal) if found.deal else None,
    }
    return render(request, "reviews/meeting.html", context)


def _first_action(found: Meeting) -> dict[str, Any]:
    return {"owner": found.person or found.owner, "due_on": localdate() + timedelta(days=7)}


def _back(found: Meeting) -> HttpResponse:
    return redirect("reviews:meeting", found.pk)


@require_POST
@login_required
def amend_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take notes."""
    found, person = _load(request, meeting_id), viewer(request)
    one_to_one = found.type == Meeting.Kind.ONE_TO_ONE
    form = NotesForm(request.POST, deals=Deal.objects.visible_to(person), with_deal=one_to_one)
    given: dict[str, Any] = {"by": person, "at": now(), "version": version_of(request)}
    if carry_out(form, lambda **fields: operations.amend_meeting(found, **fields, **given)) is not None:
        toast(request, _("The notes are kept."))
        return _back(found)
    context = {"form": form, "title": _("Notes"), "cancel_url": reverse("reviews:meeting", args=[found.pk])}
    return render(request, "reviews/rhythm_form.html", context, status=422)


@require_POST
@login_required
def hold_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say that a meeting was held."""
    found = _load(request, meeting_id)
    operations.hold_meeting(found, by=viewer(request), at=now(), version=version_of(request))
    toast(request, _("The meeting was held."))
    return _back(found)


@require_POST
@login_required
def miss_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say that a meeting was not held."""
    found = _load(request, meeting_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    operations.miss_meeting(found, reason=reason, by=viewer(request), at=now(), version=version_of(request))
    toast(request, _("The meeting was not held."))
    return _back(found)


@require_POST
@login_required
def decide_deal(request: HttpRequest, meeting_id: int, deal_id: int) -> HttpResponse:
    """Decide what to do about a deal."""
    found, person = _load(request, meeting_id), viewer(request)
    deal = get_object_or_404(Deal.objects.visible_to(person), pk=deal_id)
    form = DecisionForm(request.POST)
    given: dict[str, Any] = {"deal": deal, "by": person, "at": now()}
    if carry_out(form, lambda **said: operations.decide_deal_in_meeting(found, **said, **given)) is None:
        context = {"form": form, "title": deal.title, "cancel_url": reverse("reviews:meeting", args=[found.pk])}
        return render(request, "reviews/rhythm_form.html", context, status=422)
    toast(request, _("Decided: %(deal)s") % {"deal": deal.title})
    return _back(found)


@require_POST
@login_required
def agree_action(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Agree that somebody does something by a day."""
    found, person = _load(request, meeting_id), viewer(request)
    form = ActionForm(request.POST, people=_people(found, person))
    given: dict[str, Any] = {"by": person, "at": now()}
    if carry_out(form, lambda **fields: operations.agree_action(found, **fields, **given)) is None:
        context = {"form": form, "title": _("Action"), "cancel_url": reverse("reviews:meeting", args=[found.pk])}
        return render(request, "reviews/rhythm_form.html", context, status=422)
    toast(request, _("Agreed: it waits on Today until it is done."))
    return _back(found)


def _action(request: HttpRequest, action_id: int) -> Action:
    rows = Action.objects.visible_to(request.user).select_related("owner", "meeting__owner", "meeting__person")
    return get_object_or_404(rows, pk=action_id)


@require_POST
@login_required
def finish_action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Say that an action is done."""
    action = _action(request, action_id)
    operations.finish_action(action, by=viewer(request), at=now())
    toast(request, _("Done: %(action)s") % {"action": action.text})
    return _whence(request, action)


@require_POST
@login_required
def drop_action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Say that an action is not needed any more."""
    action = _action(request, action_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    operations.drop_action(action, reason=reason, by=viewer(request), at=now())
    toast(request, _("Dropped: %(action)s") % {"action": action.text})
    return _whence(request, action)


def _whence(request: HttpRequest, action: Action) -> HttpResponse:
    """Return to the meeting in which the button was pressed, or to Today."""
    here = Meeting.objects.visible_to(request.user).filter(pk=_key(request.POST.get("meeting"))).first()
    return redirect("reviews:meeting", here.pk) if here else redirect("/")


def _key(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 18 else None
