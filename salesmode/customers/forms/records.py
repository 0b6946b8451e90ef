"""What people fill in about customers, contacts and interactions; forms parse, operations save."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.customers import queries
from salesmode.customers.models import Contact, Customer, ErasureReason, Interaction
from salesmode.kernel.custom_forms import add_custom_fields, gather_custom
from salesmode.people.models import Person

DAY = {"type": "date"}
LONG = {"rows": 3}


class MomentInput(forms.DateTimeInput):
    """A day and time of day, as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PickerInput(forms.TextInput):
    """A name that is completed from the server as somebody types; works as a plain text box."""

    template_name = "customers/picker.html"
    needs_multipart_form = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was typed and the number of the customer that was chosen from the list."""
        return (data.get(name, ""), data.get(f"{name}_id", ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say whether the form did not have this field at all."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the text box shows."""
        typed, chosen = value if isinstance(value, tuple) else ("", "")
        context = super().get_context(name, typed, attrs)
        return context | {"chosen": chosen, "address": reverse("customers:pick")}


class CustomerPicker(forms.Field):
    """Choose a customer that this person may see, by typing part of its name; gives the customer itself.

    Without JavaScript the exact name is typed, or its number as #12 where several have the same name.
    """

    widget = PickerInput

    def __init__(self, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen_by = seen_by

    def prepare_value(self, value: Any) -> Any:
        """Show a customer by its name."""
        if isinstance(value, int):
            value = Customer.objects.visible_to(self.seen_by).filter(pk=value).first()
        return (value.name, value.pk) if isinstance(value, Customer) else value

    def to_python(self, value: Any) -> Customer | None:
        """Find the customer that was meant; raises ValidationError."""
        if value is None or isinstance(value, Customer):
            return value
        typed, chosen = (str(part).replace("\x00", "").strip()[:200] for part in value)
        if not typed:
            return None
        visible = Customer.objects.visible_to(self.seen_by)
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
            found = visible.filter(pk=int(chosen), name=typed).first()
            if found is not None:
                return found
        called = list(queries.customer_called(typed, seen_by=self.seen_by)[:6])
        if not called:
            called = [each for each in queries.pickable_customers(typed, seen_by=self.seen_by) if typed in each.name]
        if len(called) == 1:
            return called[0]
        if not called:
            raise forms.ValidationError(_g("No customer of yours is called that. Type part of the name."))
        offered = ", ".join(f"{each.name} #{each.pk}" for each in called[:6])
        raise forms.ValidationError(
            _g("Several customers match. Give the number too: %(offered)s") % {"offered": offered}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether another customer was chosen."""
        shown = self.prepare_value(initial)
        return (shown[0] if isinstance(shown, tuple) else "") != (data[0] if data else "")


class ErasedAgain(forms.Form):
    """A form for somebody new: who was erased once is written down again only by somebody who says so."""

    is_new = True

    def clean(self) -> dict[str, Any]:
        """Warn of a number or address of somebody whose data was erased, and ask once whether it is meant."""
        given = super().clean() or {}
        erased = queries.erased_among([given]) if self.is_new else {}
        if erased and not self.data.get(self.add_prefix("is_again")):
            self.add_error(None, queries.erased_sentence(erased[0]))
        if erased:
            agreed = forms.BooleanField(label=_("They agree to be written down again."), required=False)
            self.fields = {"is_again": agreed, **self.fields}
        return given


class TagsField(forms.CharField):
    """Words separated by commas, Chinese or Latin."""

    def prepare_value(self, value: Any) -> Any:
        """Show the words on one line."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words."""
        text = super().to_python(value) or ""
        words = text.replace("，", ",").replace("、", ",").split(",")
        return [word.strip()[:40] for word in words if word.strip()]


def active_people() -> Any:
    """Return the people who can look after customers."""
    return Person.objects.active().exclude(role=Person.Role.AUDITOR).order_by("name", "id")


class CustomerForm(ErasedAgain):
    """A customer as somebody writes it down."""

    name = forms.CharField(label=_("Customer"), max_length=200)
    type = forms.ChoiceField(label=_("Type"), choices=Customer.Kind.choices, initial=Customer.Kind.COMPANY)
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", "—"), *Customer.Grade.choices], required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    province = forms.CharField(label=_("Province"), max_length=40, required=False)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    district = forms.CharField(label=_("District"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    latitude = forms.FloatField(
        label=_("Latitude"), min_value=-90, max_value=90, required=False,
        help_text=_("In degrees, as a phone's GPS gives them (WGS 84); check-ins are compared with it."),
    )  # fmt: skip
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    country = forms.CharField(label=_("Country or region"), max_length=80, required=False)
    tax_number = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=2_000_000_000, required=False)
    annual_revenue = forms.DecimalField(label=_("Annual revenue"), max_digits=18, decimal_places=3, required=False)
    founded_in = forms.IntegerField(label=_("Founded in"), min_value=1000, max_value=2100, required=False)
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args: Any, seen_by: Person, customer: Customer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = customer is None
        for part in ("province", "city", "district"):
            self.fields[part].widget.attrs["data-place"] = part
        self.fields["parent"] = CustomerPicker(seen_by, label=_("Subsidiary of"), required=False)
        if customer is None:
            self.fields["to_pool"] = forms.BooleanField(
                label=_("Put it into the pool"), required=False, help_text=_("Anybody who sells may then claim it.")
            )
            self.order_fields(["name", "type"])
        add_custom_fields(self, "customer", customer.custom if customer else None)

    def clean_founded_in(self) -> int | None:
        """Refuse a year that is still to come."""
        year = self.cleaned_data["founded_in"]
        if year is not None and year > now().year:
            raise forms.ValidationError(_g("This year is still to come."))
        return year

    def clean(self) -> dict[str, Any]:
        """Gather the company's own fields into one."""
        return gather_custom(super().clean() or {})


