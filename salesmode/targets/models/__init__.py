"""The nouns of targets: what is to be reached, how it is spread and paced, scorecards, and who is away."""

from salesmode.targets.models.absence import Absence
from salesmode.targets.models.alert import Alert
from salesmode.targets.models.alert_rule import AlertRule
from salesmode.targets.models.decision import Decision
from salesmode.targets.models.scorecard import Benchmark, Scorecard, ScorecardLine, ScorecardUse
from salesmode.targets.models.target import Target, Whose
from salesmode.targets.models.target_sheet import TargetSheet, TargetSheetCheck

__all__ = [
    "Absence",
    "Alert",
    "AlertRule",
    "Benchmark",
    "Decision",
    "Scorecard",
    "ScorecardLine",
    "ScorecardUse",
    "Target",
    "TargetSheet",
    "TargetSheetCheck",
    "Whose",
]
