"""The pages of thanks, badges, challenges and leaderboards."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.people.visibility import viewer
from salesmode.reviews import operations, policies
from salesmode.reviews.forms import recognition as forms
from salesmode.reviews.models import Badge, Challenge, DisplayChoice, Recognition
from salesmode.reviews.models.outcomes import is_outcome, personal_metrics
from salesmode.reviews.queries.boards import KINDS, boards_of, leaderboard
from salesmode.reviews.queries.challenge_page import challenge_page
from salesmode.reviews.queries.praise import badges_of, praise
from salesmode.selling.queries import quiet_year

PERIODS = ("this-month", "this-quarter", "this-year", "last-month", "last-quarter", "last-year")


@login_required
def leaderboards(request: HttpRequest) -> HttpResponse:
    """Show a leaderboard."""
    teams = boards_of(viewer(request))
    team = _team(teams, request.GET.get("team", _own_team(viewer(request))))
    kind = request.GET.get("by", "value")
    if kind not in KINDS:
        raise Invalid({"by": [_("Rank by value, target or improvement.")]})
    code = request.GET.get("metric", "won_amount")
    year = None if "period" in request.GET else quiet_year(localdate())
    text = request.GET.get("period", "this-quarter") if year is None else str(year)
    paired = request.GET.get("with", "")
    context: dict[str, Any] = {
        "teams": teams,
        "team": team,
        "kinds": [("value", _("Value")), ("target", _("Share of the target")), ("improvement", _("Improvement"))],
        "kind": kind,
        "metrics": personal_metrics(),
        "results": [metric for metric in personal_metrics() if is_outcome(metric)],
        "code": code,
        "paired": paired,
        "periods": [(each, _period_words()[each]) for each in PERIODS],
        "period_code": text,
        "quiet_year": year,
        "choice": DisplayChoice.objects.filter(owner=viewer(request)).first(),
        "title": _("Leaderboards"),
    }
    if text not in PERIODS:
        context["periods"].append((text, text))
    try:
        period = Period.parse(text, today=localdate())
        context["board"] = leaderboard(
            code, period, team=team, kind=kind, paired=paired, seen_by=viewer(request), today=localdate()
        )
    except Invalid as refusal:
        context["refused"] = [sentence for messages in refusal.fields.values() for sentence in messages]
    return render(request, "reviews/leaderboards.html", context, status=422 if "refused" in context else 200)


def _period_words() -> dict[str, str]:
    return {
        "this-month": _("This month"),
        "this-quarter": _("This quarter"),
        "this-year": _("This year"),
        "last-month": _("Last month"),
        "last-quarter": _("Last quarter"),
        "last-year": _("Last year"),
    }


def _own_team(person: Person) -> str:
    """Return the board to begin with: one's own team's, for those who see everybody the company's."""
    return "" if person.sees_all or person.team_id is None else str(person.team_id)


def _team(teams: list[Team], chosen: str) -> Team | None:
    if not chosen:
        return None
    for team in teams:
        if str(team.pk) == chosen:
            return team
    raise Invalid({"team": [_("There is no board of this team for you.")]})


@login_required
def choose_display(request: HttpRequest) -> HttpResponse:
    """Say what of oneself others may be shown."""
    there = DisplayChoice.objects.filter(owner=viewer(request)).first()
    initial = {"hides_rank": there.hides_rank, "hides_praise": there.hides_praise} if there else {}
    form = forms.DisplayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.choose_display(viewer(request), **form.cleaned_data, by=viewer(request), at=now())
        toast(request, _("Saved."))
        return redirect("reviews:leaderboards")
    return _form(request, {"form": form, "title": _("What others see of me")}, cancel=reverse("reviews:leaderboards"))


@login_required
def recognitions(request: HttpRequest) -> HttpResponse:
    """Show the thanks that somebody may see, and who has earned what."""
    person = viewer(request)
    context = {
        "thanks": praise(seen_by=person),
        "badges": badges_of(person),
        "may_thank": policies.may_give_recognition(person),
        "may_define": policies.may_define_badge(person),
        "title": _("Recognition"),
    }
    return render(request, "reviews/recognition.html", context)


