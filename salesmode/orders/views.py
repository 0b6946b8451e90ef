"""The web door of orders and payments."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.customers.models import Customer
from salesmode.customers.queries import story_of
from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.refusals import Invalid
from salesmode.orders import forms, operations, policies, queries
from salesmode.orders.models import Order, Payment
from salesmode.orders.models.order import MoreThanIsOwed
from salesmode.selling.models import Deal


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """List orders."""
    return lists.show(request, "order")


@login_required
def payments(request: HttpRequest) -> HttpResponse:
    """List payments."""
    return lists.show(request, "payment")


def _load(request: HttpRequest, order_id: int) -> Order:
    rows = Order.objects.visible_to(request.user).select_related("customer", "deal", "owner", "account_owner")
    return get_object_or_404(rows, pk=order_id)


@login_required
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show one order: lines, instalments, payments."""
    found = _load(request, order_id)
    person: Any = request.user
    may = {
        "amend": found.status == Order.Status.DRAFT and policies.may_amend_order(person, found),
        "sign": found.status == Order.Status.DRAFT and policies.may_sign_order(person, found),
        "plan": found.status in ("draft", "signed") and policies.may_sign_order(person, found),
        "fulfil": found.status == Order.Status.SIGNED and policies.may_sign_order(person, found),
        "cancel": found.status != Order.Status.CANCELLED and policies.may_cancel_order(person, found),
        "receive": found.is_in_force and found.open_amount > 0 and policies.may_receive_payment(person, found),
    }
    may["reverse"] = policies.may_receive_payment(person, found)
    page = queries.order_page(found, on=localdate())
    shown = {"record": found, "page": page, "may": may, "tone": found.tone, "has_menu": may["cancel"] or may["plan"]}
    shown["story"] = story_of("order", found.pk, seen_by=person, after=request.GET.get("after", ""))
    shown["story_address"] = f"{reverse('orders:order', args=[found.pk])}?part=story"
    return render(request, "orders/order.html", shown)


@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Write an order down."""
    customer = Customer.objects.visible_to(request.user).filter(pk=_number(request.GET.get("customer"))).first()
    form = forms.DraftOrderForm(request.POST or None, seen_by=request.user, initial={"customer": customer})
    lines = forms.LineForms(request.POST or None, prefix="lines")
    if form.is_valid() and lines.is_valid():
        made = carry_out(form, operations.draft_order, lines=forms.drafts(lines), by=request.user, at=now())
        if made is not None:
            toast(request, _("The draft is made."))
            return redirect("orders:order", made.pk)
    return _form(request, form, title=_("New order"), lines=lines, cancel=reverse("orders:orders"))


@require_POST
@login_required
def draft_from_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Write the order for a deal."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=deal_id)
    made = operations.draft_order_from_deal(deal, by=request.user, at=now())
    toast(request, _("The draft is made."))
    return redirect("orders:order", made.pk)


@login_required
def amend(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change an order that is not signed yet."""
    found = _load(request, order_id)
    now_there = {name: getattr(found, name) for name in forms.OrderForm.base_fields}
    form = forms.OrderForm(request.POST or None, initial=now_there)
    lines = forms.LineForms(request.POST or None, prefix="lines", initial=forms.lines_of(found))
    if form.is_valid() and lines.is_valid():
        amend_it = partial(operations.amend_order, found, version=version_of(request))
        if carry_out(form, amend_it, lines=forms.drafts(lines), by=request.user, at=now()) is not None:
            toast(request, _("Saved."))
            return redirect("orders:order", found.pk)
    return _form(request, form, title=_("Edit order"), record=found, lines=lines)


