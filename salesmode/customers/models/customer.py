"""The customer: a company or a person that buys, or might."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.place import is_place
from salesmode.customers.models.sameness import name_key, phone_key, site_key
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen

MOST_TAGS = 30


class CustomerAlreadyOwned(Refusal):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_g("Somebody has already claimed this customer."))


class CustomerAlreadyInPool(Refusal):
    """Only an owned customer can be given up."""

    def __init__(self, customer: "Customer") -> None:
        super().__init__(_g("%(customer)s is already in the pool.") % {"customer": customer.name})


class CustomerAlreadyKnown(Refusal):
    """The same customer is not imported twice."""

    def __init__(self, customer: "Customer") -> None:
        super().__init__(_g("%(customer)s is already there.") % {"customer": customer.name})


class CustomerAlreadyMerged(Refusal):
    """A merged customer lives on in another one."""

    def __init__(self, customer: "Customer") -> None:
        super().__init__(
            _g("%(customer)s was merged into another customer. Open that one instead.") % {"customer": customer.name}
        )


class CustomerQuerySet(OwnedQuerySet):
    """Words for sets of customers."""

    def visible_to(self, person: Any) -> Self:
        """Return the customers a person may see: by ownership, by subtree, or shared to them."""
        current = self.filter(merged_into=None)
        if not getattr(person, "is_active", False) or person.sees_all:
            return super(CustomerQuerySet, current).visible_to(person)
        if shared_to(person).exists():
            return self.visible_by_key(person)
        return current.filter(owned_by_those_seen(person, "owner"))

    def visible_by_key(self, person: Any) -> Self:
        """Return the same customers for a look-up of one: whether any were shared at all makes no odds then."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return self.visible_to(person)
        seen = owned_by_those_seen(person, "owner") | Q(pk__in=shared_to(person))
        return self.filter(seen, merged_into=None)

    def in_pool(self) -> Self:
        """Return the customers that nobody owns."""
        return self.filter(owner=None, merged_into=None)

    def in_pool_for(self, person: Any) -> Self:
        """Return the customers in the pool, which everyone who works here may look at."""
        return self.in_pool() if getattr(person, "is_active", False) else self.none()

    def reachable_by(self, person: Any) -> Self:
        """Return the customers whose page a person may open: the visible ones and the pool."""
        return self.visible_to(person) | self.in_pool_for(person)


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
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="customers", verbose_name=_("Owner")
    )
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
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("Subsidiary of"),
    )
    tags = models.JSONField(_("Tags"), default=list, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True, editable=False)
    owned_since = models.DateTimeField(null=True, blank=True, editable=False)
    last_interaction_at = models.DateTimeField(null=True, blank=True, editable=False)
    next_contact_at = models.DateTimeField(_("Next contact"), null=True, blank=True)
    # What duplicates are found by; always derived from the fields above.
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    phone_key = models.CharField(max_length=40, blank=True, editable=False)
    site_key = models.CharField(max_length=200, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="customer_by_owner"),
            models.Index(fields=["-created_at", "-id"], name="customer_by_creation"),
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["owner", "name", "id"], name="customer_by_owner_name"),
            models.Index(
                fields=["owner", "next_contact_at"],
                name="customer_by_next_contact",
                condition=Q(next_contact_at__isnull=False),
            ),
            models.Index(
                fields=["next_contact_at", "id"],
                name="customer_next_contacts",
                condition=Q(next_contact_at__isnull=False, merged_into__isnull=True),
            ),
            models.Index(fields=["-last_interaction_at", "-id"], name="customer_by_last_interaction"),
            models.Index(fields=["external_key"], name="customer_by_external_key", condition=~Q(external_key="")),
            models.Index(fields=["name_key"], name="customer_by_name_key"),
            models.Index(fields=["phone_key"], name="customer_by_phone_key", condition=~Q(phone_key="")),
            models.Index(fields=["site_key"], name="customer_by_site_key", condition=~Q(site_key="")),
            models.Index(models.functions.Lower("email"), name="customer_by_email", condition=~Q(email="")),
            models.Index(fields=["merged_into"], name="customer_by_merger", condition=Q(merged_into__isnull=False)),
            GinIndex(fields=["tags"], name="customer_by_tag", opclasses=["jsonb_path_ops"]),
        ]
        constraints = [
            models.CheckConstraint(name="customer_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="customer_is_not_merged_into_itself", condition=~Q(merged_into=models.F("id"))),
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
        parts = dict.fromkeys((self.province, self.city, self.district))
        return " ".join(part for part in parts if part) or self.country

    @property
    def position(self) -> tuple[float, float] | None:
        """Return the customer's latitude and longitude; None when nobody has said."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)

    def derive_keys(self) -> None:
        """Work out again what duplicates of this customer would be found by."""
        self.name_key, self.phone_key, self.site_key = (
            name_key(self.name),
            phone_key(self.phone),
            site_key(self.website),
        )

    def ensure_valid(self) -> None:
        """Refuse what no customer may be; raises Invalid, CustomerAlreadyMerged."""
        if not self.name.strip():
            raise Invalid({"name": [_g("Give the customer a name.")]})
        if self.merged_into_id is not None:
            raise CustomerAlreadyMerged(self)
        if (self.latitude, self.longitude) != (None, None) and not is_place(self.latitude, self.longitude):
            missing = "longitude" if self.longitude is None else "latitude"
            raise Invalid({missing: [_g("Give both degrees of a place on the earth, or neither.")]})

    def belong_to(self, owner: Person | None, *, at: datetime) -> None:
        """Have another owner from now on, or none."""
        self.owner, self.owned_since = owner, at if owner else None

    def retag(self, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Carry more or fewer tags, each once, in the order they came; raises Invalid beyond a readable number."""
        gone = {tag.strip() for tag in remove}
        wanted = (tag.strip() for tag in (*self.tags, *add))
        self.tags = [tag for tag in dict.fromkeys(wanted) if tag and tag not in gone]
        if len(self.tags) > MOST_TAGS:
            raise Invalid({"tags": [_g("A customer carries at most %(most)s tags.") % {"most": MOST_TAGS}]})

    def was_spoken_with(self, *, happened_at: datetime, next_contact_at: datetime | None) -> None:
        """Take note of a contact: when the newest one was, and when the next is due.

        A contact keeps an appointment that was due by then; one still to come stays unless another is named. An older
        contact that is written down later changes nothing.
        """
        if self.last_interaction_at is not None and happened_at < self.last_interaction_at:
            return
        self.last_interaction_at = happened_at
        if next_contact_at is not None:
            self.next_contact_at = next_contact_at
        elif self.next_contact_at is not None and self.next_contact_at <= happened_at:
            self.next_contact_at = None

    def absorb(self, other: "Customer") -> None:
        """Take over what another record of the same customer knows and this one does not."""
        for field in FILLED_BY_A_MERGER:
            if getattr(self, field) in (None, ""):
                setattr(self, field, getattr(other, field))
        if self.position is None:
            self.latitude, self.longitude = other.latitude, other.longitude
        self.custom = {**other.custom, **self.custom}
        self.retag(add=other.tags)
        if other.notes and other.notes not in self.notes:
            self.notes = f"{self.notes}\n\n{other.notes}".strip()
        spoken = [moment for moment in (self.last_interaction_at, other.last_interaction_at) if moment]
        planned = [moment for moment in (self.next_contact_at, other.next_contact_at) if moment]
        self.last_interaction_at, self.next_contact_at = max(spoken, default=None), min(planned, default=None)


FILLED_BY_A_MERGER = (
    "grade", "industry", "source", "country", "province", "city", "district", "address", "phone", "email", "website",
    "tax_number", "founded_in", "annual_revenue", "employees", "external_key",
)  # fmt: skip


def shared_to(person: Any) -> models.QuerySet:
    """Return the keys of the customers shown to a person besides their own."""
    return CustomerShare.objects.filter(person=person).values("customer")


class CustomerShare(models.Model):
    """A customer shown to somebody besides its owner."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    can_write = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "person"], name="customer_shared_once")]
