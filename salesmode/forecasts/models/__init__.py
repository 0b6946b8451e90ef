"""The nouns of forecasting: submissions, the weekly cycle, what deals are inspected for and what was found."""

from salesmode.forecasts.models.inspection import DealWarnings, InspectionRule, StageExpectation, WarningAttention
from salesmode.forecasts.models.submission import ForecastSubmission, SubmissionCycle

__all__ = [
    "DealWarnings",
    "ForecastSubmission",
    "InspectionRule",
    "StageExpectation",
    "SubmissionCycle",
    "WarningAttention",
]
