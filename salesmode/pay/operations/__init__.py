"""Everything that changes pay plans, the ledger and statements."""

from salesmode.pay.operations.assignments import assign_plan, withdraw_plan
from salesmode.pay.operations.periods import amend_settings, close_period
from salesmode.pay.operations.plans import amend_plan, define_plan, end_version, publish_version, read_terms
from salesmode.pay.operations.posting import post_commission
from salesmode.pay.operations.splits import split_credit
from salesmode.pay.operations.staleness import mark_everybody_stale, mark_stale
from salesmode.pay.operations.statements import answer_dispute, approve_statement, dispute_statement, settle_statement

__all__ = [
    "amend_plan",
    "amend_settings",
    "answer_dispute",
    "approve_statement",
    "assign_plan",
    "close_period",
    "define_plan",
    "dispute_statement",
    "end_version",
    "mark_everybody_stale",
    "mark_stale",
    "post_commission",
    "publish_version",
    "read_terms",
    "settle_statement",
    "split_credit",
    "withdraw_plan",
]
