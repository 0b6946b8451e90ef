"""Who may do what to plans, the ledger and statements."""

from salesmode.orders.models import Order
from salesmode.pay.models import Dispute, PayPlan, Statement
from salesmode.people.models import Person
from salesmode.people.permissions import may
from salesmode.selling.models import Deal


def may_define_plan(by: Person) -> bool:
    """May this person write pay plans?"""
    return may(by, "pay.define_plan")


def may_amend_plan(by: Person, plan: PayPlan) -> bool:
    """May this person change a plan, or write its next version?"""
    return may(by, "pay.amend_plan", plan)


def may_publish_version(by: Person, plan: PayPlan) -> bool:
    """May this person let a version hold, or end it?"""
    return may(by, "pay.publish_version", plan)


def may_assign_plan(by: Person) -> bool:
    """May this person say for whom a plan holds, and take it back?"""
    return may(by, "pay.assign_plan")


def may_split_credit(by: Person, record: Deal | Order) -> bool:
    """May this person say who shares the credit for a deal or an order?"""
    return may(by, "pay.split_credit", record)


def may_post_commission(by: Person) -> bool:
    """May this person bring ledgers up to date?"""
    return may(by, "pay.post_commission")


def may_close_period(by: Person) -> bool:
    """May this person close a month of pay?"""
    return may(by, "pay.close_period")


def may_amend_settings(by: Person) -> bool:
    """May this person say when months close and who sees statements?"""
    return may(by, "pay.amend_settings")


def may_approve_statement(by: Person, statement: Statement) -> bool:
    """May this person approve a statement? Never their own."""
    return may(by, "pay.approve_statement", statement) and statement.owner_id != by.pk


def may_settle_statement(by: Person, statement: Statement) -> bool:
    """May this person record that a statement was paid? Never their own."""
    return may(by, "pay.settle_statement", statement) and statement.owner_id != by.pk


def may_dispute_statement(by: Person, statement: Statement) -> bool:
    """May this person question a statement?"""
    return may(by, "pay.dispute_statement", statement)


def may_answer_dispute(by: Person, dispute: Dispute) -> bool:
    """May this person answer a question about a statement? Never about their own."""
    return may(by, "pay.answer_dispute", dispute) and dispute.owner_id != by.pk


def may_simulate(by: Person) -> bool:
    """May this person see what a plan would cost, person by person?"""
    return may(by, "pay.publish_version")
