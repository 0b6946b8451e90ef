"""Every contact with a customer: calls, visits, mails, meetings, messages, notes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models.contact import Contact
from salesmode.customers.models.customer import Customer
from salesmode.kernel.models import Record
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet


class InteractionQuerySet(OwnedQuerySet):
    """Words for sets of interactions."""

    owner_fields = ("by", "owner")


class Interaction(Record):
    """One contact with a customer: who, how, when, what was said, and when to speak again.

    What it is about besides the customer (a deal, a lead) is named by kind and id, as events do.
    """

    class Channel(models.TextChoices):
        """How the contact happened."""

        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")
        MESSAGE = "message", _("Message")
        NOTE = "note", _("Note")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions", verbose_name=_("Customer"))
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="interactions", verbose_name=_("Contact"))
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
            models.Index(fields=["customer", "-happened_at"], name="interaction_by_customer"),
            models.Index(fields=["by", "-happened_at", "-id"], name="interaction_by_person"),
            models.Index(fields=["-happened_at", "-id"], name="interaction_by_time"),
            models.Index(fields=["subject_kind", "subject_id", "-happened_at"], name="interaction_by_subject"),
        ]

    def __str__(self) -> str:
        return self.content[:60] or self.get_channel_display()
