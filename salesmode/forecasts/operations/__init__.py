"""Everything that changes forecasts and what deals are inspected for."""

from salesmode.forecasts.operations.attend import attend_to_warnings
from salesmode.forecasts.operations.cycles import set_submission_cycle, withdraw_submission_cycle
from salesmode.forecasts.operations.inspect import learn_expectations, refresh_warnings
from salesmode.forecasts.operations.inspection_rules import set_inspection, withdraw_inspection
from salesmode.forecasts.operations.submit_forecast import submit_forecast

__all__ = [
    "attend_to_warnings",
    "learn_expectations",
    "refresh_warnings",
    "set_inspection",
    "set_submission_cycle",
    "submit_forecast",
    "withdraw_inspection",
    "withdraw_submission_cycle",
]
