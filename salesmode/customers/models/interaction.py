"""Every contact with a customer: calls, visits, mails, meetings, messages, notes."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.customers.models.contact import Contact
from salesmode.customers.models.customer import Customer, shared_to
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet, owned_by_those_seen

A_SLOW_CLOCK = timedelta(minutes=5)
A_LIFETIME = timedelta(days=36_500)
EARLIEST_YEAR = 1900


class InteractionQuerySet(OwnedQuerySet):
    """Words for sets of interactions."""

    owner_fields = ("by", "owner")

    def visible_to(self, person: Any) -> Self:
        """Return the interactions a person may see: had by them or those below, or with customers they may see."""
        if not getattr(person, "is_active", False) or person.sees_all:
            return super().visible_to(person)
        seen, shared = owned_by_those_seen(person, *self.owner_fields), shared_to(person)
        return self.filter(seen | Q(customer__in=shared) if shared.exists() else seen)


class Interaction(Record):
    """One contact with a customer: who, how, when, what was said, and when to speak again.

    What it is about besides the customer (a deal, a lead) is named by kind and id, as events do.
    """

    class Channel(models.TextChoices):
        """How the contact happened."""

        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")
        EMAIL = "email", pgettext_lazy("a way of being in contact", "E-mail")
        MEETING = "meeting", _("Meeting")
        MESSAGE = "message", _("Message")
        NOTE = "note", _("Note")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("Customer"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("Contact"),
    )
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="interactions", verbose_name=_("By"))
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    channel = models.CharField(_("How"), max_length=10, choices=Channel.choices, default=Channel.CALL)
    is_inbound = models.BooleanField(_("They came to us"), default=False)
    happened_at = models.DateTimeField(_("When"))
    content = models.TextField(_("What was said"), blank=True)
    next_contact_at = models.DateTimeField(_("Next contact"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes"), null=True, blank=True)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-happened_at", "-id"], name="interaction_by_owner"),
            models.Index(fields=["external_key"], name="interaction_by_external_key", condition=~Q(external_key="")),
            models.Index(fields=["customer", "-happened_at"], name="interaction_by_customer"),
            models.Index(fields=["by", "-happened_at", "-id"], name="interaction_by_person"),
            models.Index(fields=["-happened_at", "-id"], name="interaction_by_time"),
            models.Index(fields=["subject_kind", "subject_id", "-happened_at"], name="interaction_by_subject"),
        ]

    def __str__(self) -> str:
        return self.content[:60] or self.get_channel_display()

    def ensure_valid(self, *, at: datetime) -> None:
        """Refuse what no contact with a customer may be; raises Invalid."""
        if self.happened_at > at + A_SLOW_CLOCK:
            raise Invalid({"happened_at": [_g("This lies in the future. Plan it as the next contact instead.")]})
        if self.happened_at.year < EARLIEST_YEAR:
            raise Invalid({"happened_at": [_g("This is too long ago.")]})
        if self.next_contact_at is not None and self.next_contact_at - at > A_LIFETIME:
            raise Invalid({"next_contact_at": [_g("This is too far in the future.")]})
        if self.channel == self.Channel.NOTE and not self.content.strip():
            raise Invalid({"content": [_g("Write down what the note is to say.")]})
        if self.next_contact_at is not None and self.next_contact_at <= self.happened_at:
            raise Invalid({"next_contact_at": [_g("The next contact comes after this one.")]})