@login_required
def instalments(request: HttpRequest, order_id: int) -> HttpResponse:
    """Agree when an order will be paid."""
    found = _load(request, order_id)
    planned = list(found.instalments.order_by("position").values("due_on", "amount"))
    parts = forms.InstalmentForms(request.POST or None, prefix="parts", initial=planned)
    if request.method == "POST" and parts.is_valid():
        agreed = forms.instalments(parts)
        try:
            operations.plan_instalments(
                found, instalments=agreed, version=version_of(request), by=request.user, at=now()
            )
            toast(request, _("Saved."))
            return redirect("orders:order", found.pk)
        except Invalid as refusal:
            parts.non_form_errors().extend(refusal.fields.get("instalments", [refusal.message]))
    return _form(request, None, title=_("Instalments"), record=found, lines=parts)


@login_required
def sign(request: HttpRequest, order_id: int) -> HttpResponse:
    """Record that the customer signed."""
    found = _load(request, order_id)
    form = forms.SignForm(request.POST or None, initial={"on": localdate()})
    if (
        carry_out(form, partial(operations.sign_order, found, version=version_of(request)), by=request.user, at=now())
        is not None
    ):
        toast(request, _("The order is signed."))
        return redirect("orders:order", found.pk)
    return _form(request, form, title=_("Sign order"), record=found, submit=_("Sign"))


@require_POST
@login_required
def fulfil(request: HttpRequest, order_id: int) -> HttpResponse:
    """Record that everything ordered was delivered."""
    found = _load(request, order_id)
    operations.fulfil_order(found, by=request.user, at=now())
    toast(request, _("Delivered."))
    return redirect("orders:order", found.pk)


@login_required
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Give an order up."""
    found = _load(request, order_id)
    form = forms.ReasonForm(request.POST or None)
    if (
        carry_out(form, partial(operations.cancel_order, found, version=version_of(request)), by=request.user, at=now())
        is not None
    ):
        toast(request, _("The order is cancelled."))
        return redirect("orders:order", found.pk)
    return _form(request, form, title=_("Cancel order"), record=found, submit=_("Cancel the order"))


@login_required
def receive(request: HttpRequest, order_id: int) -> HttpResponse:
    """Record money that came in."""
    found = _load(request, order_id)
    form = forms.PaymentForm(
        request.POST or None, initial={"amount": f"{found.open_amount.normalize():f}", "received_on": localdate()}
    )
    payment = carry_out(form, partial(_receive, found, version=version_of(request)), by=request.user, at=now())
    if payment is not None:
        messages.success(request, _("Payment %(number)s is booked.") % {"number": payment.number})
        return redirect("orders:order", found.pk)
    return _form(request, form, title=_("Record a payment"), record=found, submit=_("Book the payment"))


@login_required
def reverse_payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment back."""
    payment = get_object_or_404(Payment.objects.visible_to(request.user).select_related("order"), pk=payment_id)
    form = forms.ReasonForm(request.POST or None)
    reverse_it = partial(
        operations.reverse_payment, payment, received_on=localdate(), order_version=version_of(request)
    )
    if carry_out(form, reverse_it, by=request.user, at=now()) is not None:
        toast(request, _("The payment is reversed."))
        return redirect("orders:order", payment.order_id)
    title = _("Reverse payment %(number)s") % {"number": payment.number}
    return _form(request, form, title=title, record=payment.order, submit=_("Reverse"))


def _receive(order: Order, **given: Any) -> Payment:
    """Book a payment; one that is too large is wrong at its amount."""
    try:
        return operations.receive_payment(order, **given)
    except MoreThanIsOwed as refusal:
        raise Invalid({"amount": [refusal.message]}) from None


def _form(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    record: Order | None = None,
    lines: Any = None,
    cancel: str = "",
    submit: str = "",
) -> HttpResponse:
    bound = (form is not None and form.is_bound) or (lines is not None and lines.is_bound)
    back = cancel or reverse("orders:order", args=[record.pk if record else 0])
    shown = {"form": form, "lines": lines, "title": title, "record": record, "cancel_url": back, "submit_label": submit}
    return render(request, "orders/form.html", shown, status=422 if bound else 200)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
