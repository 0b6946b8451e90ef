"""People: who works here, in which role, in whose team, and whose records they may see."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Company, Record, RecordQuerySet


class PersonQuerySet(RecordQuerySet):
    """Words for sets of people."""

    def active(self) -> "PersonQuerySet":
        """Return the people who may sign in."""
        return self.filter(is_active=True).exclude(role=Person.Role.SYSTEM)

    def administrators(self) -> "PersonQuerySet":
        """Return the people who may let others in."""
        return self.active().filter(role=Person.Role.OPERATIONS)

    def visible_to(self, person: Any) -> "PersonQuerySet":
        """Return the people somebody may know of: all who work here know of each other."""
        return self.people() if getattr(person, "is_active", False) else self.none()

    def people(self) -> "PersonQuerySet":
        """Return everyone but the system itself."""
        return self.exclude(role=Person.Role.SYSTEM)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """How sign-in and background work find people."""

    def get_by_natural_key(self, username: str) -> "Person":
        """Find a person by e-mail, however it is capitalised."""
        return self.get(email__iexact=username)

    def system(self) -> "Person":
        """Return the system itself: a person too, so that nobody is ever nobody."""
        return self.get(role=Person.Role.SYSTEM)


class Person(AbstractBaseUser, Record):
    """Someone who works here and signs in; also the system itself."""

    class Role(models.TextChoices):
        """What somebody's work is; permissions.toml says what each may do."""

        SELLER = "seller", _("Seller")
        MANAGER = "manager", _("Sales manager")
        DIRECTOR = "director", _("Sales director")
        OPERATIONS = "operations", _("Operations (administrator)")
        MARKETING = "marketing", _("Marketing")
        SERVICE = "service", _("Service")
        TRAINER = "trainer", _("Trainer")
        FINANCE = "finance", _("Finance")
        AUDITOR = "auditor", _("Auditor")
        SYSTEM = "system", _("System")

    # These roles look at the whole company; everyone else looks through PersonScope.
    SEE_ALL: ClassVar[frozenset[str]] = frozenset(
        {"director", "operations", "finance", "auditor", "system", "marketing", "service"}
    )

    email = models.EmailField(_("E-mail"), max_length=254)
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.SELLER)
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("Team")
    )
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    title = models.CharField(_("Job title"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    theme = models.CharField(_("Appearance"), max_length=10, default="auto")
    started_on = models.DateField(_("Started on"), null=True, blank=True)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Part of what every session was signed with: one more, and all sessions have ended.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(models.functions.Lower("email"), name="person_email_is_unique"),
            models.UniqueConstraint(fields=["role"], condition=models.Q(role="system"), name="there_is_one_system"),
        ]
        indexes = [models.Index(fields=["team"], name="person_by_team")]

    def __str__(self) -> str:
        return self.name

    @property
    def reads(self) -> str:
        """The language to tell this person things in when nobody asks: their own choice, else the company's."""
        return self.language or Company.objects.current().language

    @property
    def sees_all(self) -> bool:
        """Whether this person's role looks at every record of the company."""
        return self.role in self.SEE_ALL

    @property
    def is_system(self) -> bool:
        """Whether this is the system itself."""
        return self.role == self.Role.SYSTEM

    @property
    def may_change_nothing(self) -> bool:
        """Whether this person only reads."""
        return self.role == self.Role.AUDITOR

    def mark_deactivated(self, *, at: datetime) -> None:
        """Close the door behind somebody who leaves."""
        self.is_active, self.deactivated_at = False, at
        self.end_sessions()

    def mark_reactivated(self) -> None:
        """Open the door again; former sessions stay ended."""
        self.is_active, self.deactivated_at = True, None

    def end_sessions(self) -> None:
        """Make every session signed so far worthless."""
        self.session_round += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sign sessions with the password and the round, so that either ends them."""
        words = f"{self.password}|{self.session_round}"
        return salted_hmac("salesmode.people.session", words, secret=secret, algorithm="sha256").hexdigest()

    @property
    def initials(self) -> str:
        """Return what to draw in a person's disc: the last two Chinese characters, or two initials."""
        if self.name and "一" <= self.name[0] <= "鿿":
            return self.name[-2:]
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper()


class PersonScope(models.Model):
    """One pair of who looks and whose records they see; rebuilt whenever teams, leads or roles change."""

    viewer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="scope")
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["viewer", "owner"], name="scope_pair_once")]
