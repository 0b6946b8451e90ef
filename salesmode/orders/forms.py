"""What people fill in about orders and payments; forms parse, operations save."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.forms import UnitPriceField
from salesmode.catalog.models import Product
from salesmode.customers.forms import CustomerPicker
from salesmode.orders.models import Order, Payment
from salesmode.orders.operations import LineDraft

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
BLANK_LINES = 3


class OrderForm(forms.Form):
    """An order as somebody writes it down."""

    title = forms.CharField(label=_("Order"), max_length=200)
    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=0,
        max_digits=15,
        decimal_places=3,
        required=False,
        help_text=_("With lines, their sum."),
    )
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=DAY)
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=DAY)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        """Refuse an order that ends before it starts."""
        given = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("This is before the start."))
        return given


class DraftOrderForm(OrderForm):
    """An order that starts from nothing needs a customer."""

    field_order = ("customer", "title", "amount")

    def __init__(self, *args: Any, seen_by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = CustomerPicker(seen_by, label=_("Customer"))
        self.order_fields(["customer", "title", "amount", "starts_on", "ends_on", "notes"])


class LineForm(forms.Form):
    """One line of an order; one without a product is left out."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label="—"
    )
    quantity = forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), initial=1, required=False)
    price = UnitPriceField(label=_("Price"), required=False)
    discount = forms.DecimalField(label=_("Discount, %"), min_value=0, max_value=100, initial=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.on_sale().order_by("name")  # type: ignore[attr-defined]

    @property
    def draft(self) -> LineDraft | None:
        """Return the line as the operation takes it, at the list price unless a price was typed."""
        given = self.cleaned_data
        product = given.get("product")
        if product is None:
            return None
        price = given["price"] if given.get("price") is not None else (product.price or Decimal(0))
        return LineDraft(product, given.get("quantity") or Decimal(1), price, given.get("discount") or Decimal(0))


LineForms = forms.formset_factory(LineForm, extra=BLANK_LINES, max_num=200, absolute_max=200)


def lines_of(order: Order) -> list[dict[str, Any]]:
    """Return what the line forms show of an order."""
    return list(order.lines.order_by("position", "id").values("product", "quantity", "price", "discount"))


def drafts(formset: Any) -> list[LineDraft]:
    """Return the lines that were filled in."""
    return [form.draft for form in formset if form.cleaned_data and form.draft]


class InstalmentForm(forms.Form):
    """One part of the price; an empty one is left out."""

    due_on = forms.DateField(label=_("Due on"), required=False, widget=DAY)
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.001"), decimal_places=3, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse half an instalment."""
        given = super().clean() or {}
        if bool(given.get("due_on")) != bool(given.get("amount")) and not self.errors:
            self.add_error(
                "due_on" if not given.get("due_on") else "amount", _("An instalment needs a day and an amount.")
            )
        return given


InstalmentForms = forms.formset_factory(InstalmentForm, extra=BLANK_LINES, max_num=120, absolute_max=120)


def instalments(formset: Any) -> Sequence[tuple[date, Decimal]]:
    """Return the parts that were filled in."""
    return [
        (form.cleaned_data["due_on"], form.cleaned_data["amount"])
        for form in formset
        if form.cleaned_data.get("due_on")
    ]


class SignForm(forms.Form):
    """The day on which the customer signed."""

    on = forms.DateField(label=_("Signed on"), widget=DAY)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class PaymentForm(forms.Form):
    """Money that came in."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.001"), max_digits=15, decimal_places=3)
    received_on = forms.DateField(label=_("Received on"), widget=DAY)
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Bank reference"), max_length=120, required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
