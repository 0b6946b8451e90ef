"""The nouns of pay: plans and their terms, what counts, the ledger, statements and questions about them."""

from salesmode.pay.models.ledger import CreditSplit, LedgerEntry, PayAccount, PayPeriod, PaySettings
from salesmode.pay.models.plan import PayPlan, PlanAssignment, PlanVersion
from salesmode.pay.models.statement import Dispute, Statement

__all__ = [
    "CreditSplit",
    "Dispute",
    "LedgerEntry",
    "PayAccount",
    "PayPeriod",
    "PayPlan",
    "PaySettings",
    "PlanAssignment",
    "PlanVersion",
    "Statement",
]
