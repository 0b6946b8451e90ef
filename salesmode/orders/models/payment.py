"""A payment (回款): money that a customer really sent, or got back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.models import Record
from salesmode.orders.models.order import Order
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet


class PaymentQuerySet(OwnedQuerySet):
    """Words for sets of payments."""

    owner_fields = ("owner", "account_owner")


class Payment(Record):
    """Money received on an order; a refund is a negative one that names what it reverses."""

    class Method(models.TextChoices):
        """How the money came."""

        TRANSFER = "transfer", _("Bank transfer")
        CHEQUE = "cheque", _("Cheque")
        CASH = "cash", _("Cash")
        ALIPAY = "alipay", _("Alipay")
        WECHAT = "wechat", _("WeChat Pay")
        CARD = "card", _("Card")
        OTHER = "other", _("Other")

    number = models.CharField(_("Number"), max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("Order"))
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payments", verbose_name=_("Owner"))
    account_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)
    currency = models.CharField(_("Currency"), max_length=3)
    company_amount = models.DecimalField(max_digits=18, decimal_places=3, default=0, editable=False)
    received_on = models.DateField(_("Received on"))
    method = models.CharField(_("Method"), max_length=10, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(_("Bank reference"), max_length=120, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", editable=False
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_is_positive_unless_it_reverses",
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-received_on", "-id"], name="payment_by_owner"),
            models.Index(fields=["-received_on", "-id"], name="payment_by_day"),
            models.Index(fields=["order"], name="payment_by_order"),
        ]

    def __str__(self) -> str:
        return self.number
