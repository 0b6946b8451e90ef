"""How people get in besides a password: invitations and tokens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record, RecordQuerySet


class Invitation(Record):
    """An offer to join, for one e-mail address and one role, until a date; usable once."""

    email = models.EmailField(_("E-mail"))
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()


class ApiToken(Record):
    """A named key for a program that acts as a person, within a scope, until a date; only its hash is kept."""

    class Scope(models.TextChoices):
        """How far a token reaches."""

        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=120)
    scope = models.CharField(_("Scope"), max_length=10, choices=Scope.choices, default=Scope.READ)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    expires_at = models.DateTimeField(_("Expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()
