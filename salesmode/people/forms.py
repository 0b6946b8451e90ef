"""What people type about people."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.internal import flows
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from salesmode.people.models import ApiToken, Person, Team

ROLES = [(value, label) for value, label in Person.Role.choices if value != Person.Role.SYSTEM]
THEMES = [("auto", gettext_lazy("As the device")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))]


def _languages(first: str) -> list[tuple[str, str]]:
    return [("", first), ("zh-hans", "简体中文"), ("en", "English")]


class AskForPasswordLink(ResetPasswordForm):
    """Ask for a link to choose a new password: the answer is the same, and as quick, for everybody."""

    def clean_email(self) -> str:
        """Look nobody up yet: how long that takes would tell who works here."""
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link in the background, if there is anybody to send it to."""
        email = self.cleaned_data["email"]
        tokens = kwargs.get("token_generator", default_token_generator)
        language = get_language()

        def send() -> None:
            with context.request_context(request), translation.override(language):
                people = filter_users_by_email(email, is_active=True, for_login=True)
                flows.password_reset.request_password_reset(request, email, people, tokens)

        get_adapter(request).in_background(send)
        return email


class InviteForm(forms.Form):
    """Whom to ask to join, as what."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, initial=Person.Role.SELLER)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False, empty_label=gettext_lazy("No team")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")
        self.fields["language"].choices = _languages(_("The company's language"))


class PersonForm(forms.Form):
    """What an administrator changes about somebody."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("They sign in with it. Links for new passwords go there."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=ROLES,
        help_text=gettext_lazy("What they may see and do changes with their next click."),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("No team"),
        help_text=gettext_lazy("Who leads the team, or one above it, sees what they own."),
    )
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    started_on = forms.DateField(
        label=gettext_lazy("Started on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")


class HandOverForm(forms.Form):
    """Who takes over what somebody owns."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Hand everything over to"),
        queryset=Person.objects.none(),
        empty_label=gettext_lazy("Choose a colleague"),
    )

    def __init__(self, *args: Any, giver: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Person.objects.active().exclude(pk=giver.pk).order_by("name", "id")


class DeactivateForm(HandOverForm):
    """Close the door to somebody, and say who takes over, if anybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].required = False
        self.fields["to"].empty_label = _("Nobody yet: it stays with them")


class JoinForm(forms.Form):
    """What somebody who was invited says to join."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 15 characters. A few words that do not belong together are easy to remember."),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Judge the password beside the name and address it belongs to."""
        if "password" in self.cleaned_data:
            person = Person(name=self.cleaned_data.get("name", ""), email=self.email)
            try:
                password_validation.validate_password(self.cleaned_data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class TeamForm(forms.Form):
    """A team: its name, where it belongs and who leads it."""

    name = forms.CharField(label=gettext_lazy("Team"), max_length=120)
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Part of"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("The company itself"),
    )
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Lead"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("In the role of sales manager they see what this team and the teams below own."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.order_by("name", "id")
        self.fields["parent"].queryset = teams.exclude(pk=team.pk) if team else teams
        self.fields["lead"].queryset = Person.objects.active().order_by("name", "id")


class ProfileForm(forms.Form):
    """What people change about themselves."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Appearance"), choices=THEMES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = _languages(_("As the browser asks for"))


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"), max_length=120, help_text=gettext_lazy("For example: nightly report")
    )
    scope = forms.ChoiceField(label=gettext_lazy("It may"), choices=ApiToken.Scope.choices)
    days = forms.IntegerField(
        label=gettext_lazy("Days until it runs out"),
        min_value=1,
        max_value=ApiToken.LONGEST_DAYS,
        initial=ApiToken.USUAL_DAYS,
    )
