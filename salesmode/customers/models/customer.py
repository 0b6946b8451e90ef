"""The customer: a company or a person that buys, or might."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen


class CustomerQuerySet(OwnedQuerySet):
    """Words for sets of customers."""

    def visible_to(self, person: Any) -> Self:
        """Return the customers a person may see: by ownership, by subtree, or shared to them."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return super().visible_to(person)
        shared = CustomerShare.objects.filter(person=person)
        seen = owned_by_those_seen(person, "owner")
        return self.filter(seen | Q(pk__in=shared.values("customer")) if shared.exists() else seen)

    def in_pool(self) -> Self:
        """Return the customers that nobody owns."""
        return self.filter(owner=None)


class Customer(Record):
    """A company or a person that buys from us, or might."""

    class Kind(models.TextChoices):
        """Whether a customer is a company or a private person."""

        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    class Grade(models.TextChoices):
        """How much care a customer gets."""

        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    name = models.CharField(_("Customer"), max_length=200)
    type = models.CharField(_("Type"), max_length=10, choices=Kind.choices, default=Kind.COMPANY)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="customers", verbose_name=_("Owner"))
    grade = models.CharField(_("Grade"), max_length=1, choices=Grade.choices, blank=True)
    industry = models.CharField(_("Industry"), max_length=80, blank=True)
    source = models.CharField(_("Source"), max_length=80, blank=True)
    country = models.CharField(_("Country or region"), max_length=80, blank=True)
    province = models.CharField(_("Province"), max_length=40, blank=True)
    city = models.CharField(_("City"), max_length=40, blank=True)
    district = models.CharField(_("District"), max_length=40, blank=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    website = models.CharField(_("Website"), max_length=200, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=40, blank=True)
    founded_in = models.PositiveSmallIntegerField(_("Founded in"), null=True, blank=True)
    annual_revenue = models.DecimalField(_("Annual revenue"), max_digits=18, decimal_places=3, null=True, blank=True)
    employees = models.PositiveIntegerField(_("Employees"), null=True, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("Subsidiary of"))
    tags = models.JSONField(_("Tags"), default=list, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    owned_since = models.DateTimeField(null=True, blank=True, editable=False)
    last_interaction_at = models.DateTimeField(null=True, blank=True, editable=False)
    next_contact_at = models.DateTimeField(_("Next contact"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="customer_by_owner"),
            models.Index(fields=["-created_at", "-id"], name="customer_by_creation"),
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["owner", "name", "id"], name="customer_by_owner_name"),
            models.Index(fields=["owner", "next_contact_at"], name="customer_by_next_contact", condition=Q(next_contact_at__isnull=False)),
            models.Index(fields=["-last_interaction_at", "-id"], name="customer_by_last_interaction"),
            models.Index(fields=["external_key"], name="customer_by_external_key", condition=~Q(external_key="")),
            GinIndex(fields=["tags"], name="customer_by_tag"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_pool(self) -> bool:
        """Whether nobody owns this customer."""
        return self.owner_id is None

    @property
    def place(self) -> str:
        """Return where the customer is, as far as known."""
        return " ".join(part for part in (self.province, self.city, self.district) if part) or self.country


class CustomerShare(models.Model):
    """A customer shown to somebody besides its owner."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    can_write = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "person"], name="customer_shared_once")]
