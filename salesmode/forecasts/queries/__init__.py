"""Questions about forecasts, the changes of the pipeline, and what deals should be looked at for."""

from salesmode.forecasts.queries.as_of import PipelineThen, pipeline_on
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
    "MOST_DEALS",
    "SIGNS",
    "STEPS",
    "STEP_MEANINGS",
    "STEP_NAMES",
    "Moved",
    "Narrowed",
    "PipelineThen",
    "Scope",
    "Step",
    "Tree",
    "Waterfall",
    "moved_deals",
    "pipeline_on",
    "scope_called",
    "scopes",
    "waterfall",
]
