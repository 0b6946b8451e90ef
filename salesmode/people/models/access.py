"""How people get in besides a password: invitations and tokens."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Invalid, Refusal

INVITATION_STANDS = timedelta(days=7)


def new_secret(prefix: str) -> str:
    """Return a secret of 256 random bits that can be recognised in a leak by its prefix."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def plain_address(text: str) -> str:
    """Return an e-mail address as it is kept; raises Invalid for what is none, or could be taken for another one."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid({"email": list(error.messages)}) from None
    if not address.isascii():
        raise Invalid({"email": [_("Write the address in plain Latin letters: others can look alike.")]})
    return address


def fingerprint(secret: str) -> str:
    """Return what is kept of a secret: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(secret.encode()).hexdigest()


class InvitationOver(Refusal):
    """The offer was used, withdrawn, has run out, or never was: all look alike to a stranger."""

    def __init__(self) -> None:
        super().__init__(_("This invitation is no longer valid. Ask your administrator for a new one."))


class InvitationQuerySet(RecordQuerySet):
    """Words for sets of invitations."""

    def standing(self, *, at: datetime) -> Self:
        """Return the invitations that can still be followed."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(Record):
    """An offer to join, for one e-mail address and one role, until a date; usable once."""

    email = models.EmailField(gettext_lazy("E-mail"))
    name = models.CharField(gettext_lazy("Name"), max_length=120)
    role = models.CharField(gettext_lazy("Role"), max_length=20)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(gettext_lazy("Language"), max_length=10, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_standing_invitation_for_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def stands(self, *, at: datetime) -> bool:
        """Say whether this can still be followed."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at

    def mark_accepted(self, *, at: datetime) -> None:
        """Use the invitation up; raises InvitationOver when it no longer stands."""
        if not self.stands(at=at):
            raise InvitationOver
        self.accepted_at = at

    def mark_withdrawn(self, *, at: datetime) -> None:
        """Take the offer back; raises InvitationOver when somebody has joined with it."""
        if self.accepted_at is not None:
            raise InvitationOver
        self.withdrawn_at = self.withdrawn_at or at


class ApiTokenQuerySet(RecordQuerySet):
    """Words for sets of tokens."""

    def working(self, *, at: datetime) -> Self:
        """Return the tokens that open something at this moment."""
        return self.filter(revoked_at=None, expires_at__gt=at, person__is_active=True)


class ApiToken(Record):
    """A named key for a program that acts as a person, within a scope, until a date; only its hash is kept."""

    class Scope(models.TextChoices):
        """How far a token reaches."""

        READ = "read", gettext_lazy("Read")
        WRITE = "write", gettext_lazy("Read and write")

    PREFIX = "sm"
    LONGEST_DAYS = 365
    USUAL_DAYS = 90

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(gettext_lazy("Name"), max_length=120)
    scope = models.CharField(gettext_lazy("Scope"), max_length=10, choices=Scope.choices, default=Scope.READ)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    expires_at = models.DateTimeField(gettext_lazy("Expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def may_write(self) -> bool:
        """Whether the program may change things."""
        return self.scope == self.Scope.WRITE

    def works(self, *, at: datetime) -> bool:
        """Say whether this opens anything at this moment."""
        return self.revoked_at is None and at < self.expires_at

    def mark_revoked(self, *, at: datetime) -> None:
        """Close what this key opened, for good."""
        self.revoked_at = self.revoked_at or at

    def mark_used(self, *, on: date) -> None:
        """Remember the last day of use."""
        self.last_used_on = on
