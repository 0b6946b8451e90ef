"""Answers about pay, shaped for pages and for the arithmetic."""

from salesmode.pay.queries.entry import entry_page
from salesmode.pay.queries.explaining import explanation
from salesmode.pay.queries.facts import book_of, concerned_by, concerned_by_a_move, today_of
from salesmode.pay.queries.holding import Holding, people_with_plans, plan_held_by_person, plan_held_by_team
from salesmode.pay.queries.ledger import standing_lines
from salesmode.pay.queries.overviews import commission_of, payslip, plans_in_force, this_month
from salesmode.pay.queries.seeing import people_seen, sees_everybody
from salesmode.pay.queries.sentences import one_line, sentences
from salesmode.pay.queries.simulation import simulate
from salesmode.pay.queries.statements import months_of, overview, statement_page
from salesmode.pay.queries.what_if import Wish, what_if

__all__ = [
    "Holding",
    "Wish",
    "book_of",
    "commission_of",
    "concerned_by",
    "concerned_by_a_move",
    "entry_page",
    "explanation",
    "months_of",
    "one_line",
    "overview",
    "payslip",
    "people_seen",
    "people_with_plans",
    "plan_held_by_person",
    "plan_held_by_team",
    "plans_in_force",
    "sees_everybody",
    "sentences",
    "simulate",
    "standing_lines",
    "statement_page",
    "this_month",
    "today_of",
    "what_if",
]
