"""Approve statements, pay them, question them and answer."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.money import payable
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.pay import policies, queries
from salesmode.pay.events import DisputeAnswered, StatementApproved, StatementDisputed, StatementSettled
from salesmode.pay.models import Dispute, LedgerEntry, Statement
from salesmode.pay.models.statement import OpenQuestions, StatementNot
from salesmode.pay.operations.posting import hold_accounts, hold_settings, post_by_hand
from salesmode.people.models import Person


class AlreadyAnswered(Refusal):
    """A question is answered once."""

    def __init__(self) -> None:
        super().__init__(_("This question was answered already."))


@transaction.atomic
def approve_statement(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Find a statement right; the row itself lets it happen once, and only without open questions.

    Raises StatementNot unless it was just closed, OpenQuestions, NotAllowed.
    """
    require(policies.may_approve_statement(by, statement))
    _step(statement, Statement.Status.CLOSED, Statement.Status.APPROVED, approved_at=at, approved_by=by, updated_at=at)
    record(StatementApproved(**_facts(statement)), by=by, at=at)
    return statement


@transaction.atomic
def settle_statement(statement: Statement, *, by: Person, at: datetime) -> Statement:
    """Record that what is due was paid out, once; the payout is an entry of its own.

    Raises StatementNot unless it is approved, OpenQuestions, NotAllowed.
    """
    require(policies.may_settle_statement(by, statement))
    settings = hold_settings()
    _step(statement, Statement.Status.APPROVED, Statement.Status.SETTLED, settled_at=at, settled_by=by, updated_at=at)
    if statement.due:
        post_by_hand(
            statement.owner_id, rule=LedgerEntry.Rule.PAID, key=f"paid:{statement.pk}", amount=-statement.due,
            settings=settings, on=queries.today_of(at), by=by, at=at, inputs={"month": statement.label},
        )  # fmt: skip
    record(StatementSettled(**_facts(statement)), by=by, at=at)
    return statement


def _step(statement: Statement, before: str, after: str, **changes: Any) -> None:
    """Take one step by one conditional update, so that two who take it at once take it once."""
    fitting = Statement.objects.filter(pk=statement.pk, status=before, questions=0)
    taken = fitting.update(status=after, version=F("version") + 1, **changes)
    statement.refresh_from_db()
    if not taken:
        raise OpenQuestions if statement.status == before else StatementNot(statement)


@transaction.atomic
def dispute_statement(
    statement: Statement, *, question: str, entry: LedgerEntry | None = None, by: Person, at: datetime
) -> Dispute:
    """Question a statement, or one entry of it; nobody approves or pays it before that is answered.

    Raises NotAllowed, Invalid without a question or for an entry that is not in it.
    """
    require(policies.may_dispute_statement(by, statement))
    if not question.strip():
        raise Invalid({"question": [_("Say what you would like to know.")]})
    if entry is not None and (entry.owner_id, entry.period) != (statement.owner_id, statement.month):
        raise Invalid({"entry": [_("This entry is not part of the statement.")]})
    Statement.objects.filter(pk=statement.pk).update(
        questions=F("questions") + 1, version=F("version") + 1, updated_at=at
    )
    statement.refresh_from_db()
    dispute = Dispute(
        statement=statement, owner_id=statement.owner_id, entry=entry, question=question.strip(), asked_by=by
    )
    save(dispute, at=at)
    more: dict[str, Any] = {"dispute_id": dispute.pk, "entry_id": entry.pk if entry else None}
    record(StatementDisputed(**_facts(statement), **more), by=by, at=at)
    return dispute


@transaction.atomic
def answer_dispute(
    dispute: Dispute, *, answer: str, correction: Decimal | None = None, by: Person, at: datetime
) -> Dispute:
    """Answer a question, once: with an amount, which is posted as a correction in an open month, or without.

    Raises AlreadyAnswered, NotAllowed, Invalid without an answer.
    """
    require(policies.may_answer_dispute(by, dispute))
    statement = dispute.statement
    if not answer.strip():
        raise Invalid({"answer": [_("Say why.")]})
    if correction is not None and not correction:
        raise Invalid({"correction": [_("Enter an amount above or below zero.")]})
    if correction is not None:
        payable(correction, statement.currency, name="correction")
    settings = hold_settings()
    hold_accounts([dispute.owner_id])
    status = Dispute.Status.DECLINED if correction is None else Dispute.Status.CORRECTED
    changes = {"answer": answer.strip(), "answered_by": by, "answered_at": at, "updated_at": at}
    waiting = Dispute.objects.filter(pk=dispute.pk, status=Dispute.Status.OPEN)
    if not waiting.update(status=status, version=F("version") + 1, **changes):
        raise AlreadyAnswered
    lock(dispute)
    if correction is not None:
        dispute.correction = post_by_hand(
            dispute.owner_id, rule=LedgerEntry.Rule.CORRECTION, key=f"correction:{dispute.pk}", amount=correction,
            settings=settings, on=queries.today_of(at), by=by, at=at, corrects=dispute.entry,
            inputs={"reason": answer.strip()[:500], "month": statement.label},
        )  # fmt: skip
        save(dispute, at=at)
    Statement.objects.filter(pk=statement.pk).update(
        questions=F("questions") - 1, version=F("version") + 1, updated_at=at
    )
    statement.refresh_from_db()
    record(DisputeAnswered(**_facts(statement), dispute_id=dispute.pk, corrected=correction), by=by, at=at)
    return dispute


def _facts(statement: Statement) -> dict[str, Any]:
    return {
        "statement_id": statement.pk,
        "owner_id": statement.owner_id,
        "month": statement.month,
        "amount": statement.due,
        "currency": statement.currency,
    }
