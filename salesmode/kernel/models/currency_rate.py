"""What one unit of a foreign currency is worth in the company's own, from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CurrencyRate(models.Model):
    """What one unit of a currency is worth in the company's currency, from a day on until the next rate."""

    currency = models.CharField(_("Currency"), max_length=3)
    valid_from = models.DateField(_("Valid from"))
    rate = models.DecimalField(_("Worth in the company's currency"), max_digits=20, decimal_places=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="currency_has_one_rate_a_day"),
            models.CheckConstraint(name="currency_rate_is_positive", condition=models.Q(rate__gt=0)),
        ]
