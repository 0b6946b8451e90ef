"""Questions about processes, leads and deals."""

from salesmode.selling.queries.board import BoardColumn, BoardFilters, Card, column_cards, pipeline_board
from salesmode.selling.queries.deal_page import DealPage, StageStep, deal_page, deals_of
from salesmode.selling.queries.decided import is_anything_due, last_busy_day, last_decided_on, quiet_year
from salesmode.selling.queries.lead_page import LeadPage, lead_page, likely_customers
from salesmode.selling.queries.person import held_in_selling
from salesmode.selling.queries.warnings import warn_by, warnings_of

__all__ = [
    "BoardColumn",
    "BoardFilters",
    "Card",
    "DealPage",
    "LeadPage",
    "StageStep",
    "column_cards",
    "deal_page",
    "deals_of",
    "held_in_selling",
    "is_anything_due",
    "last_busy_day",
    "last_decided_on",
    "lead_page",
    "likely_customers",
    "pipeline_board",
    "quiet_year",
    "warn_by",
    "warnings_of",
]
