"""Who is away, from when until when: so that nobody is measured by days they were not there."""

from datetime import date

from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel import wording
from salesmode.kernel.models import Record
from salesmode.kernel.refusals import Invalid
from salesmode.people.visibility import OwnedQuerySet


class Absence(Record):
    """Some days on which somebody does not work, the last one included."""

    class Kind(models.TextChoices):
        """Why somebody is away."""

        LEAVE = "leave", _("Annual leave")
        SICK = "sick", _("Sick leave")
        PARENTAL = "parental", _("Parental leave")
        OTHER = "other", _("Other leave")

    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="absences", verbose_name=_("Who"))
    first_on = models.DateField(_("First day away"))
    last_on = models.DateField(_("Last day away"))
    kind_of = models.CharField(_("Kind of leave"), max_length=20, choices=Kind.choices, default=Kind.LEAVE)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_began", condition=models.Q(last_on__gte=models.F("first_on"))
            )
        ]
        indexes = [models.Index(fields=["owner", "first_on"], name="absence_by_owner")]

    def __str__(self) -> str:
        return f"{wording.day(self.first_on)} – {wording.day(self.last_on)}"

    def ensure_valid(self) -> None:
        """Refuse days in the wrong order, and more than two years; raises Invalid."""
        if self.last_on < self.first_on:
            raise Invalid({"last_on": [_g("The last day is not before the first.")]})
        if (self.last_on - self.first_on).days > 730:
            raise Invalid({"last_on": [_g("That is more than two years.")]})

    def covers(self, day: date) -> bool:
        """Say whether somebody is away on a day."""
        return self.first_on <= day <= self.last_on
