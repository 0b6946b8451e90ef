"""The pages about people and teams, for those who administer and lead."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, public_address
from salesmode.people import operations, policies, queries
from salesmode.people.forms import (
    DeactivateForm,
    HandOverForm,
    InviteForm,
    JoinForm,
    PersonForm,
    ProfileForm,
    TeamForm,
    TokenForm,
)
from salesmode.people.models import ApiToken, Invitation, Person, Team


def _page_of(person: Person) -> str:
    return reverse("people:person", args=[person.pk])


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Show who works here, and who was asked to join."""
    may_invite = policies.may_invite_person(request.user)
    invitations = queries.standing_invitations(at=now()) if may_invite else []
    extra = {"may_invite": may_invite, "invitations": invitations}
    return lists.show(request, "person", template="people/people.html", extra=extra)


@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person: role, team, what they own, and what may be done about it."""
    shown = get_object_or_404(Person.objects.people().select_related("team", "team__lead"), pk=person_id)
    may_hand_over = policies.may_hand_over_everything(request.user, shown)
    context = {
        "person": shown,
        "belongings": queries.what_they_own(shown) if may_hand_over else None,
        "may_amend": policies.may_amend_person(request.user, shown),
        "may_deactivate": policies.may_deactivate_person(request.user, shown),
        "may_reactivate": policies.may_reactivate_person(request.user, shown),
        "may_hand_over": may_hand_over,
        "may_send_link": policies.may_issue_password_link(request.user, shown),
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "POST"])
def amend_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change somebody's role, team or details."""
    shown = get_object_or_404(Person.objects.people(), pk=person_id)
    fields = ("name", "email", "role", "team", "title", "phone", "started_on", "version")
    form = PersonForm(request.POST or None, initial={field: getattr(shown, field) for field in fields})
    if request.method == "POST" and carry_out(
        form, lambda **changes: operations.amend_person(shown, **changes, by=request.user, at=now())
    ):
        messages.success(request, _("Saved. It counts from their next click on."))
        return redirect("people:person", person_id)
    status = 422 if form.is_bound else 200
    return render(
        request,
        "people/amend_person.html",
        {"person": shown, "form": form, "cancel_url": _page_of(shown)},
        status=status,
    )


