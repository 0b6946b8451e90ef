"""An order (合同/订单): what a customer signed, and when they will pay."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.models import Product
from salesmode.customers.models import Customer
from salesmode.kernel.models import Record
from salesmode.kernel.money import UNIT_PRICE
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet
from salesmode.selling.models import Deal


class OrderNotInForce(Refusal):
    """A draft, finished or cancelled order takes no such step."""

    def __init__(self, order: "Order") -> None:
        super().__init__(
            _g("Order %(number)s is %(status)s.")
            % {"number": order.number, "status": str(order.get_status_display()).lower()}
        )


class MoreThanIsOwed(Refusal):
    """Nobody pays more than the order is worth."""

    def __init__(self, order: "Order") -> None:
        super().__init__(
            _g("Order %(number)s has %(open)s left to pay; this payment is larger.")
            % {"number": order.number, "open": f"{order.open_amount:,.2f} {order.currency}"}
        )


class OrderQuerySet(OwnedQuerySet):
    """Words for sets of orders."""

    owner_fields = ("owner", "account_owner")

    def unfinished(self) -> Self:
        """Return the orders that are still to be signed, delivered or paid."""
        return self.exclude(status=Order.Status.CANCELLED).exclude(status=Order.Status.FULFILLED, received=F("amount"))

    def owed(self) -> Self:
        """Return the orders in force of which something is still to be paid."""
        return self.filter(status__in=(Order.Status.SIGNED, Order.Status.FULFILLED), received__lt=F("amount"))


class Order(Record):
    """What a customer signed: numbered, with lines, instalments and the money received so far."""

    class Status(models.TextChoices):
        """How far an order has come."""

        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")
        FULFILLED = "fulfilled", _("Fulfilled")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(_("Number"), max_length=40, unique=True)
    title = models.CharField(_("Order"), max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders", verbose_name=_("Customer"))
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("Deal")
    )
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders", verbose_name=_("Owner"))
    account_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)
    currency = models.CharField(_("Currency"), max_length=3)
    company_amount = models.DecimalField(max_digits=18, decimal_places=3, default=0, editable=False)
    received = models.DecimalField(_("Received"), max_digits=18, decimal_places=3, default=0, editable=False)
    signed_on = models.DateField(_("Signed on"), null=True, blank=True)
    starts_on = models.DateField(_("Starts on"), null=True, blank=True)
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_is_not_overpaid", condition=Q(received__lte=F("amount"))),
            models.CheckConstraint(name="order_money_is_not_negative", condition=Q(amount__gte=0, received__gte=0)),
            models.CheckConstraint(
                name="signed_order_has_a_day",
                condition=Q(status__in=("draft", "cancelled")) | Q(signed_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="order_by_owner"),
            models.Index(fields=["account_owner", "-created_at", "-id"], name="order_by_account_owner"),
            models.Index(fields=["-created_at", "-id"], name="order_by_creation"),
            models.Index(fields=["customer", "-signed_on"], name="order_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def tone(self) -> str:
        """Say how an order's status is meant: good, for information, or nothing in particular."""
        return {self.Status.SIGNED: "info", self.Status.FULFILLED: "good"}.get(self.Status(self.status), "")

    @property
    def open_amount(self) -> Decimal:
        """Return what is left to pay."""
        return self.amount - self.received

    @property
    def is_in_force(self) -> bool:
        """Whether payments can be received on this order."""
        return self.status in (self.Status.SIGNED, self.Status.FULFILLED)


class OrderLine(models.Model):
    """One product on an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("Product"))
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=3, default=1)
    price = models.DecimalField(_("Price"), **UNIT_PRICE)
    discount = models.DecimalField(_("Discount, %"), max_digits=5, decimal_places=2, default=0)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="order_line_quantity_is_positive", condition=Q(quantity__gt=0))]


class Instalment(models.Model):
    """A part of an order that is to be paid by a day (回款计划)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField(_("No."))
    due_on = models.DateField(_("Due on"))
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="instalment_number_once"),
            models.CheckConstraint(name="instalment_is_positive", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["due_on"], name="instalment_by_day")]
