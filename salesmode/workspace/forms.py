"""What people type in the workspace's own pages."""

import zoneinfo
from datetime import date
from functools import cache
from typing import Any

import pycountry
from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, gettext_lazy

from salesmode.kernel.models import Company, CustomField
from salesmode.kernel.money import currencies
from salesmode.kernel.operations.company import amounts_exist
from salesmode.kernel.periods import EARLIEST
from salesmode.people.models import Person
from salesmode.workspace.models import SavedView

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SOMETIME = [MinValueValidator(EARLIEST), MaxValueValidator(date(9998, 12, 31))]
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
FIRST_CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD")
MONTHS = [
    (1, gettext_lazy("January")),
    (2, gettext_lazy("February")),
    (3, gettext_lazy("March")),
    (4, gettext_lazy("April")),
    (5, gettext_lazy("May")),
    (6, gettext_lazy("June")),
    (7, gettext_lazy("July")),
    (8, gettext_lazy("August")),
    (9, gettext_lazy("September")),
    (10, gettext_lazy("October")),
    (11, gettext_lazy("November")),
    (12, gettext_lazy("December")),
]


@cache
def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in [*names, "UTC"]]


@cache
def _currencies(language: str) -> list[tuple[str, str]]:
    known, named = currencies(), Locale.parse(language, sep="-").currencies
    first = [code for code in FIRST_CURRENCIES if code in known]
    codes = [*first, *(code for code in known if code not in first)]
    return [(code, f"{code} · {named.get(code, known[code])}") for code in codes]


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    named = Locale.parse(language, sep="-").territories
    known = {each.alpha_2: named.get(each.alpha_2, each.name) for each in pycountry.countries}
    return sorted(((code, f"{code} · {name}") for code, name in known.items()), key=lambda each: each[0])


class CompanyForm(forms.Form):
    """What holds for the whole company."""

    name = forms.CharField(label=gettext_lazy("Company name"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGES,
        help_text=gettext_lazy("For everybody who has not chosen their own."),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Sums and reports are in it. It stays once amounts have been entered."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Days, months and quarters begin there.")
    )
    fiscal_year_starts_in = forms.TypedChoiceField(
        label=gettext_lazy("The fiscal year begins in"), choices=MONTHS, coerce=int, initial=1
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country of public holidays"),
        initial="CN",
        help_text=gettext_lazy("Working days are counted by its public holidays and weekends."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or settings.LANGUAGE_CODE
        self.fields["currency"].choices = _currencies(language)
        self.fields["time_zone"].choices = _zones()
        self.fields["country"].choices = _countries(language)


class SetUpForm(CompanyForm):
    """The first-run questions: the company, and who administers it first."""

    person_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), max_length=254, help_text=gettext_lazy("You sign in with it.")
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 15 characters. A few words that do not belong together are easy to remember."),
    )

    OF_THE_PERSON = ("person_name", "email", "password")
    SKETCHED = ("name", "language", "currency", "time_zone", "country")

    def __init__(self, *args: Any, sketch: Company | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sketch = sketch
        chinese = (get_language() or settings.LANGUAGE_CODE).startswith("zh")
        self.initial = {
            "language": "zh-hans" if chinese else "en",
            "currency": "CNY" if chinese else "USD",
            "time_zone": "Asia/Shanghai" if chinese else "UTC",
            "country": "CN" if chinese else "US",
        } | (self.initial or {})
        if sketch is not None:
            self.initial |= {name: getattr(sketch, name) for name in self.SKETCHED}
            if amounts_exist():
                self.fields["currency"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Judge the password beside the name and address it belongs to."""
        if "password" in self.cleaned_data:
            person = Person(name=self.cleaned_data.get("person_name", ""), email=self.cleaned_data.get("email", ""))
            try:
                password_validation.validate_password(self.cleaned_data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data

    @property
    def company_fields(self) -> list[forms.BoundField]:
        """The questions about the company that nothing answers yet."""
        known = self.SKETCHED if self.sketch else ()
        return [self[name] for name in self.fields if name not in (*self.OF_THE_PERSON, *known)]

    @property
    def sketched_fields(self) -> list[forms.BoundField]:
        """What an import has answered already; it can still be put right."""
        return [self[name] for name in self.SKETCHED] if self.sketch else []

    @property
    def is_sketch_wrong(self) -> bool:
        """Say whether something that was known already is refused now."""
        return any(field.errors for field in self.sketched_fields)

    @property
    def person_fields(self) -> list[forms.BoundField]:
        """The questions about the first administrator."""
        return [self[name] for name in self.OF_THE_PERSON]


class SettingsForm(CompanyForm):
    """The company's settings, changed later."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CustomFieldForm(forms.Form):
    """A field that the company adds to its records."""

    kind = forms.ChoiceField(label=gettext_lazy("On which records"))
    label_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=80, required=False)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=40,
        help_text=gettext_lazy("For programs, imports and exports: small letters, digits, underscores. It stays."),
    )
    type = forms.ChoiceField(label=gettext_lazy("It holds"), choices=CustomField.Type.choices)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, where one or several are to be chosen."),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be filled in"), required=False)
    position = forms.IntegerField(label=gettext_lazy("Position"), min_value=0, max_value=999, initial=0)

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], field: CustomField | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        if field is not None:
            for name in ("kind", "key", "type"):
                del self.fields[name]

    def clean_choices(self) -> list[str]:
        """Read one choice from each line."""
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class ViewForm(forms.Form):
    """A way of looking at a list, to be kept."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    shared_with = forms.ChoiceField(label=gettext_lazy("Who sees it"), choices=SavedView.Audience.choices)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class AuditForm(forms.Form):
    """What the audit log is narrowed to."""

    actor = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=Person.objects.none(), required=False, empty_label=gettext_lazy("Anybody")
    )
    kind = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    record = forms.IntegerField(label=gettext_lazy("Number"), required=False, min_value=1, max_value=2**63 - 1)
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY, validators=SOMETIME)
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=DAY, validators=SOMETIME)
    before = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Person.objects.order_by("name", "id")
        self.fields["kind"].choices = [("", gettext_lazy("Everything")), *kinds]
