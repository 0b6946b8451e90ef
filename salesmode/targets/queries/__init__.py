"""What is to be reached, how far people are, and how they score."""

from salesmode.targets.queries.actuals import (
    actuals_by,
    months_of_year,
    months_of_year_before,
    months_with_those_below,
)
from salesmode.targets.queries.alert_rules import alert_rules_for
from salesmode.targets.queries.alerts import Few, open_alerts, receivers_of, records_behind
from salesmode.targets.queries.attainment import Attainment, attainment_of, attainments, how_far, of_today, year_of
from salesmode.targets.queries.goals import goal_of, goals
from salesmode.targets.queries.months import Step, steps_of
from salesmode.targets.queries.presence import month_factors, shares_there
from salesmode.targets.queries.rule_today import RuleToday, rule_today
from salesmode.targets.queries.scores import (
    Score,
    Scored,
    proposed_benchmark,
    proposed_benchmarks,
    scorecard_for,
    scorecards_in_use,
    scores,
)
from salesmode.targets.queries.sheet import ORGANISATION, Row, year_sheet, years_offered
from salesmode.targets.queries.target_sheets import SheetDue, sheet_due, sheets_due, target_sheet_for

__all__ = [
    "ORGANISATION",
    "Attainment",
    "Few",
    "Row",
    "RuleToday",
    "Score",
    "Scored",
    "SheetDue",
    "Step",
    "actuals_by",
    "alert_rules_for",
    "attainment_of",
    "attainments",
    "goal_of",
    "goals",
    "how_far",
    "month_factors",
    "months_of_year",
    "months_of_year_before",
    "months_with_those_below",
    "of_today",
    "open_alerts",
    "proposed_benchmark",
    "proposed_benchmarks",
    "receivers_of",
    "records_behind",
    "rule_today",
    "scorecard_for",
    "scorecards_in_use",
    "scores",
    "shares_there",
    "sheet_due",
    "sheets_due",
    "steps_of",
    "target_sheet_for",
    "year_of",
    "year_sheet",
    "years_offered",
]
