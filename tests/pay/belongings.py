"""A plan that pays Ana, her statement for March, and what she asks about it."""

from datetime import date
from decimal import Decimal
from typing import Any

from salesmode.pay import operations as pay
from salesmode.pay.models import LedgerEntry
from tests.pay.conftest import MARCH, make_plan, noon


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a plan with its version and assignment, and Ana's statement with a question about it."""
    ana, system = cast["ana"], cast["system"]
    plan = make_plan(system, person=ana)
    pay.close_period(MARCH, by=system, at=noon(date(2026, 4, 3)))
    statement = ana.statements.get()
    answered = pay.dispute_statement(statement, question="How much?", by=ana, at=noon(date(2026, 4, 4)))
    pay.answer_dispute(answered, answer="Less.", correction=Decimal(1), by=system, at=noon(date(2026, 4, 4)))
    dispute = pay.dispute_statement(statement, question="Why?", by=ana, at=noon(date(2026, 4, 4)))
    return {
        "plan_id": plan.pk,
        "version_id": plan.versions.get().pk,
        "assignment_id": plan.assignments.get().pk,
        "statement_id": statement.pk,
        "dispute_id": dispute.pk,
        "entry_id": LedgerEntry.objects.get(owner=ana, rule="correction").pk,
        "month": "2026-03",
    }
