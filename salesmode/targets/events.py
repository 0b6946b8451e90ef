"""What targets and scorecards tell the world."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class TargetEvent(Event):
    """Something happened to a version of a target; the facts are its state after it."""

    target_id: int
    metric: str
    unit: str
    team_id: int | None = None
    owner_id: int | None = None
    product_id: int | None = None
    region: str = ""
    starts_on: date
    edition: int
    base: Decimal
    currency: str = ""


class TargetDrafted(TargetEvent):
    """Somebody wrote down what is to be reached."""

    name: ClassVar[str] = "target.drafted"


class TargetAmended(TargetEvent):
    """A draft was changed."""

    name: ClassVar[str] = "target.amended"


class TargetDiscarded(TargetEvent):
    """A draft was thrown away."""

    name: ClassVar[str] = "target.discarded"


class TargetApproved(TargetEvent):
    """From now on this version holds; the months of the one before are what it takes the place of."""

    name: ClassVar[str] = "target.approved"
    months: list[Decimal]
    former_months: list[Decimal] = []
    # The person's team, so that quotas can be added up by team.
    home_team_id: int | None = None


class TargetLocked(TargetEvent):
    """This version holds for good."""

    name: ClassVar[str] = "target.locked"


class TargetSheetEvent(Event):
    """Something happened to what a team, or the company, is to have targets for."""

    target_sheet_id: int
    metric: str
    team_id: int | None = None


class TargetSheetRequired(TargetSheetEvent):
    """From a day on a team, or the company, has approved targets and goes over them each quarter."""

    name: ClassVar[str] = "target_sheet.required"
    with_people: bool = True
    starts_on: date


class TargetSheetReleased(TargetSheetEvent):
    """From a day on nothing of its own is required of a team, or the company, any more."""

    name: ClassVar[str] = "target_sheet.released"
    ends_on: date


class TargetSheetConfirmed(TargetSheetEvent):
    """Somebody went over a team's targets for a quarter: everybody has one. `owner_id` is who leads the team."""

    name: ClassVar[str] = "target_sheet.confirmed"
    owner_id: int | None = None
    first_on: date
    targets: int


class ScorecardEvent(Event):
    """Something happened to a scorecard."""

    scorecard_id: int


class ScorecardDefined(ScorecardEvent):
    """Somebody designed a scorecard."""

    name: ClassVar[str] = "scorecard.defined"
    metrics: list[str] = []
    owner_id: int


class ScorecardAmended(ScorecardEvent):
    """A scorecard that is not in use was changed."""

    name: ClassVar[str] = "scorecard.amended"
    metrics: list[str] = []


class ScorecardUsed(ScorecardEvent):
    """From a day on a team, or the company, is measured by a scorecard."""

    name: ClassVar[str] = "scorecard.used"
    team_id: int | None = None
    starts_on: date


class ScorecardStopped(ScorecardEvent):
    """From a day on a team, or the company, is no longer measured by a scorecard of its own."""

    name: ClassVar[str] = "scorecard.stopped"
    team_id: int | None = None
    ends_on: date


class ScorecardBenchmarkSet(ScorecardEvent):
    """A team or a person is measured against another benchmark; none takes it back."""

    name: ClassVar[str] = "scorecard.benchmark_set"
    metric: str
    score: str
    team_id: int | None = None
    person_id: int | None = None
    value: Decimal | None = None


class AbsenceEvent(Event):
    """Somebody is away."""

    absence_id: int
    owner_id: int
    first_on: date
    last_on: date
    kind_of: str


class AbsenceNoted(AbsenceEvent):
    """Somebody wrote down when a person is away."""

    name: ClassVar[str] = "absence.noted"


class AbsenceWithdrawn(AbsenceEvent):
    """Somebody is not away after all."""

    name: ClassVar[str] = "absence.withdrawn"


class AlertRuleEvent(Event):
    """Something happened to a rule that raises alerts."""

    alert_rule_id: int
    metric: str
    kind: str
    team_id: int | None = None


class AlertRuleSet(AlertRuleEvent):
    """From a day on a number is watched, for a team or the company."""

    name: ClassVar[str] = "alert_rule.set"
    each: str
    starts_on: date


class AlertRuleRetired(AlertRuleEvent):
    """From a day on a number is no longer watched by this rule."""

    name: ClassVar[str] = "alert_rule.retired"
    ends_on: date


class AlertEvent(Event):
    """Something happened to an alert; `owner_id` is whom it concerns, for a team its lead."""

    alert_id: int
    alert_rule_id: int
    metric: str
    unit: str
    team_id: int | None = None
    owner_id: int | None = None
    severity: str


class AlertRaised(AlertEvent):
    """A number is not where it should be."""

    name: ClassVar[str] = "alert.raised"
    value: Decimal | None = None
    expected: Decimal | None = None
    first: date


class AlertAcknowledged(AlertEvent):
    """Somebody has seen an alert and takes care of it."""

    name: ClassVar[str] = "alert.acknowledged"


class DecisionEvent(Event):
    """Something happened to a decision; `owner_id` is who decided."""

    decision_id: int
    owner_id: int
    metric: str
    unit: str
    team_id: int | None = None
    person_id: int | None = None
    alert_id: int | None = None


class DecisionTaken(DecisionEvent):
    """Somebody decided something to move a number."""

    name: ClassVar[str] = "decision.taken"
    review_on: date
    expected_from: Decimal | None = None
    expected_to: Decimal


class DecisionReviewed(DecisionEvent):
    """A decision met what became of its number."""

    name: ClassVar[str] = "decision.reviewed"
    verdict: str
    before: Decimal | None = None
    after: Decimal | None = None


class DecisionLessonNoted(DecisionEvent):
    """Somebody wrote down what was learned from a decision."""

    name: ClassVar[str] = "decision.lesson_noted"
