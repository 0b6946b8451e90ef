"""What people fill in about processes, leads and deals; forms parse, operations save."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.forms import UnitPriceField
from salesmode.catalog.models import Product
from salesmode.customers.forms import CustomerPicker, ErasedAgain, add_custom_fields, gather_custom
from salesmode.customers.models import Contact
from salesmode.kernel.money import known_currency
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.models import Deal, Lead, LossReason, Process, Stage
from salesmode.selling.operations import DealDraft, LineDraft, StageDraft

BLANK_LINES = 3
BLANK_STAGES = 2


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, as browsers ask for it."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def amount_field(**kwargs: Any) -> forms.DecimalField:
    """Return a field for an amount of money."""
    return forms.DecimalField(min_value=0, max_digits=15, decimal_places=3, **kwargs)


def possible_owners() -> Any:
    """Return the people whom deals and leads can belong to."""
    return Person.objects.active().filter(role__in=policies.owner_roles()).order_by("name", "id")


class CurrencyField(forms.CharField):
    """A currency's code; empty means the company's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, required=False, label=_("Currency"), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code in capitals; raises ValidationError for one that does not exist."""
        text = super().clean(value)
        try:
            return known_currency(text) if text else ""
        except Invalid as refusal:
            raise forms.ValidationError(refusal.fields["currency"]) from None


class DealForm(forms.Form):
    """A deal as somebody writes it down; an existing one keeps its process and its owner here."""

    title = forms.CharField(label=_("Deal"), max_length=200)
    amount = amount_field(label=_("Amount"), required=False, help_text=_("With lines, their sum."))
    currency = CurrencyField()
    closes_on = day_field(label=_("Expected close"), required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    type = forms.CharField(label=_("Type"), max_length=40, required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, seen_by: Person, deal: Deal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = CustomerPicker(seen_by, label=_("Customer"), required=False)
        if deal is None:
            processes = Process.objects.filter(is_active=True).order_by("-is_default", "name")
            first = processes.first()
            self.fields["process"] = forms.ModelChoiceField(
                label=_("Process"), queryset=processes, initial=first, empty_label=None
            )
        else:
            there = Contact.objects.visible_to(seen_by).kept().filter(customer=deal.customer_id).order_by("name", "id")
            self.fields["contact"] = forms.ModelChoiceField(
                label=_("Contact"), queryset=there, required=False, empty_label="—"
            )
            self.fields["category"] = forms.ChoiceField(
                label=_("Own forecast category"),
                choices=[("", _("As the stage says")), *Stage.Category.choices],
                required=False,
            )
            if not deal.is_open:
                for name in ("amount", "currency", "closes_on", "category", "customer"):
                    del self.fields[name]
            elif deal.lines.exists():
                del self.fields["amount"]
        self.order_fields(["title", "customer", "contact", "amount", "currency", "closes_on", "process"])
        add_custom_fields(self, "deal", deal.custom if deal else None)

    def clean(self) -> dict[str, Any]:
        """Gather the company's own fields into one; no amount is nought, no currency the company's."""
        given = gather_custom(super().clean() or {})
        if "amount" in self.fields and given.get("amount") is None and "amount" not in self.errors:
            given["amount"] = 0
        return given


SMALL = {"class": "form-control form-control-sm"}
SMALL_CHOICE = {"class": "form-select form-select-sm"}


def _make_small(form: forms.Form) -> None:
    """Let the fields of a row look like the cells of a table."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Select):
            field.widget.attrs |= SMALL_CHOICE
        elif not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput):
            field.widget.attrs |= SMALL


