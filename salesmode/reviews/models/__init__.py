"""The nouns of managing people: reviews, plans, challenges, thanks."""

from salesmode.reviews.models.challenge import Challenge, ChallengeOver, ChallengePlace, ChallengeRunning
from salesmode.reviews.models.cycle import ReviewCycle
from salesmode.reviews.models.meeting import Action, DealDecision, Meeting
from salesmode.reviews.models.plan import (
    CheckIn,
    ImprovementPlan,
    PlanDecided,
    PlanDecision,
    PlanGoal,
    PlanNotOver,
    PlanStep,
)
from salesmode.reviews.models.recognition import Badge, DisplayChoice, Recognition
from salesmode.reviews.models.report import ReportComment, ReportDraft, ReportReading, ReportReminder, WorkReport
from salesmode.reviews.models.review import (
    NotYourTurn,
    Review,
    ReviewLine,
    ReviewLocked,
    ReviewRound,
    SelfReviewMissing,
    SignedAlready,
)
from salesmode.reviews.models.rhythm import Rhythm
from salesmode.reviews.models.sides import Calibration, ReviewScore, ReviewSide, Signature
from salesmode.reviews.models.template import ReviewTemplate, TemplateLine

__all__ = [
    "Action",
    "Badge",
    "Calibration",
    "Challenge",
    "ChallengeOver",
    "ChallengePlace",
    "ChallengeRunning",
    "CheckIn",
    "DealDecision",
    "DisplayChoice",
    "ImprovementPlan",
    "Meeting",
    "NotYourTurn",
    "PlanDecided",
    "PlanDecision",
    "PlanGoal",
    "PlanNotOver",
    "PlanStep",
    "Recognition",
    "ReportComment",
    "ReportDraft",
    "ReportReading",
    "ReportReminder",
    "Review",
    "ReviewCycle",
    "ReviewLine",
    "ReviewLocked",
    "ReviewRound",
    "ReviewScore",
    "ReviewSide",
    "ReviewTemplate",
    "Rhythm",
    "SelfReviewMissing",
    "Signature",
    "SignedAlready",
    "TemplateLine",
    "WorkReport",
]
