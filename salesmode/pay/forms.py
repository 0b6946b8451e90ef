"""What people fill in about pay; forms parse, operations save."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.models import Product
from salesmode.kernel.wording import in_currency
from salesmode.pay.models.earning import span_of
from salesmode.pay.models.plan import next_span
from salesmode.pay.models.terms import PlanTerms
from salesmode.people.models import Person, Team

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MEASURES = [
    ("received", _("Payments received")),
    ("signed", _("Orders signed")),
    ("won", _("Deals won")),
    ("margin", _("Margin of orders, where the cost is known")),
]
SPANS = [("month", _("Month")), ("quarter", _("Quarter")), ("year", _("Year"))]
STYLES = [
    ("flat", _("One rate for everything")),
    ("cumulative", _("Tiers: each part at its own rate")),
    ("best_tier", _("Tiers: the best rate on everything")),
    ("levels", _("Target pay by attainment")),
    ("per_unit", _("An amount for each unit")),
]
TARGETS = [
    ("none", _("No target")),
    ("target", _("Each person's own target")),
    ("fixed", _("The same for everybody")),
]
TAKEN_BACK = [("cancelled", _("Cancelled")), ("refunded", _("Refunded")), ("overdue", _("Payment overdue"))]
KICKERS = [
    ("", "—"),
    ("new_customer", _("A new customer's first order")),
    ("multi_year", _("Two years or longer")),
    ("custom", _("An own field has a value")),
]


# A rate replaces a rate; an amount for each unit and a target pay know none that it could replace.
_INSTEAD = _(
    "In place of the plan's rate. Where a plan pays for each unit or by attainment, it comes on top: a sale earns both."
)


def _percent(label: Any, help_text: Any = "", *, most: int = 1000) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=most, max_digits=7, decimal_places=3
    )


def _amount(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=in_currency(label), help_text=help_text, required=False, min_value=0, max_digits=15, decimal_places=3
    )


def _bound(label: Any, help_text: Any = "") -> forms.DecimalField:
    """Return a field in the unit that the plan counts in: money, or percent of the target."""
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_digits=15, decimal_places=3
    )


class PlanForm(forms.Form):
    """The designer of a plan: every element is a field of its own."""

    name = forms.CharField(label=_("Name of the plan"), max_length=120)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    measure = forms.ChoiceField(label=_("What counts"), choices=MEASURES)
    frequency = forms.ChoiceField(label=_("Added up over a"), choices=SPANS)
    style = forms.ChoiceField(label=_("How it pays"), choices=STYLES)
    rate = _percent(_("Rate, %"), _("For one rate for everything."))
    unit_amount = _amount(_("Amount for each unit"))
    counted_in = forms.ChoiceField(
        label=_("Tiers and threshold are given in"),
        choices=[("amount", _("Money")), ("attainment", _("Percent of the target"))],
        required=False,
    )
    target_pay = _amount(_("Pay at 100 percent of the target"))
    linear = forms.BooleanField(label=_("Between levels it rises evenly"), required=False)
    quota_from = forms.ChoiceField(label=_("Target"), choices=TARGETS, required=False)
    quota = _amount(_("Target for everybody"))
    threshold = _bound(
        _("Threshold"), _("Below it nothing is paid; from there on everything. In the unit of the tiers.")
    )
    cap = _amount(_("Cap"), _("The most that somebody gets for a span."))
    accelerator_above = _percent(_("Accelerator above, percent of target"))
    accelerator_factor = _percent(_("pays, percent of the rate"))
    decelerator_below = _percent(_("Decelerator below, percent of target"))
    decelerator_factor = _percent(_("pays, percent of the rate"))
    windfall_above = _amount(_("Windfall: of a single sale, what lies above"))
    windfall_counts = _percent(_("counts at, percent"), _("0: what lies above does not count at all."), most=100)
    new_rate = _percent(_("Rate for new customers, %"), _INSTEAD)
    renewal_rate = _percent(_("Rate for existing customers, %"), _INSTEAD)
    base_salary = _amount(_("Base salary, a year"))
    target_variable = _amount(
        _("Variable pay on target, a year"),
        _("What the plan is meant to pay whoever reaches 100 percent, all rules together."),
    )
    hold_back = _percent(_("Held back until the customer pays, %"), most=100)
    clawback_on = forms.MultipleChoiceField(
        label=_("Taken back when"), choices=TAKEN_BACK, required=False, widget=forms.CheckboxSelectMultiple
    )
    clawback_days = forms.IntegerField(
        label=_("within days"), help_text=_("Empty: whenever it happens."), required=False, min_value=0, max_value=3660
    )
    overdue_days = forms.IntegerField(
        label=_("Overdue means unpaid so many days after it was due"), required=False, min_value=0, max_value=3660
    )
    draw = _amount(_("Draw for each month"), _("A month with less is filled up to this."))
    draw_is_recoverable = forms.BooleanField(label=_("Better months pay the draw back"), required=False)
    guarantee = _amount(
        _("Guaranteed to whoever is new, each month"), _("Never paid back. Counted from the day a person started.")
    )
    guarantee_months = forms.IntegerField(label=_("for the first months"), required=False, min_value=1, max_value=36)
    pool_rate = _percent(_("Team pool, percent of what the team sells"))
    override_rate = _percent(_("For whoever leads: percent of what the team sells"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DecimalField):
                field.widget.attrs.setdefault("inputmode", "decimal")

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        """Return the fields in the groups in which people think of them."""
        return [(title, [self[name] for name in names]) for title, names in _PARTS]


_PARTS = [
    ("", ["name", "description"]),
    (_("What counts"), ["measure", "frequency"]),
    (_("How it pays"), ["style", "rate", "unit_amount", "counted_in"]),
    (_("Target"), ["quota_from", "quota", "target_pay", "linear"]),
    (_("On-target earnings"), ["base_salary", "target_variable"]),
    (
        _("Limits and speed"),
        [
            "threshold",
            "cap",
            "accelerator_above",
            "accelerator_factor",
            "decelerator_below",
            "decelerator_factor",
            "windfall_above",
            "windfall_counts",
        ],
    ),
    (_("New and existing customers"), ["new_rate", "renewal_rate"]),
    (_("Afterwards"), ["hold_back", "clawback_on", "clawback_days", "overdue_days"]),
    (
        _("Draw and team"),
        ["draw", "draw_is_recoverable", "guarantee", "guarantee_months", "pool_rate", "override_rate"],
    ),
]


class TierForm(forms.Form):
    """One tier; an empty one is left out."""

    starts_at = _bound(_("From"))
    rate = _percent(_("Rate, %"))


class LevelForm(forms.Form):
    """One level; an empty one is left out."""

    attainment = _percent(_("Attainment, %"))
    payout = _percent(_("Pays, percent of target pay"))


class KickerForm(forms.Form):
    """Something on top; an empty one is left out."""

    kind = forms.ChoiceField(label=_("Earned for"), choices=KICKERS, required=False)
    rate = _percent(_("Bonus, %"))
    amount = _amount(_("or amount"))
    field = forms.CharField(label=_("Own field"), max_length=60, required=False)
    value = forms.CharField(label=_("Value"), max_length=120, required=False)


class ProductRateForm(forms.Form):
    """A product with a rate of its own; an empty one is left out."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label="—"
    )
    rate = _percent(_("Rate, %"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.order_by("name")  # type: ignore[attr-defined]


def _rows(form: Any, most: int) -> Any:
    return forms.formset_factory(form, extra=2, max_num=most, absolute_max=most)


Tiers, Levels, Kickers = _rows(TierForm, 12), _rows(LevelForm, 20), _rows(KickerForm, 10)
ProductRates = _rows(ProductRateForm, 50)


class PlanForms:
    """The designer's form and its tables, read and written together."""

    TABLES = {
        "tiers": (Tiers, _("Tiers"), ""),
        "levels": (Levels, _("Levels"), ""),
        "kickers": (Kickers, _("Bonuses"), ""),
        "product_rates": (ProductRates, _("Products with a rate of their own"), _INSTEAD),
    }

    def __init__(
        self, data: Any = None, *, terms: PlanTerms | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        given = (terms or PlanTerms()).model_dump()
        self.form = PlanForm(data, initial={**given, **(initial or {})})
        rows = {name: list(given[name]) for name in self.TABLES}
        for row in rows["product_rates"]:
            row["product"] = row.pop("product_id")
        self.tables = {
            name: (make(data, prefix=name, initial=rows[name]), title, hint)
            for name, (make, title, hint) in self.TABLES.items()
        }

    def is_valid(self) -> bool:
        """Whether every field can be read."""
        return all([self.form.is_valid(), *(table.is_valid() for table, _title, _hint in self.tables.values())])

    def terms(self) -> dict[str, Any]:
        """Return the terms as the operation reads them."""
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        for name in ("name", "description"):
            given.pop(name, None)
        filled = {
            name: [
                {key: value for key, value in form.cleaned_data.items() if value not in (None, "")} for form in table
            ]
            for name, (table, _title, _hint) in self.tables.items()
        }
        for row in filled["product_rates"]:
            if product := row.pop("product", None):
                row["product_id"] = product.pk
        return given | {name: [row for row in rows if row] for name, rows in filled.items()}


class PublishForm(forms.Form):
    """From when a version is to hold."""

    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_until = forms.DateField(
        label=_("Until before"), required=False, widget=DAY, help_text=_("Empty: until further notice.")
    )
    replacing = forms.BooleanField(label=_("End the version that holds then on that day"), required=False)
    from_zero = forms.BooleanField(label=_("Let totals begin from zero on that day"), required=False)

    def __init__(self, *args: Any, terms: PlanTerms, follows: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.span = terms.frequency
        self.initial.setdefault("valid_from", next_span(today, self.span))
        self.counts_anew = follows and terms.adds_up
        if self.counts_anew:
            self.fields["valid_from"].help_text = _BEGINS_ANEW[self.span]
        if not follows:
            del self.fields["replacing"]
        if not (self.counts_anew and self.is_bound):
            del self.fields["from_zero"]

    def clean(self) -> dict[str, Any]:
        """Offer to begin from zero only within a span: on its first day totals do so anyway."""
        given = self.cleaned_data
        first = given.get("valid_from")
        if "from_zero" in self.fields and first and first == span_of(first, self.span):
            del self.fields["from_zero"]
        return given


_BEGINS_ANEW = {
    "month": _("Best the first day of a month: totals for tiers, threshold and cap begin from zero on this day."),
    "quarter": _("Best the first day of a quarter: totals for tiers, threshold and cap begin from zero on this day."),
    "year": _("Best the first day of a year: totals for tiers, threshold and cap begin from zero on this day."),
}


class EndForm(forms.Form):
    """When something ends."""

    valid_until = forms.DateField(label=_("Until before"), widget=DAY)


class AssignForm(forms.Form):
    """For whom a plan is to hold."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), required=False, empty_label="—")
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("With everybody in teams inside it. Without person and team: the whole company."),
    )
    valid_from = forms.DateField(
        label=_("From"), widget=DAY,
        help_text=_("Best the first day of a month: totals of a plan begin from zero on the day from which it holds."),
    )  # fmt: skip
    valid_until = forms.DateField(label=_("Until before"), required=False, widget=DAY)
    replacing = forms.BooleanField(label=_("End what holds there now on that day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.active().order_by("name")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]


class SettingsForm(forms.Form):
    """When months close, and who sees statements."""

    closes_on_day = forms.IntegerField(
        label=_("Close the month before on day"), required=False, min_value=1, max_value=28,
        help_text=_("Empty: only by hand."),
    )  # fmt: skip
    managers_see = forms.BooleanField(label=_("Managers see the statements of their people"), required=False)


class QuestionForm(forms.Form):
    """What somebody would like to know."""

    question = forms.CharField(label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """The answer, with an amount or without."""

    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    correction = forms.DecimalField(
        label=in_currency(_("Correction")),
        required=False,
        max_digits=15,
        decimal_places=3,
        help_text=_("Above zero gives, below zero takes; empty declines."),
    )


class WhatIfForm(forms.Form):
    """What might be sold."""

    amount = forms.DecimalField(
        label=in_currency(_("One more sale of")),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=15,
        decimal_places=3,
    )
    on = forms.DateField(label=_("on"), required=False, widget=DAY)
    deals = forms.ModelMultipleChoiceField(
        label=_("and these open deals won"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, deals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deals"].queryset = deals  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    """One person's share of the credit; an empty one is left out."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), required=False, empty_label="—")
    percent = _percent(_("Share, %"), most=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.active().order_by("name")  # type: ignore[attr-defined]


Shares = _rows(ShareForm, 10)
