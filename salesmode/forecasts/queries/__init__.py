"""Questions about forecasts, the changes of the pipeline, and what deals should be looked at for."""

from salesmode.forecasts.queries.accuracy import track_records
from salesmode.forecasts.queries.as_of import PipelineThen, pipeline_on
from salesmode.forecasts.queries.grid import Grid, Line, forecast_grid, history_of
from salesmode.forecasts.queries.holding import Holding, Rules, as_rules, cycle_of, rules_of, rules_on
from salesmode.forecasts.queries.inspection import (
    Inspection,
    Warning,
    inspection,
    sentences,
    slipped_days,
    stage_expectations,
    with_warning,
    worst_sentences,
)
from salesmode.forecasts.queries.reminder import Waiting, forecasts_awaited
from salesmode.forecasts.queries.rollup import CATEGORIES, CUMULATIVE, Roll, roll_of_unit, roll_up
from salesmode.forecasts.queries.scopes import Scope, Tree, scope_called, scopes
from salesmode.forecasts.queries.waterfall import (
    MOST_DEALS,
    SIGNS,
    STEPS,
    Moved,
    Narrowed,
    Step,
    Waterfall,
    moved_deals,
    waterfall,
)
from salesmode.forecasts.queries.words import STEP_MEANINGS, STEP_NAMES

__all__ = [
    "CATEGORIES",
    "CUMULATIVE",
    "MOST_DEALS",
    "SIGNS",
    "STEPS",
    "STEP_MEANINGS",
    "STEP_NAMES",
    "Grid",
    "Holding",
    "Inspection",
    "Line",
    "Moved",
    "Narrowed",
    "PipelineThen",
    "Roll",
    "Rules",
    "Scope",
    "Step",
    "Tree",
    "Waiting",
    "Warning",
    "Waterfall",
    "as_rules",
    "cycle_of",
    "forecast_grid",
    "forecasts_awaited",
    "history_of",
    "inspection",
    "moved_deals",
    "pipeline_on",
    "roll_of_unit",
    "roll_up",
    "rules_of",
    "rules_on",
    "scope_called",
    "scopes",
    "sentences",
    "slipped_days",
    "stage_expectations",
    "track_records",
    "waterfall",
    "with_warning",
    "worst_sentences",
]
