"""Addresses of pay."""

from django.urls import path

from salesmode.pay.views import plans, statements

app_name = "pay"

urlpatterns = [
    path("pay/", statements.pay, name="pay"),
    path("pay/statements/", statements.statements, name="statements"),
    path("pay/statements/approve", statements.approve_statements, name="approve_statements"),
    path("pay/statements/settle", statements.settle_statements, name="settle_statements"),
    path("pay/statements/<int:statement_id>/approve", statements.approve, name="approve"),
    path("pay/statements/<int:statement_id>/settle", statements.settle, name="settle"),
    path("pay/statements/<int:statement_id>/dispute", statements.dispute, name="dispute"),
    path("pay/disputes/<int:dispute_id>/answer", statements.answer, name="answer"),
    path("pay/ledger/", statements.ledger, name="ledger"),
    path("pay/ledger/<int:entry_id>", statements.entry, name="entry"),
    path("pay/close", statements.close, name="close"),
    path("pay/settings", statements.settings, name="settings"),
    path("pay/people/<int:person_id>/what-if", statements.what_if, name="what_if"),
    path("pay/people/<int:person_id>/<str:month>.xlsx", statements.export, name="export"),
    path("pay/people/<int:person_id>/<str:month>", statements.statement, name="statement"),
    path("pay/people/<int:person_id>/<str:month>/slip", statements.slip, name="slip"),
    path("pay/plans/", plans.plans, name="plans"),
    path("pay/plans/new", plans.define_plan, name="define_plan"),
    path("pay/plans/<int:plan_id>", plans.plan, name="plan"),
    path("pay/plans/<int:plan_id>/edit", plans.amend_plan, name="amend_plan"),
    path("pay/plans/<int:plan_id>/assign", plans.assign_plan, name="assign_plan"),
    path("pay/versions/<int:version_id>/publish", plans.publish_version, name="publish_version"),
    path("pay/versions/<int:version_id>/end", plans.end_version, name="end_version"),
    path("pay/versions/<int:version_id>/simulate", plans.simulate, name="simulate"),
    path("pay/assignments/<int:assignment_id>/end", plans.withdraw_plan, name="withdraw_plan"),
    path("deals/<int:deal_id>/credit", plans.split_deal, name="split_deal"),
    path("orders/<int:order_id>/credit", plans.split_order, name="split_order"),
]
