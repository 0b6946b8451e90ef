"""What a review asks: metrics with targets, competencies with anchors, and how results become grades."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.reviews.models.scoring import Grade, grades_of


class ReviewTemplate(Record):
    """A form for reviews; rounds that were opened keep the lines that it had then."""

    name = models.CharField(_("Review form"), max_length=120, unique=True)
    guidance = models.TextField(_("What to bear in mind"), blank=True)
    grades = models.JSONField(default=list)
    is_active = models.BooleanField(_("In use"), default=True)

    objects = RecordQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> tuple[Grade, ...]:
        """Return the grades, the best first."""
        return grades_of(self.grades)


class LineBase(models.Model):
    """What one line of a form asks: a number against its target, or a competency on five levels."""

    class Kind(models.TextChoices):
        """What a line is about."""

        METRIC = "metric", _("Number")
        COMPETENCY = "competency", _("Competency")

    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    metric = models.CharField(_("Number"), max_length=60, blank=True)
    name = models.CharField(_("Competency"), max_length=120, blank=True)
    anchors = models.JSONField(default=list, blank=True)
    weight = models.DecimalField(_("Weight"), max_digits=5, decimal_places=2)
    # Without a target of its own, a number is held against the person's goal for the period.
    target = models.DecimalField(_("Target"), max_digits=20, decimal_places=6, null=True, blank=True)
    cap = models.DecimalField(_("At most, %"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_metric(self) -> bool:
        """Whether this line is read from the records."""
        return self.kind == self.Kind.METRIC

    @property
    def label(self) -> str:
        """Return what the line is called."""
        known = REGISTRY.get(self.metric)
        return str(known.label) if known else self.name or self.metric

    @property
    def unit(self) -> str:
        """Return what the number is counted in."""
        known = REGISTRY.get(self.metric)
        return known.unit if known else "count"


class TemplateLine(LineBase):
    """One line of a form."""

    template = models.ForeignKey(ReviewTemplate, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            models.CheckConstraint(name="template_line_weighs_something", condition=Q(weight__gt=0, weight__lte=100)),
            models.CheckConstraint(
                name="template_line_asks_something",
                condition=Q(kind="metric") & ~Q(metric="") | Q(kind="competency") & ~Q(name=""),
            ),
        ]
