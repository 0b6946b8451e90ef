"""What people fill in about products; forms parse, operations save."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.models import Product
from salesmode.kernel.custom_forms import add_custom_fields, gather_custom
from salesmode.kernel.here import company
from salesmode.kernel.money import UNIT_PRICE, WHOLE_DIGITS


class UnitPriceField(forms.DecimalField):
    """What one piece costs, shown without needless zeros."""

    def __init__(self, **kwargs: Any) -> None:
        decimals = UNIT_PRICE["decimal_places"]
        super().__init__(min_value=0, max_digits=WHOLE_DIGITS + decimals, decimal_places=decimals, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a price as people would."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class ProductForm(forms.Form):
    """A product as somebody writes it down."""

    name = forms.CharField(label=_("Product"), max_length=200)
    code = forms.CharField(label=_("Code"), max_length=60, required=False)
    series = forms.CharField(label=_("Series"), max_length=120, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    price = UnitPriceField(label=_("List price"), required=False)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = company().currency
        add_custom_fields(self, "product", product.custom if product else None)

    def clean_currency(self) -> str:
        """Write a currency in capitals."""
        return self.cleaned_data["currency"].upper()

    def clean(self) -> dict[str, Any]:
        """Gather the company's own fields into one."""
        return gather_custom(super().clean() or {})
