"""Sign-in rules that the library asks us for."""

import logging
import re
import threading
from collections.abc import Callable
from functools import cache
from gzip import open as open_gzip
from pathlib import Path
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from salesmode.kernel import live
from salesmode.kernel.pages import public_address
from salesmode.people import operations
from salesmode.people.models import Invitation, Person

log = logging.getLogger(__name__)

# Another rule speaks about these.
TOO_SHORT = 15


def in_background(work: Callable[[], None]) -> None:
    """Do something that may take long or fail without making anyone wait: how long it takes tells nothing then."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threading.Thread(target=run, daemon=True).start()


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves: people join by invitation."""

    in_background = staticmethod(in_background)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no to strangers."""
        return False

    def set_password(self, user: Person, password: str) -> None:
        """Change the password through our own verb, so that it leaves an event."""
        operations.change_password(user, password=password, by=user, at=now())

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Note the sign-in for the audit log."""
        operations.note_sign_in(user, by=user, at=now())
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        """End the session, and with it the live channel of the pages that are still open."""
        person_id = request.user.pk
        super().logout(request)
        if person_id is not None:
            live.look_again(person_id)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what matters; that somebody is signed in they can see."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def format_email_subject(self, subject: str) -> str:
        """Say only what the mail is about: the host that a request claims stands in no mail."""
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Name our own host in the link, whatever the request claimed."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return public_address(self.request, path.replace("UID-KEY", key))

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Write to the address that we know, never to the one that was typed, in the person's language."""
        with translation.override(user.language or get_language()):
            super().send_password_reset_mail(user, user.email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail if this installation can; a mail server that is away stops nobody's work."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.warning("mail_not_sent", extra={"template": template_prefix})

    def send_invitation(self, invitation: Invitation, link: str) -> None:
        """Mail somebody the link with which they join."""
        with translation.override(invitation.language or get_language()):
            words = {"invitation": invitation, "link": link}
            message = self.render_mail("people/mail/invitation", invitation.email, words)

        def send() -> None:
            try:
                message.send()
            except OSError:
                log.warning("mail_not_sent", extra={"template": "people/mail/invitation"})

        self.in_background(send)


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """Single sign-on lets in who works here already; it makes no new people."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no to strangers."""
        return False


class LongEnough(password_validation.MinimumLengthValidator):
    """Refuse short pass phrases, with a sentence in the reader's language."""

    def get_error_message(self) -> str:
        """Say how long a password is at least."""
        return _("This password is too short: it needs at least %(count)s characters.") % {"count": self.min_length}


class NotEasilyGuessed:
    """Refuse pass phrases that are long but obvious: a common word and digits, one character, a row of keys."""

    ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789" * 4, "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that a guesser tries early."""
        if len(password) < TOO_SHORT:
            return
        plain = password.lower()
        core = re.sub(r"[\W\d_]+", "", plain)
        obvious = (
            len(set(plain)) < 6
            or core in common_words()
            or _repeats(plain)
            or any(plain in row * 2 or plain in (row * 2)[::-1] for row in self.ROWS)
            or (_repeats(core) and core[: _period(core)] in common_words())
        )
        if obvious:
            raise ValidationError(self.get_help_text(), code="password_easily_guessed")

    def get_help_text(self) -> str:
        """Say what to do instead."""
        return _("A few words that do not belong together make a good pass phrase; this one would be guessed quickly.")


@cache
def common_words() -> frozenset[str]:
    """Return the passwords that guessers try first, as shipped with the framework."""
    file = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with open_gzip(file, "rt", encoding="utf-8") as lines:
        return frozenset(re.sub(r"[\W\d_]+", "", line.strip().lower()) for line in lines) - {""}


def _period(text: str) -> int:
    return (text + text).find(text, 1)


def _repeats(text: str) -> bool:
    """Say whether a short piece is simply repeated."""
    return 0 < _period(text) < len(text) and _period(text) <= 8