@require_http_methods(["GET", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    """Ask somebody to join; the link is shown once, and mailed if this installation can."""
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        made = carry_out(form, operations.invite_person, by=request.user, at=now())
        if made is not None:
            invitation, secret = made
            link = public_address(request, reverse("people:accept_invitation", args=[secret]))
            get_adapter(request).send_invitation(invitation, link)
            return render(request, "people/invited.html", {"invitation": invitation, "link": link})
    context = {"form": form, "cancel_url": reverse("people:people"), "submit_label": _("Invite")}
    return render(request, "people/invite_person.html", context, status=422 if form.is_bound else 200)


@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an offer to join back."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    operations.withdraw_invitation(invitation, by=request.user, at=now())
    messages.success(request, _("The invitation no longer works."))
    return redirect("people:people")


@require_http_methods(["GET", "POST"])
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Close the door to somebody who leaves, and hand over what they own."""
    shown = get_object_or_404(Person.objects.people(), pk=person_id)
    form = DeactivateForm(request.POST or None, giver=shown)
    if request.method == "POST" and carry_out(
        form, lambda to: operations.deactivate_person(shown, hand_over_to=to, by=request.user, at=now())
    ):
        messages.success(request, _("%(name)s can no longer sign in.") % {"name": shown.name})
        return redirect("people:person", person_id)
    context = {
        "person": shown,
        "form": form,
        "belongings": queries.what_they_own(shown),
        "cancel_url": _page_of(shown),
        "submit_label": _("Deactivate"),
        "submit_class": "btn-danger",
    }
    return render(request, "people/deactivate_person.html", context, status=422 if form.is_bound else 200)


@require_POST
def reactivate_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody back in."""
    shown = get_object_or_404(Person.objects.people(), pk=person_id)
    operations.reactivate_person(shown, by=request.user, at=now())
    messages.success(request, _("%(name)s may sign in again.") % {"name": shown.name})
    return redirect("people:person", person_id)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give everything somebody owns to a colleague."""
    shown = get_object_or_404(Person.objects.people(), pk=person_id)
    form = HandOverForm(request.POST or None, giver=shown)
    if request.method == "POST":
        counts = carry_out(form, lambda to: operations.hand_over_everything(shown, to=to, by=request.user, at=now()))
        if counts is not None:
            messages.success(request, _("%(count)s records went over.") % {"count": sum(counts.values())})
            return redirect("people:person", person_id)
    context = {
        "person": shown,
        "form": form,
        "belongings": queries.what_they_own(shown),
        "cancel_url": _page_of(shown),
        "submit_label": _("Hand over"),
    }
    return render(request, "people/hand_over.html", context, status=422 if form.is_bound else 200)


@require_POST
def issue_password_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a link with which somebody chooses a new password, and show it once."""
    shown = get_object_or_404(Person.objects.people(), pk=person_id)
    path = operations.issue_password_link(shown, by=request.user, at=now())
    return render(request, "people/password_link.html", {"person": shown, "link": public_address(request, path)})


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Show the company as a tree of teams."""
    context = {
        "branches": queries.team_tree(seen_by=request.user),
        "may_create": policies.may_create_team(request.user),
    }
    return render(request, "people/teams.html", context)


@require_http_methods(["GET", "POST"])
def create_team(request: HttpRequest) -> HttpResponse:
    """Found a team."""
    form = TeamForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST":

        def found(version: int | None, **answers: object) -> Team:
            return operations.create_team(**answers, by=request.user, at=now())  # type: ignore[arg-type]

        if carry_out(form, found):
            return redirect("people:teams")
    context = {"form": form, "cancel_url": reverse("people:teams")}
    return render(request, "people/team.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def amend_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename or move a team, or give it another lead."""
    team = get_object_or_404(Team, pk=team_id)
    fields = ("name", "parent", "lead", "version")
    form = TeamForm(request.POST or None, initial={field: getattr(team, field) for field in fields}, team=team)
    if request.method == "POST" and carry_out(
        form, lambda **changes: operations.amend_team(team, **changes, by=request.user, at=now())
    ):
        messages.success(request, _("Saved. Who sees what has been worked out again."))
        return redirect("people:teams")
    context = {"form": form, "team": team, "cancel_url": reverse("people:teams")}
    return render(request, "people/team.html", context, status=422 if form.is_bound else 200)


@require_GET
def permissions(request: HttpRequest) -> HttpResponse:
    """Show who may do what to whose records, as the one file has it."""
    role, app = request.GET.get("role", ""), request.GET.get("app", "")
    roles, groups = queries.permission_rules(role=role, app=app)
    labels = dict(Person.Role.choices)
    context = {
        "roles": [(each, labels[each]) for each in roles],
        "all_roles": [(value, label) for value, label in Person.Role.choices if value != Person.Role.SYSTEM],
        "groups": groups,
        "apps": queries.permission_apps(),
        "chosen_role": role,
        "chosen_app": app,
        "labels": queries.class_labels(),
    }
    return render(request, "people/permissions.html", context)


@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Join: the invitation says as whom, the person chooses a password."""
    invitation = queries.invitation_behind(secret, at=now())
    form = JoinForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method == "POST":
        joined = carry_out(form, operations.accept_invitation, secret=secret, by=Person.objects.system(), at=now())
        if joined is not None:
            messages.success(request, _("Welcome! Sign in with your new password."))
            return redirect("account_login")
    context = {"invitation": invitation, "form": form}
    return render(request, "people/join.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's own name, phone, language and appearance."""
    fields = ("name", "title", "phone", "language", "theme")
    form = ProfileForm(request.POST or None, initial={field: getattr(request.user, field) for field in fields})
    if request.method == "POST" and carry_out(
        form, lambda **changes: operations.change_own_profile(request.user, **changes, by=request.user, at=now())
    ):
        messages.success(request, _("Saved."))
        return redirect("people:profile")
    return render(request, "people/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, and the ways to sign in."""
    context = {
        "sessions": queries.sessions_of(request.user),
        "current": request.session.session_key,
        "has_password": request.user.has_usable_password(),
        "factors": queries.second_factors_of(request.user),
    }
    return render(request, "people/security.html", context)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one's sessions on other devices, or one of them."""
    only = queries.session_key_of(request.user, request.POST.get("session"))
    keep = request.session.session_key or ""
    operations.end_other_sessions(request.user, keep=keep, only=only, by=request.user, at=now())
    request.session[HASH_SESSION_KEY] = request.user.get_session_auth_hash()
    messages.success(request, _("Ended. Those devices have to sign in again."))
    return redirect("people:security")


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own keys for programs."""
    return render(request, "people/tokens.html", {"tokens": queries.tokens_of(request.user), "at": now()})


@require_http_methods(["GET", "POST"])
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a key for a program; its secret is shown once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST":
        made = carry_out(
            form, lambda **answers: operations.create_token(request.user, **answers, by=request.user, at=now())
        )
        if made is not None:
            return render(request, "people/token_created.html", {"token": made[0], "secret": made[1]})
    context = {"form": form, "cancel_url": reverse("people:tokens"), "submit_label": _("Make the key")}
    return render(request, "people/create_token.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Close a key for good."""
    token = get_object_or_404(ApiToken.objects.select_related("person").filter(person=request.user), pk=token_id)
    operations.revoke_token(token, by=request.user, at=now())
    messages.success(request, _("The key no longer opens anything."))
    return redirect("people:tokens")
