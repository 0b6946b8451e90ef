"""A lead: somebody who might become a customer."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.customers.models import Contact, Customer
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen


class LeadAlreadyOwned(Refusal):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has already claimed this lead."))


class LeadAlreadyClosed(Refusal):
    """A converted or rejected lead does not change any more."""

    def __init__(self, lead: "Lead") -> None:
        super().__init__(
            _g("%(lead)s was already %(status)s.")
            % {"lead": lead.name, "status": str(lead.get_status_display()).lower()}
        )


class LeadQuerySet(OwnedQuerySet):
    """Words for sets of leads."""

    CLAIMERS = (Person.Role.SELLER, Person.Role.MANAGER)

    def visible_to(self, person: Any) -> Self:
        """Return the leads a person may see; sellers and managers also see those that wait for an owner."""
        if not getattr(person, "is_active", False) or person.sees_all or person.role not in self.CLAIMERS:
            return super().visible_to(person)
        return self.filter(owned_by_those_seen(person, "owner") | Q(owner=None))

    def unclaimed(self) -> Self:
        """Return the open leads that wait for somebody."""
        return self.filter(owner=None, status__in=Lead.OPEN)


class Lead(Record):
    """Somebody who might become a customer: a name, a way to reach them, and where they came from."""

    class Status(models.TextChoices):
        """How far we have come with a lead."""

        NEW = "new", pgettext_lazy("a lead", "New")
        WORKING = "working", _("Working")
        CONVERTED = "converted", _("Converted")
        REJECTED = "rejected", _("Rejected")

    OPEN = ("new", "working")

    name = models.CharField(_("Lead"), max_length=200)
    company_name = models.CharField(_("Company"), max_length=200, blank=True)
    title = models.CharField(_("Job title"), max_length=120, blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    source = models.CharField(_("Source"), max_length=80, blank=True)
    industry = models.CharField(_("Industry"), max_length=80, blank=True)
    province = models.CharField(_("Province"), max_length=40, blank=True)
    city = models.CharField(_("City"), max_length=40, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.NEW)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("Owner")
    )
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    rejected_reason = models.CharField(_("Why rejected"), max_length=200, blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", editable=False
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    deal = models.ForeignKey(
        "selling.Deal", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="lead_by_owner"),
            models.Index(fields=["-created_at", "-id"], name="lead_by_creation"),
            models.Index(fields=["status", "-created_at", "-id"], name="lead_by_status"),
            models.Index(
                fields=["created_at", "id"], name="lead_waiting", condition=Q(owner=None, status__in=("new", "working"))
            ),
            models.Index(fields=["external_key"], name="lead_by_external_key", condition=~Q(external_key="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="lead_has_a_date_once_closed",
                condition=Q(status__in=("new", "working"), closed_at=None)
                | (~Q(status__in=("new", "working")) & Q(closed_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether this lead still waits for a decision."""
        return self.status in self.OPEN

    @property
    def waits_for_owner(self) -> bool:
        """Whether anybody may still claim this lead."""
        return self.owner_id is None and self.is_open

    def mark_responded(self, *, at: datetime) -> None:
        """Have been spoken to; only the first time counts. Raises LeadAlreadyClosed."""
        if not self.is_open:
            raise LeadAlreadyClosed(self)
        self.first_response_at = self.first_response_at or at
        self.status = self.Status.WORKING

    def give_to(self, owner: Person | None, *, at: datetime | None) -> None:
        """Belong to somebody else; raises LeadAlreadyClosed."""
        if not self.is_open:
            raise LeadAlreadyClosed(self)
        self.owner, self.claimed_at = owner, at

    def mark_converted(self, *, at: datetime) -> None:
        """Become a customer; raises LeadAlreadyClosed."""
        self._close(self.Status.CONVERTED, at=at)

    def mark_rejected(self, *, reason: str, at: datetime) -> None:
        """Be given up; raises LeadAlreadyClosed."""
        self._close(self.Status.REJECTED, at=at)
        self.rejected_reason = reason

    def _close(self, status: str, *, at: datetime) -> None:
        if not self.is_open:
            raise LeadAlreadyClosed(self)
        self.status, self.closed_at = status, at