class HandOverForm(forms.Form):
    """Whose a customer is to be."""

    to = forms.ModelChoiceField(
        label=_("New owner"), queryset=Person.objects.none(), empty_label=_("Choose a colleague")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = active_people()  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    """Why a customer goes back to the pool."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class ShareForm(forms.Form):
    """Who else is to look at a customer."""

    person = forms.ModelChoiceField(
        label=_("Colleague"), queryset=Person.objects.none(), empty_label=_("Choose a colleague")
    )
    can_write = forms.BooleanField(label=_("May also work on it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = active_people()  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Which customer is the same as this one."""

    def __init__(self, *args: Any, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("It disappears; its contacts, deals, orders and history move here. This cannot be undone.")
        self.fields["other"] = CustomerPicker(seen_by, label=_("Merge this customer into it"), help_text=help_text)


class EraseForm(forms.Form):
    """Why a contact's personal data is erased, and that it is meant."""

    reason = forms.ChoiceField(label=_("Why"), choices=ErasureReason.choices, widget=forms.RadioSelect)
    confirmed = forms.BooleanField(label=_("I know that nobody can bring it back."))


class TagsForm(forms.Form):
    """Which tags to put on and take off."""

    add = TagsField(label=_("Add tags"), required=False)
    remove = TagsField(label=_("Remove tags"), required=False)


class FollowUpForm(forms.Form):
    """When to speak next."""

    next_contact_at = forms.DateTimeField(label=_("Next contact"), required=False, widget=MomentInput())


class InteractionForm(forms.Form):
    """A contact with a customer, and when to speak again."""

    channel = forms.ChoiceField(label=_("How"), choices=Interaction.Channel.choices)
    content = forms.CharField(
        label=_("What was said"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.ModelChoiceField(label=_("With"), queryset=Contact.objects.none(), required=False, empty_label="—")
    happened_at = forms.DateTimeField(label=_("When"), required=False, widget=MomentInput())
    next_contact_at = forms.DateTimeField(label=_("Next contact"), required=False, widget=MomentInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=10_000, required=False)
    is_inbound = forms.BooleanField(label=_("They came to us"), required=False)

    def __init__(self, *args: Any, customer: Customer | None = None, seen_by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if customer is not None:
            there = Contact.objects.filter(customer=customer).visible_to(seen_by).still_there().order_by("name", "id")
            self.fields["contact"].queryset = there  # type: ignore[attr-defined]
        if customer is None:
            del self.fields["contact"]

    @staticmethod
    def blank() -> dict[str, Any]:
        """Return what the composer starts with."""
        return {"happened_at": localtime(now()).replace(second=0, microsecond=0)}


class ContactForm(ErasedAgain):
    """Somebody at a customer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    wechat = forms.CharField(label=_("WeChat"), max_length=80, required=False)
    birthday = forms.DateField(
        label=_("Birthday"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    is_decision_maker = forms.BooleanField(label=_("Decision maker"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args: Any, seen_by: Person, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = contact is None
        self.fields["customer"] = CustomerPicker(seen_by, label=_("Customer"), required=False)
        self.order_fields(["name", "customer"])
        add_custom_fields(self, "contact", contact.custom if contact else None)

    def clean(self) -> dict[str, Any]:
        """Gather the company's own fields into one."""
        return gather_custom(super().clean() or {})
