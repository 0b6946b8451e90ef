"""The ledger and statements for programs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    MoneyOut,
    Paging,
    RecordOut,
    answer,
    caller,
    listed,
    load,
    money,
    record_fields,
    responses,
    visible,
    written_once,
)
from salesmode.kernel.refusals import Invalid
from salesmode.pay import operations, queries
from salesmode.pay.models import Dispute, LedgerEntry, Statement

commissions = Router(tags=["commissions"])
statements = Router(tags=["statements"])
Month = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]


class CloseIn(In):
    """Which month to close."""

    month: Month


class QuestionIn(In):
    """What is in doubt about a statement, or about one entry of it."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    entry_id: Id | None = None


class DisputeAnswerIn(In):
    """The answer to a question, with an amount if something is to be corrected."""

    dispute_id: Id
    answer: Annotated[str, Field(min_length=1, max_length=2000)]
    correction: Annotated[Decimal, Field(max_digits=15, decimal_places=3, allow_inf_nan=False)] | None = None


class CommissionOut(RecordOut):
    """One entry of the ledger; it never changes."""

    owner_id: int
    rule: str
    period: date
    belongs_to: date
    happened_on: date
    amount: MoneyOut
    base: MoneyOut | None
    rate: str | None
    event_id: int | None
    deal_id: int | None
    order_id: int | None
    payment_id: int | None
    plan_version_id: int | None
    reversal_of: int | None
    corrects: int | None
    inputs: dict[str, Any]
    explanation: str


class CommissionList(Schema):
    """One page of the ledger."""

    items: list[CommissionOut]
    next: str | None


class StatementOut(RecordOut):
    """A month of somebody's pay."""

    owner_id: int
    month: str
    status: str
    opening: MoneyOut
    earned: MoneyOut
    held: MoneyOut
    draw: MoneyOut
    paid: MoneyOut
    closing: MoneyOut
    due: MoneyOut
    questions: int


class StatementList(Schema):
    """One page of statements."""

    items: list[StatementOut]
    next: str | None


class PeriodOut(Schema):
    """A month that was closed."""

    month: str
    statements: int


class DisputeOut(RecordOut):
    """A question about a statement."""

    statement_id: int
    entry_id: int | None
    status: str
    question: str
    answer: str
    correction_id: int | None


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return written_once(entry, entry.created_at) | {
        "owner_id": entry.owner_id,
        "rule": entry.rule,
        "period": entry.period,
        "belongs_to": entry.belongs_to,
        "happened_on": entry.happened_on,
        "amount": money(entry.amount, entry.currency),
        "base": money(entry.base, entry.currency),
        "rate": None if entry.rate is None else f"{entry.rate:f}",
        "event_id": entry.event_id,
        "deal_id": entry.deal_id,
        "order_id": entry.order_id,
        "payment_id": entry.payment_id,
        "plan_version_id": entry.plan_version_id,
        "reversal_of": entry.reversal_of_id,
        "corrects": entry.corrects_id,
        "inputs": entry.inputs,
        "explanation": queries.explanation(entry),
    }


def _statement(row: Statement) -> dict[str, Any]:
    amounts = ("opening", "earned", "held", "draw", "paid", "closing", "due")
    return record_fields(row) | {
        "owner_id": row.owner_id,
        "month": row.label,
        "status": row.status,
        "questions": row.questions,
        **{name: money(getattr(row, name), row.currency) for name in amounts},
    }


def _dispute(row: Dispute) -> dict[str, Any]:
    return record_fields(row) | {
        "statement_id": row.statement_id,
        "entry_id": row.entry_id,
        "status": row.status,
        "question": row.question,
        "answer": row.answer,
        "correction_id": row.correction_id,
    }


@commissions.get("", response=responses(CommissionList), operation_id="list_commissions")
def list_commissions(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the entries of the ledger that you may see, each with its explanation."""
    return listed(request, "commission", _entry)


@commissions.get("/{int:entry_id}", response=responses(CommissionOut), operation_id="get_commission")
def get_commission(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Read one entry of the ledger with its explanation."""
    return answer(_entry(load(LedgerEntry.objects.all(), entry_id, caller(request))))


@statements.get("", response=responses(StatementList), operation_id="list_statements")
def list_statements(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the statements that you may see."""
    return listed(request, "statement", _statement)


@statements.get("/{int:statement_id}", response=responses(StatementOut), operation_id="get_statement")
def get_statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Read one statement."""
    return answer(_statement(load(Statement.objects.all(), statement_id, caller(request))))


@statements.post("/close", response=responses(PeriodOut, status=201), operation_id="close_period")
def close_period(request: HttpRequest, payload: CloseIn) -> HttpResponse:
    """Close a month of pay, and write its statements."""
    person = caller(request)
    period = operations.close_period(date.fromisoformat(f"{payload.month}-01"), by=person, at=now())
    return answer({"month": payload.month, "statements": period.statements}, status=201)


@statements.post("/{int:statement_id}/approve", response=responses(StatementOut), operation_id="approve_statement")
def approve_statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Find a statement right."""
    person = caller(request)
    row = load(Statement.objects.all(), statement_id, person)
    return answer(_statement(operations.approve_statement(row, by=person, at=now())))


@statements.post("/{int:statement_id}/settle", response=responses(StatementOut), operation_id="settle_statement")
def settle_statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Record that what is due was paid out."""
    person = caller(request)
    row = load(Statement.objects.all(), statement_id, person)
    return answer(_statement(operations.settle_statement(row, by=person, at=now())))


@statements.post(
    "/{int:statement_id}/dispute", response=responses(DisputeOut, status=201), operation_id="dispute_statement"
)
def dispute_statement(request: HttpRequest, statement_id: int, payload: QuestionIn) -> HttpResponse:
    """Question your statement, or one entry of it."""
    person = caller(request)
    row = load(Statement.objects.all(), statement_id, person)
    entry = visible(LedgerEntry.objects.all(), payload.entry_id, "entry_id", person)
    made = operations.dispute_statement(row, question=payload.question, entry=entry, by=person, at=now())
    return answer(_dispute(made), status=201)


@statements.post("/{int:statement_id}/answer", response=responses(DisputeOut), operation_id="answer_dispute")
def answer_dispute(request: HttpRequest, statement_id: int, payload: DisputeAnswerIn) -> HttpResponse:
    """Answer a question about a statement, with a correction or without."""
    person = caller(request)
    row = load(Statement.objects.all(), statement_id, person)
    dispute = row.disputes.filter(pk=payload.dispute_id).first()
    if dispute is None:
        raise Invalid({"dispute_id": [_("There is no such record, or you may not see it.")]})
    given: dict[str, Any] = {"answer": payload.answer, "correction": payload.correction}
    return answer(_dispute(operations.answer_dispute(dispute, **given, by=person, at=now())))
