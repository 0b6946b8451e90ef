"""The addresses of targets and scorecards."""

from django.urls import path

from salesmode.targets import views
from salesmode.targets.views import absences, alerts, decisions, pasting, scorecards, sheets

app_name = "targets"
urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/set", views.set_target, name="set_target"),
    path("targets/propose", views.propose_targets, name="propose_targets"),
    path("targets/copy", views.copy_targets, name="copy_targets"),
    path("targets/paste", pasting.paste_targets, name="paste_targets"),
    path("targets/list", views.target_list, name="target_list"),
    path("targets/approve", views.approve_targets, name="approve_targets"),
    path("targets/teams/<int:team_id>/confirm", sheets.confirm_target_sheet, name="confirm_target_sheet"),
    path("targets/<int:target_id>", views.target, name="target"),
    path("targets/<int:target_id>/edit", views.amend_target, name="amend_target"),
    path("targets/<int:target_id>/discard", views.discard_target, name="discard_target"),
    path("targets/<int:target_id>/approve", views.approve_target, name="approve_target"),
    path("targets/<int:target_id>/lock", views.lock_target, name="lock_target"),
    path("scorecards/", scorecards.scores, name="scores"),
    path("scorecards/designs/", scorecards.scorecards, name="scorecards"),
    path("scorecards/designs/new", scorecards.define_scorecard, name="define_scorecard"),
    path("scorecards/designs/<int:scorecard_id>", scorecards.scorecard, name="scorecard"),
    path("scorecards/designs/<int:scorecard_id>/edit", scorecards.amend_scorecard, name="amend_scorecard"),
    path("scorecards/designs/<int:scorecard_id>/use", scorecards.use_scorecard, name="use_scorecard"),
    path("scorecards/designs/<int:scorecard_id>/stop", scorecards.stop_scorecard, name="stop_scorecard"),
    path("scorecards/designs/<int:scorecard_id>/benchmark", scorecards.set_benchmark, name="set_benchmark"),
    path("absences/", absences.absences, name="absences"),
    path("absences/new", absences.note_absence, name="note_absence"),
    path("absences/<int:absence_id>", absences.absence, name="absence"),
    path("absences/<int:absence_id>/withdraw", absences.withdraw_absence, name="withdraw_absence"),
    path("scorecards/people/<int:person_id>", scorecards.score, name="score"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:alert_id>", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/acknowledge", alerts.acknowledge_alert, name="acknowledge_alert"),
    path("alert-rules/", alerts.alert_rules, name="alert_rules"),
    path("alert-rules/new", alerts.set_alert_rule, name="set_alert_rule"),
    path("alert-rules/<int:alert_rule_id>", alerts.alert_rule, name="alert_rule"),
    path("alert-rules/<int:alert_rule_id>/retire", alerts.retire_alert_rule, name="retire_alert_rule"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new", decisions.take_decision, name="take_decision"),
    path("decisions/<int:decision_id>", decisions.decision, name="decision"),
    path("decisions/<int:decision_id>/review", decisions.review_decision, name="review_decision"),
    path("decisions/<int:decision_id>/lesson", decisions.note_lesson, name="note_lesson"),
]
