"""What teams have taken up, what that changed, and what it was before."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.kernel.models import Record, RecordQuerySet
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person, PersonScope, Team


class NotInForce(Refusal):
    """What is given up already cannot be adjusted, decided on or given up again."""

    def __init__(self) -> None:
        super().__init__(_("This was taken back already."))


class ScopedQuerySet(RecordQuerySet):
    """Words for what holds for a team, or for the company."""

    def visible_to(self, person: Any) -> "ScopedQuerySet":
        """Return what concerns a person: the company's, the own team's and those above, and the teams they lead."""
        if not getattr(person, "is_active", False):
            return self.none()
        if person.sees_all:
            return self
        return self.filter(Q(team=None) | Q(team__in=teams_seen_by(person)))

    def in_force(self) -> "ScopedQuerySet":
        """Return what was not taken back."""
        return self.filter(ended_at=None)


def teams_seen_by(person: Person) -> set[int]:
    """Return the teams whose mode somebody may see: the own one, those above it, and those of people below."""
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    seen = set(Team.objects.filter(lead=person).values_list("pk", flat=True))
    if person.role == Person.Role.MANAGER:
        below = PersonScope.objects.filter(viewer=person).exclude(owner__team=None)
        seen |= set(below.values_list("owner__team", flat=True))
    if person.team_id:
        seen.add(person.team_id)
    for team in list(seen):
        above = parents.get(team)
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
    return seen


class Adoption(Record):
    """What somebody took up at once for a team or the company: a mode, or single practices."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="adoptions")
    mode = models.CharField(max_length=40, blank=True)
    from_day = models.DateField()
    note = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    @property
    def is_in_force(self) -> bool:
        """Whether it was not taken back."""
        return self.ended_at is None

    def mark_taken_back(self, *, on: date, at: datetime) -> None:
        """End it; raises NotInForce."""
        if not self.is_in_force:
            raise NotInForce
        self.ended_at, self.ended_on = at, on


class AdoptedPractice(Record):
    """One practice of one team, or of the company, with its parameters, from a day on."""

    class Decision(models.TextChoices):
        """What somebody decided after looking at what it brought."""

        KEEP = "keep", "keep"
        ADJUST = "adjust", "adjust"
        TAKE_BACK = "take_back", "take_back"

    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="practices")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="practices")
    code = models.CharField(max_length=40)
    mode = models.CharField(max_length=40, blank=True)
    parameters = models.JSONField(default=dict)
    from_day = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decision_note = models.TextField(blank=True, max_length=2000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "team"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="practice_is_adopted_once",
            ),
        ]
        indexes = [models.Index(fields=["team", "code"], name="practice_by_team")]

    @classmethod
    def kind(cls) -> str:
        """Return the word that events use for this record."""
        return "practice"

    @property
    def is_in_force(self) -> bool:
        """Whether it was not taken back."""
        return self.ended_at is None

    def holds_on(self, day: date) -> bool:
        """Say whether the practice is to be done on a day."""
        return self.from_day <= day and (self.ended_on is None or day < self.ended_on)

    def mark_adjusted(self, parameters: dict[str, Any]) -> None:
        """Go on with other parameters; raises NotInForce."""
        if not self.is_in_force:
            raise NotInForce
        self.parameters = parameters

    def mark_decided(self, decision: str, *, note: str, by: Person, at: datetime) -> None:
        """Remember what was decided; raises NotInForce."""
        if not self.is_in_force:
            raise NotInForce
        self.decision, self.decision_note, self.decided_by, self.decided_at = decision, note, by, at

    def mark_taken_back(self, *, on: date, at: datetime) -> None:
        """End it; raises NotInForce."""
        if not self.is_in_force:
            raise NotInForce
        self.ended_at, self.ended_on = at, on


class ChangedSetting(models.Model):
    """One setting that a practice changed: what it was before, what it is since."""

    practice = models.ForeignKey(AdoptedPractice, on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=60)
    slot = models.CharField(max_length=120, blank=True)
    asked = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    # Nothing where there was nothing to set it to: no form, no scorecard.
    after = models.JSONField(null=True)
    # How it went when the practice was taken back: restored, or left as somebody had changed it since.
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "part", "slot"], name="practice_changes_a_setting_once")
        ]