class LineForm(forms.Form):
    """One line of a deal; one without a product is left out."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label="—"
    )
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=0, max_digits=14, decimal_places=3, initial=1, required=False
    )
    price = UnitPriceField(label=_("Price"), required=False)
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=0, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.on_sale().order_by("name")  # type: ignore[attr-defined]
        _make_small(self)

    @property
    def draft(self) -> LineDraft | None:
        """Return the line as the operation takes it, at the list price unless a price was typed."""
        given = self.cleaned_data
        if given.get("product") is None:
            return None
        quantity = 1 if given.get("quantity") is None else given["quantity"]
        return LineDraft(given["product"], Decimal(quantity), given.get("price"), given.get("discount") or Decimal(0))


LineForms = forms.formset_factory(LineForm, extra=BLANK_LINES, max_num=200, absolute_max=200)


class MoveForm(forms.Form):
    """Which stage a deal enters; `after` the card that it was put below is only for the eye."""

    stage = forms.ModelChoiceField(label=_("Stage"), queryset=Stage.objects.none(), empty_label="—")

    def __init__(self, *args: Any, process_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = Stage.objects.in_use().in_order()
        self.fields["stage"].queryset = stages.filter(process=process_id) if process_id else stages  # type: ignore[attr-defined]


class WinForm(forms.Form):
    """Whose deal was won, when nobody has said so yet."""

    def __init__(self, *args: Any, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = CustomerPicker(seen_by, label=_("Customer"))


class LoseForm(forms.Form):
    """Why a deal was lost, and to whom."""

    reason = forms.ModelChoiceField(
        label=_("Why lost"), queryset=LossReason.objects.none(), required=False, empty_label="—"
    )
    competitor = forms.CharField(label=_("Lost to"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = LossReason.objects.in_use()
        self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        self.fields["reason"].required = reasons.exists()


class HandOverForm(forms.Form):
    """Whose a deal or a lead is to be."""

    to = forms.ModelChoiceField(
        label=_("New owner"), queryset=Person.objects.none(), empty_label=_("Choose a colleague")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = possible_owners()  # type: ignore[attr-defined]


class LeadForm(ErasedAgain):
    """A lead as somebody writes it down."""

    name = forms.CharField(label=_("Name"), max_length=200)
    company_name = forms.CharField(label=_("Company"), max_length=200, required=False)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    province = forms.CharField(label=_("Province"), max_length=40, required=False)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, lead: Lead | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = lead is None
        if lead is None:
            self.fields["mine"] = forms.BooleanField(
                label=_("I look after this lead myself"), required=False, help_text=_("Otherwise anybody may claim it.")
            )
        add_custom_fields(self, "lead", lead.custom if lead else None)

    def clean(self) -> dict[str, Any]:
        """Gather the company's own fields into one."""
        return gather_custom(super().clean() or {})


class ConvertLeadForm(forms.Form):
    """What a lead becomes: a new customer or one we have, and perhaps a deal."""

    customer_name = forms.CharField(label=_("New customer"), max_length=200, required=False)
    deal_title = forms.CharField(
        label=_("Deal"), max_length=200, required=False, help_text=_("Leave empty if there is no deal yet.")
    )
    amount = amount_field(label=_("Amount"), required=False)
    closes_on = day_field(label=_("Expected close"), required=False)

    def __init__(self, *args: Any, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = CustomerPicker(
            seen_by,
            label=_("Customer we have"),
            required=False,
            help_text=_("Choose one, and no new customer is made."),
        )
        self.order_fields(["customer", "customer_name"])

    def clean(self) -> dict[str, Any]:
        """Shape the answer as the operation takes it."""
        given = super().clean() or {}
        if not given.get("customer") and not given.get("customer_name"):
            self.add_error("customer_name", _("Name the new customer, or choose one we have."))
        title, amount, closes_on = given.pop("deal_title", ""), given.pop("amount", None), given.pop("closes_on", None)
        given["deal"] = DealDraft(title=title, amount=amount or Decimal(0), closes_on=closes_on) if title else None
        return given


class RejectLeadForm(forms.Form):
    """Why a lead is given up."""

    reason = forms.CharField(label=_("Why rejected"), max_length=200)


class ProcessForm(forms.Form):
    """How deals go: a name, and whether new deals take this process."""

    name = forms.CharField(label=_("Process"), max_length=120)
    is_default = forms.BooleanField(label=_("New deals take this process"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class StageForm(forms.Form):
    """One stage of a process; one without a name is left out, and its place decides the order."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(label=_("Sequence"), min_value=1, max_value=999, required=False)
    name = forms.CharField(label=_("Stage"), max_length=120, required=False)
    probability = forms.DecimalField(
        label=_("Probability, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    category = forms.ChoiceField(label=_("Forecast category"), choices=Stage.Category.choices, required=False)
    expected_days = forms.IntegerField(label=_("Expected days"), min_value=1, max_value=3650, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _make_small(self)

    @property
    def draft(self) -> StageDraft | None:
        """Return the stage as the operation takes it."""
        given = self.cleaned_data
        if not given.get("name"):
            return None
        category = given.get("category") or Stage.Category.PIPELINE
        return StageDraft(given["name"], given.get("probability") or 0, category, given["expected_days"], given["id"])


StageForms = forms.formset_factory(StageForm, extra=BLANK_STAGES, max_num=100, absolute_max=100)


def drafts(formset: Any) -> list[Any]:
    """Return the lines or stages that were filled in, stages in the order of their places."""
    filled = [form for form in formset if form.cleaned_data and form.draft]
    return [form.draft for form in sorted(filled, key=lambda form: form.cleaned_data.get("place") or 1_000)]


class LossReasonForm(forms.Form):
    """A reason that deals are lost for."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Reason"), max_length=120, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _make_small(self)


LossReasonForms = forms.formset_factory(LossReasonForm, extra=BLANK_STAGES, max_num=200, absolute_max=200)