@login_required
def all_recognitions(request: HttpRequest) -> HttpResponse:
    """List thanks, to filter and hand out."""
    return lists.show(request, "recognition")


@login_required
def thank(request: HttpRequest) -> HttpResponse:
    """Thank somebody."""
    form = forms.ThankForm(request.POST or None, by=viewer(request), initial={"owner": request.GET.get("person")})
    if carry_out(form, operations.give_recognition, by=viewer(request), at=now()) is not None:
        toast(request, _("Thanked."))
        return redirect("reviews:recognitions")
    context = {"form": form, "title": _("Thank somebody"), "submit_label": _("Thank")}
    return _form(request, context, cancel=reverse("reviews:recognitions"))


@require_POST
@login_required
def withdraw(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Take thanks back."""
    found = get_object_or_404(Recognition.objects.visible_to(viewer(request)), pk=recognition_id)
    operations.withdraw_recognition(found, by=viewer(request), at=now())
    return redirect("reviews:recognitions")


@login_required
def badges(request: HttpRequest) -> HttpResponse:
    """List the badges."""
    there = Badge.objects.order_by("-is_active", "name")
    may_define = policies.may_define_badge(viewer(request))
    context = {"badges": there, "may_define": may_define, "title": _("Badges")}
    return render(request, "reviews/badges.html", context)


@login_required
def define_badge(request: HttpRequest) -> HttpResponse:
    """Invent a badge."""
    form = forms.BadgeForm(request.POST or None)
    if carry_out(form, operations.define_badge, by=viewer(request), at=now()) is not None:
        return redirect("reviews:badges")
    return _form(request, {"form": form, "title": _("New badge")}, cancel=reverse("reviews:badges"))


@login_required
def amend_badge(request: HttpRequest, badge_id: int) -> HttpResponse:
    """Change a badge."""
    found = get_object_or_404(Badge, pk=badge_id)
    initial = {name: getattr(found, name) for name in forms.BadgeForm.base_fields}
    form = forms.BadgeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"version": version_of(request), "by": viewer(request), "at": now()}
        if carry_out(form, lambda **changes: operations.amend_badge(found, **changes), **given) is not None:
            return redirect("reviews:badges")
    context = {"form": form, "record": found, "title": found.name}
    return _form(request, context, cancel=reverse("reviews:badges"))


def _load(request: HttpRequest, challenge_id: int) -> Challenge:
    rows = Challenge.objects.visible_to(viewer(request)).select_related("owner", "badge")
    return get_object_or_404(rows, pk=challenge_id)


@login_required
def challenges(request: HttpRequest) -> HttpResponse:
    """List challenges."""
    return lists.show(request, "challenge")


@login_required
def challenge(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """Show a challenge and how it stands."""
    found = _load(request, challenge_id)
    page = challenge_page(found, seen_by=viewer(request), today=localdate())
    context = {"record": found, "page": page, "title": found.name}
    return render(request, "reviews/challenge.html", context)


@login_required
def set_up_challenge(request: HttpRequest) -> HttpResponse:
    """Set up a challenge."""
    form = forms.ChallengeForm(
        request.POST or None, by=viewer(request), initial={"period": Period.parse("this-month").label}
    )
    made = carry_out(form, operations.set_up_challenge, by=viewer(request), at=now())
    if made is not None:
        toast(request, _("The challenge is on; whoever takes part sees it."))
        return redirect("reviews:challenge", made.pk)
    context = {"form": form, "title": _("New challenge"), "submit_label": _("Set it up")}
    return _form(request, context, cancel=reverse("reviews:challenges"))


@require_POST
@login_required
def cancel_challenge(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """Call a challenge off."""
    found = _load(request, challenge_id)
    operations.cancel_challenge(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("The challenge is called off."))
    return redirect("reviews:challenge", found.pk)


def _form(request: HttpRequest, context: dict[str, Any], *, cancel: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/form.html", {"cancel_url": cancel, **context}, status=status)
