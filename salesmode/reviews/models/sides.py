"""What both sides say in a review, what calibration says beside it, and who signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.people.models import Person
from salesmode.reviews.models.review import Review, ReviewLine


class ReviewSide(models.Model):
    """One side's view of a review: the person's own, or the manager's; the manager's result is never written over."""

    class Side(models.TextChoices):
        """Whose view it is."""

        SELF = "self", _("Own view")
        MANAGER = "manager", _("Manager's view")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="sides")
    side = models.CharField(max_length=8, choices=Side.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    strengths = models.TextField(_("Strengths"), blank=True)
    improvements = models.TextField(_("What to improve"), blank=True)
    comment = models.TextField(_("Comment"), blank=True)
    result = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    covered = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "side"], name="one_view_of_each_side")]


class ReviewScore(models.Model):
    """The level that one side gives one competency."""

    side = models.ForeignKey(ReviewSide, on_delete=models.CASCADE, related_name="scores")
    line = models.ForeignKey(ReviewLine, on_delete=models.CASCADE, related_name="scores")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["side", "line"], name="one_level_of_each_side"),
            models.CheckConstraint(name="level_is_from_1_to_5", condition=Q(level=None) | Q(level__range=(1, 5))),
        ]


class Calibration(models.Model):
    """A result said otherwise than the manager said it, with the reason; the latest counts, all stay."""

    class Cause(models.TextChoices):
        """When it was said."""

        CALIBRATION = "calibration", _("Calibration")
        SECOND_OPINION = "second_opinion", _("Second opinion")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="calibrations")
    cause = models.CharField(max_length=16, choices=Cause.choices, default=Cause.CALIBRATION)
    former = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    result = models.DecimalField(max_digits=9, decimal_places=2)
    reason = models.TextField(_("Reason"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="calibration_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="calibrated_result_is_not_negative", condition=Q(result__gte=0)),
        ]


class Signature(models.Model):
    """One side's signature under a review: once."""

    class Role(models.TextChoices):
        """Who signs."""

        PERSON = "person", _("The person")
        LEADER = "leader", _("The manager")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=6, choices=Role.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="each_side_signs_once")]
