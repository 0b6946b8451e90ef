"""The people at a customer."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.customer import Customer, shared_to
from salesmode.customers.models.sameness import phone_key
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen


class ContactAlreadyLeft(Refusal):
    """Somebody leaves a company once."""

    def __init__(self, contact: "Contact") -> None:
        super().__init__(_g("%(contact)s has already left.") % {"contact": contact.name})


class ContactErased(Refusal):
    """Of whom nothing is kept any more, nothing is written down again."""

    def __init__(self) -> None:
        super().__init__(_g("The personal data of this contact was erased."))


class ContactQuerySet(OwnedQuerySet):
    """Words for sets of contacts."""

    def visible_to(self, person: Any) -> Self:
        """Return the contacts a person may see: those at customers that are theirs, below them or shared to them."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return super().visible_to(person)
        seen, shared = owned_by_those_seen(person, "owner"), shared_to(person)
        return self.filter(seen | Q(customer__in=shared) if shared.exists() else seen)

    def kept(self) -> Self:
        """Return the contacts whose personal data was not erased."""
        return self.filter(erased_at=None)

    def still_there(self) -> Self:
        """Return the contacts who have not left."""
        return self.filter(left_at=None)


class Contact(Record):
    """Somebody at a customer; the owner is always the customer's owner."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("Customer")
    )
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    name = models.CharField(_("Name"), max_length=120)
    title = models.CharField(_("Job title"), max_length=120, blank=True)
    department = models.CharField(_("Department"), max_length=120, blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    mobile = models.CharField(_("Mobile"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=80, blank=True)
    is_decision_maker = models.BooleanField(_("Decision maker"), default=False)
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    left_at = models.DateTimeField(_("Left the company"), null=True, blank=True)
    erased_at = models.DateTimeField(_("Personal data erased"), null=True, blank=True, editable=False)
    phone_key = models.CharField(max_length=40, blank=True, editable=False)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "name", "id"], name="contact_by_owner"),
            models.Index(fields=["name", "id"], name="contact_by_name"),
            models.Index(fields=["-created_at", "-id"], name="contact_by_creation"),
            models.Index(models.functions.Lower("email"), name="contact_by_email"),
            models.Index(fields=["customer", "name", "id"], name="contact_by_customer"),
            models.Index(fields=["phone_key"], name="contact_by_phone_key", condition=~Q(phone_key="")),
            models.Index(fields=["external_key"], name="contact_by_external_key", condition=~Q(external_key="")),
        ]
        constraints = [models.CheckConstraint(name="contact_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def has_left(self) -> bool:
        """Whether this person is no longer with the customer."""
        return self.left_at is not None

    def derive_keys(self) -> None:
        """Work out again what duplicates of this contact would be found by."""
        self.phone_key = phone_key(self.mobile or self.phone)

    def ensure_valid(self) -> None:
        """Refuse what no contact may be; raises Invalid."""
        if not self.name.strip():
            raise Invalid({"name": [_g("Give the contact a name.")]})

    @property
    def is_erased(self) -> bool:
        """Whether nothing personal is kept of this contact any more."""
        return self.erased_at is not None

    def words(self) -> list[str]:
        """Return the words that tell who this is: name, numbers and addresses."""
        return [word for word in (self.name, self.phone, self.mobile, self.email, self.wechat) if word.strip()]

    def erase(self, *, at: datetime) -> None:
        """Forget everything personal; the number stays, so that figures and history hold. Raises ContactErased."""
        self.ensure_kept()
        self.name = f"#{self.pk}"
        self.title = self.department = self.phone = self.mobile = self.email = self.wechat = self.notes = ""
        self.external_key, self.birthday, self.custom = "", None, {}
        self.erased_at, self.left_at = at, self.left_at or at
        self.derive_keys()

    def ensure_kept(self) -> None:
        """Refuse to write anything about somebody whose data was erased; raises ContactErased."""
        if self.is_erased:
            raise ContactErased

    def mark_left(self, *, at: datetime) -> None:
        """Be with the customer no longer; raises ContactAlreadyLeft."""
        if self.has_left:
            raise ContactAlreadyLeft(self)
        self.left_at = at
