"""The people at a customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.customer import Customer
from salesmode.kernel.models import Record
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet


class ContactQuerySet(OwnedQuerySet):
    """Words for sets of contacts."""


class Contact(Record):
    """Somebody at a customer; the owner is always the customer's owner."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("Customer"))
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Owner"))
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
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "name", "id"], name="contact_by_owner"),
            models.Index(fields=["name", "id"], name="contact_by_name"),
            models.Index(fields=["-created_at", "-id"], name="contact_by_creation"),
            models.Index(models.functions.Lower("email"), name="contact_by_email"),
        ]

    def __str__(self) -> str:
        return self.name
