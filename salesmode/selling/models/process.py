"""How a deal goes: processes, their stages, and why deals are lost."""

from typing import Any, Self, cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from salesmode.kernel.asked import Asked
from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Refusal


class StageStillUsed(Refusal):
    """A stage with open deals in it cannot vanish."""

    def __init__(self, stage: "Stage", deals: int) -> None:
        super().__init__(
            ngettext(
                "%(deals)s open deal is in %(stage)s. Move it to another stage first.",
                "%(deals)s open deals are in %(stage)s. Move them to another stage first.",
                deals,
            )
            % {"deals": deals, "stage": stage.name}
        )


class ProcessQuerySet(RecordQuerySet):
    """Words for sets of processes."""

    def visible_to(self, person: Any) -> Self:
        """Return the processes a person may see: everyone who works here sees them all."""
        return self if getattr(person, "is_active", False) else self.none()

    def standard(self) -> "Process | None":
        """Return the process that new deals take unless told otherwise."""
        return cast("Process | None", self.standard_first().first())

    def standard_first(self) -> Self:
        """Order the processes in use, the one that new deals take first."""
        return self.filter(is_active=True).order_by("-is_default", "id")


class Process(Record):
    """One way of selling, from a first name to a signature."""

    name = models.CharField(_("Process"), max_length=120, unique=True)
    is_default = models.BooleanField(_("Default"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="there_is_one_default_process"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StageQuerySet(RecordQuerySet):
    """Words for sets of stages."""

    def visible_to(self, person: Any) -> Self:
        """Return the stages a person may see: everyone who works here sees them all."""
        return self if getattr(person, "is_active", False) else self.none()

    def in_use(self) -> Self:
        """Return the stages that deals can enter."""
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        """Order the stages as deals pass them."""
        return self.order_by("position", "id")

    def one_to_enter(self, person: Any, key: int) -> "Stage | None":
        """Return the stage with this key if deals can enter it and the person may see it, else None."""
        if not getattr(person, "is_active", False) or not 0 < key < 2**63:
            return None
        return cast("Stage | None", _TO_ENTER.first(key))

    def first_of_standard(self) -> "Stage | None":
        """Return where new deals begin unless told otherwise, with its process; None where there is none."""
        return cast("Stage | None", _FIRST_OF_STANDARD.first())


class Stage(Record):
    """One step of a process; deals stay in it for a while and leave it forward, back, won or lost."""

    class Category(models.TextChoices):
        """How sure a deal in this stage is, for the forecast."""

        PIPELINE = "pipeline", pgettext_lazy("a forecast category", "Pipeline")
        BEST_CASE = "best_case", _("Best case")
        MOST_LIKELY = "most_likely", _("Most likely")
        COMMIT = "commit", _("Commit")
        OMITTED = "omitted", _("Omitted")

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="stages", verbose_name=_("Process"))
    name = models.CharField(_("Stage"), max_length=120)
    position = models.PositiveSmallIntegerField(_("Position"))
    probability = models.DecimalField(_("Probability, %"), max_digits=5, decimal_places=2, default=0)
    category = models.CharField(
        _("Forecast category"), max_length=12, choices=Category.choices, default=Category.PIPELINE
    )
    expected_days = models.PositiveSmallIntegerField(_("Expected days"), null=True, blank=True)

    is_active = models.BooleanField(_("In use"), default=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["process", "name"],
                condition=models.Q(is_active=True),
                name="stage_name_is_unique_in_its_process",
            ),
            models.CheckConstraint(
                name="stage_probability_is_a_percentage", condition=models.Q(probability__range=(0, 100))
            ),
        ]

    def __str__(self) -> str:
        return self.name


_TO_ENTER = Asked(lambda key: Stage.objects.in_use().filter(pk=key), int)
_FIRST_OF_STANDARD = Asked(
    lambda: (
        Stage.objects.in_use()
        .filter(process=models.Subquery(Process.objects.standard_first().values("pk")[:1]))
        .in_order()
        .select_related("process")[:1]
    )
)


class LossReasonQuerySet(RecordQuerySet):
    """Words for sets of loss reasons."""

    def visible_to(self, person: Any) -> Self:
        """Return the reasons a person may see: everyone who works here sees them all."""
        return self if getattr(person, "is_active", False) else self.none()

    def in_use(self) -> Self:
        """Return the reasons to choose from."""
        return self.filter(is_active=True).order_by("id")


class LossReason(Record):
    """A reason that deals are lost for, to choose from."""

    name = models.CharField(_("Reason"), max_length=120, unique=True)
    is_active = models.BooleanField(_("In use"), default=True)

    objects = LossReasonQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
