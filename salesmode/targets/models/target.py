"""What a number is to reach in a fiscal year: by whom, month by month, on three levels, in versions."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from salesmode.analytics.measure import dimensions_of
from salesmode.analytics.metrics import REGISTRY, Metric, metric
from salesmode.kernel.models import Record
from salesmode.kernel.money import share_out, smallest_unit
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.targets.models.pace import FINE
from salesmode.targets.models.whose import SomebodysQuerySet, Unit, Whose

MONTHS = 12
LEVELS = ("base", "stretch", "challenge")
LARGEST = Decimal(10) ** 15


class TargetNotDraft(Refusal):
    """Only a draft can be changed, approved or thrown away."""

    def __init__(self, target: "Target") -> None:
        said = {"status": target.get_status_display()}
        super().__init__(_g("This version is not a draft any more (%(status)s). Make a new version.") % said)


class TargetNotApproved(Refusal):
    """Only what is approved can be locked."""

    def __init__(self, target: "Target") -> None:
        said = {"status": target.get_status_display()}
        super().__init__(_g("Only an approved target can be locked; this one is: %(status)s.") % said)


def can_aim_at(code: str, unit: str) -> bool:
    """Say whether a metric can be a target of a kind of unit: it must be broken down by it."""
    return code in REGISTRY and (unit == "company" or unit in dimensions_of(REGISTRY[code]))


def adds_up(asked: Metric) -> bool:
    """Say whether the months of a number add up to the year; a rate or a balance holds for each month alike."""
    return asked.kind == "flow" and not asked.per and (asked.adds_up or asked.unit == "count")


class TargetQuerySet(SomebodysQuerySet):
    """Words for sets of targets."""

    def in_force(self) -> Self:
        """Return the targets that hold: approved or locked, not superseded."""
        return self.filter(status__in=Target.IN_FORCE)

    def drafts(self) -> Self:
        """Return what is not approved yet."""
        return self.filter(status=Target.Status.DRAFT)

    def of(self, code: str, unit: str, key: str, starts_on: date) -> Self:
        """Return all versions of one target."""
        return self.filter(metric=code, unit=unit, key=key, starts_on=starts_on)


class Target(Record):
    """One version of what a number is to reach in a fiscal year, for the company or a part of it."""

    Unit = Unit

    class Status(models.TextChoices):
        """How binding a version is."""

        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        LOCKED = "locked", _("Locked")
        SUPERSEDED = "superseded", _("Superseded")

    class Distribution(models.TextChoices):
        """How a year is spread over its months."""

        EVEN = "even", _("Even")
        LAST_YEAR = "last_year", _("Like last year")
        SHARES = "shares", _("Own percentages")
        MONTHS = "months", _("Own amounts")

    IN_FORCE = ("approved", "locked")

    metric = models.CharField(_("Metric"), max_length=60)
    unit = models.CharField(_("For"), max_length=10, choices=Unit.choices)
    key = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    owner = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Product")
    )
    starts_on = models.DateField(_("Year begins on"))
    edition = models.PositiveSmallIntegerField(_("Version"), default=1)
    status = models.CharField(_("Status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    currency = models.CharField(max_length=3, blank=True)
    distribution = models.CharField(
        _("Distribution"), max_length=10, choices=Distribution.choices, default=Distribution.EVEN
    )
    shares = ArrayField(models.DecimalField(max_digits=7, decimal_places=4), default=list, blank=True)
    base = models.DecimalField(_("Target"), max_digits=20, decimal_places=4)
    stretch = models.DecimalField(_("Stretch"), max_digits=20, decimal_places=4, null=True, blank=True)
    challenge = models.DecimalField(
        pgettext_lazy("target", "Challenge"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    base_months = ArrayField(models.DecimalField(max_digits=20, decimal_places=4))
    stretch_months = ArrayField(models.DecimalField(max_digits=20, decimal_places=4), default=list, blank=True)
    challenge_months = ArrayField(models.DecimalField(max_digits=20, decimal_places=4), default=list, blank=True)
    # The levels as they were asked for; what they come to is less where only the time somebody is there counts.
    asked_for = models.JSONField(default=dict, blank=True, editable=False)
    is_prorated = models.BooleanField(_("For the time somebody is there"), default=False)
    ramp = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    factors = ArrayField(models.DecimalField(max_digits=7, decimal_places=6), default=list, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "unit", "key", "starts_on"],
                condition=Q(status="draft"),
                name="target_has_one_draft",
            ),
            models.UniqueConstraint(
                fields=["metric", "unit", "key", "starts_on"],
                condition=Q(status__in=["approved", "locked"]),
                name="target_has_one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["metric", "unit", "key", "starts_on", "edition"], name="target_version_is_unique"
            ),
            models.CheckConstraint(name="target_is_not_negative", condition=Q(base__gte=0)),
            models.CheckConstraint(
                name="target_names_whose_it_is",
                condition=Q(unit="company", key="")
                | Q(unit="team", team__isnull=False)
                | Q(unit="person", owner__isnull=False)
                | Q(unit="product", product__isnull=False)
                | (Q(unit="region") & ~Q(key="")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "key", "starts_on"], name="target_by_unit"),
            models.Index(fields=["starts_on", "metric", "status"], name="target_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.whose_label} · {self.asked.label} {self.year_label}"

    @property
    def asked(self) -> Metric:
        """Return the metric that is to be reached."""
        return metric(self.metric)

    @property
    def whose(self) -> Whose:
        """Return for whom this is."""
        region = self.key if self.unit == "region" else ""
        return Whose(self.unit, self.team, self.owner, self.product, region)

    @property
    def whose_label(self) -> str:
        """What to call whose this is."""
        return self.whose.label

    @property
    def written_for(self) -> str:
        """Whose this is, so that a file can name it again: people by e-mail, products by key or code."""
        if self.owner is not None:
            return self.owner.email
        if self.product is not None:
            return self.product.external_key or self.product.code or self.product.name
        return self.team.name if self.team is not None else self.key

    @property
    def until(self) -> date:
        """The first day of the next year."""
        return add_months(self.starts_on, MONTHS)

    @property
    def year(self) -> int:
        """The fiscal year, called after the calendar year in which it ends."""
        return add_months(self.starts_on, MONTHS - 1).year

    @property
    def year_label(self) -> str:
        """What to call the year."""
        return str(self.year) if self.starts_on.month == 1 else f"FY{self.year}"

    @property
    def adds_up(self) -> bool:
        """Whether the months add up to the year."""
        return adds_up(self.asked)

    @property
    def is_draft(self) -> bool:
        """Whether this can still be changed."""
        return self.status == self.Status.DRAFT

    @property
    def unit_step(self) -> Decimal:
        """The smallest step of this number: a cent, a deal, or a hundredth of a percent."""
        if not self.adds_up:
            return FINE
        return smallest_unit(self.currency) if self.asked.unit == "money" else Decimal(1)

    def months_of(self, level: str = "base") -> list[Decimal]:
        """Return the twelve months of a level; empty where nobody set one."""
        return list(getattr(self, f"{level}_months"))

    @property
    def counts_since(self) -> date | None:
        """The first month that asks for anything of somebody whose time is counted; None where all time counts."""
        asks = [number for number, month in enumerate(self.base_months) if month] if self.is_prorated else []
        return add_months(self.starts_on, asks[0]) if asks else None

    def whole(self, level: str = "base") -> Decimal | None:
        """Return a level as it was asked for, before only the time somebody is there was counted."""
        value = self.asked_for.get(level)
        return None if value is None else Decimal(value)

    @property
    def asked_months(self) -> list[Decimal]:
        """Return the months of the target as they were given, before only the time somebody is there was counted."""
        given = self.asked_for.get("months")
        return [Decimal(month) for month in given] if given else list(self.base_months)

    def month_firsts(self) -> list[date]:
        """Return the first day of each month."""
        return [add_months(self.starts_on, number) for number in range(MONTHS)]

    def set_numbers(
        self,
        *,
        base: Decimal | None = None,
        stretch: Decimal | None = None,
        challenge: Decimal | None = None,
        distribution: str = "even",
        shares: Sequence[Decimal] = (),
        months: Sequence[Decimal] | None = None,
        last_year: Sequence[Decimal] = (),
        factors: Sequence[Decimal] = (),
    ) -> None:
        """Take over totals and spread them, or months and add them up.

        Raises TargetNotDraft, Invalid at the field that is wrong.
        """
        if not self.is_draft:
            raise TargetNotDraft(self)
        if distribution == self.Distribution.MONTHS:
            base = self._sum(_twelve(months))
        self.distribution, self.factors = distribution, list(factors)
        self.shares = list(shares) if distribution == self.Distribution.SHARES else []
        levels = self._levels(base, stretch, challenge)
        weights = self._weights(months, last_year)
        self.asked_for = {name: None if value is None else f"{value:f}" for name, value in levels.items()}
        if distribution == self.Distribution.MONTHS:
            self.asked_for["months"] = [f"{month:f}" for month in _twelve(months)]
        for name, total in levels.items():
            spread = [] if total is None else self._spread(total, weights)
            setattr(self, f"{name}_months", spread)
            setattr(self, name, None if total is None else self._sum(spread))

    def _sum(self, months: Sequence[Decimal]) -> Decimal:
        if not self.adds_up:
            return (sum(months, Decimal()) / len(months)).quantize(FINE)
        return sum(months, Decimal())

    def _levels(
        self, base: Decimal | None, stretch: Decimal | None, challenge: Decimal | None
    ) -> dict[str, Decimal | None]:
        wrong: dict[str, list[str]] = {}
        levels = {"base": base, "stretch": stretch, "challenge": challenge}
        for name, value in levels.items():
            if value is not None and (not value.is_finite() or value < 0):
                wrong[name] = [_g("A target is not below zero.")]
            elif value is not None and value >= LARGEST:
                wrong[name] = [_g("That is too large.")]
            elif value is not None:
                levels[name] = value.quantize(self.unit_step)
        if base is None:
            wrong["base"] = [_g("Say what is to be reached.")]
        if not wrong:
            lower = self.asked.direction == "lower"
            for easier, harder in (("base", "stretch"), ("stretch", "challenge"), ("base", "challenge")):
                low, high = levels[easier], levels[harder]
                if low is not None and high is not None and (high > low if lower else high < low):
                    wrong.setdefault(harder, [_g("This level is not easier than the one before.")])
        if wrong:
            raise Invalid(wrong)
        return levels

    def _weights(self, months: Sequence[Decimal] | None, last_year: Sequence[Decimal]) -> list[Decimal]:
        kind = self.distribution
        if kind not in self.Distribution.values:
            raise Invalid({"distribution": [_g("Choose even, like last year, own percentages or own amounts.")]})
        if kind == self.Distribution.MONTHS:
            found = _twelve(months)
            return found if any(found) else [Decimal(1)] * MONTHS
        if kind == self.Distribution.SHARES:
            return self._checked_shares()
        if kind == self.Distribution.LAST_YEAR:
            found = [max(Decimal(0), Decimal(value)) for value in last_year]
            if len(found) != MONTHS or not any(found):
                raise Invalid({"distribution": [_g("There is nothing from last year to take the shape from.")]})
            return found
        return [Decimal(1)] * MONTHS

    def _checked_shares(self) -> list[Decimal]:
        shares = [Decimal(share) for share in self.shares]
        if len(shares) != MONTHS:
            raise Invalid({"shares": [_g("Give twelve percentages, one for each month.")]})
        if any(not share.is_finite() or share < 0 or share > 100 for share in shares):
            raise Invalid({"shares": [_g("Each percentage lies between 0 and 100.")]})
        if sum(shares) != 100:
            raise Invalid({"shares": [_g("The percentages add up to %(sum)s, not to 100.") % {"sum": sum(shares)}]})
        return shares

    def _spread(self, total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
        """Spread a total by largest remainder; a rate holds for each month; then count only the time there."""
        if self.adds_up:
            spread = share_out(total, weights, self.unit_step)
            if self.factors:
                spread = [
                    (month * factor).quantize(self.unit_step)
                    for month, factor in zip(spread, self.factors, strict=True)
                ]
            return spread
        return [Decimal(w) for w in weights] if self.distribution == self.Distribution.MONTHS else [total] * MONTHS

    def mark_approved(self, *, at: datetime) -> None:
        """Hold from now on; raises TargetNotDraft."""
        if not self.is_draft:
            raise TargetNotDraft(self)
        self.status, self.approved_at = self.Status.APPROVED, at

    def mark_locked(self, *, at: datetime) -> None:
        """Hold for good: only a head of sales replaces it; raises TargetNotApproved."""
        if self.status != self.Status.APPROVED:
            raise TargetNotApproved(self)
        self.status, self.locked_at = self.Status.LOCKED, at


def _twelve(months: Sequence[Decimal] | None) -> list[Decimal]:
    found = [Decimal(month) for month in months or ()]
    if len(found) != MONTHS:
        raise Invalid({"months": [_g("Give twelve amounts, one for each month.")]})
    if any(not month.is_finite() or month < 0 for month in found):
        raise Invalid({"months": [_g("A target is not below zero.")]})
    return found
