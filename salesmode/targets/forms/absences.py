"""What people fill in about leave; forms parse, operations save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.targets.forms.alerts import day_field
from salesmode.targets.models import Absence


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and why."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), empty_label=None)
    first_on = day_field(label=_("First day away"))
    last_on = day_field(label=_("Last day away"))
    kind_of = forms.ChoiceField(label=_("Kind of leave"), choices=Absence.Kind.choices)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = seen_owner_ids(by)
        people = Person.objects.people().active().order_by("name", "pk")
        self.fields["person"].queryset = people if owners is None else people.filter(pk__in=owners)
