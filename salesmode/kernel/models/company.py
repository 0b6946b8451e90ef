"""The company that this installation serves."""

import zoneinfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompanyQuerySet(models.QuerySet["Company"]):
    """Words for the one row there is."""

    def current(self) -> "Company":
        """Return the company, or an unsaved one with the defaults while nothing is set up yet."""
        return self.filter(pk=1).first() or Company()


class Company(models.Model):
    """The company that this installation serves: its name, language, currency, time zone and fiscal year."""

    name = models.CharField(_("Company name"), max_length=200, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai")
    fiscal_year_starts_in = models.PositiveSmallIntegerField(_("First month of the fiscal year"), default=1)
    country = models.CharField(_("Country of public holidays"), max_length=2, default="CN")
    set_up_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_company", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="fiscal_year_starts_in_a_month", condition=models.Q(fiscal_year_starts_in__range=(1, 12))
            ),
        ]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which days, months and quarters begin."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_set_up(self) -> bool:
        """Whether somebody has answered the first-run questions."""
        return self.set_up_at is not None
