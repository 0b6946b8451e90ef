"""Everything that can be done with targets, scorecards and absences."""

from salesmode.targets.operations.absences import note_absence, withdraw_absence
from salesmode.targets.operations.alert_rules import retire_alert_rule, set_alert_rule
from salesmode.targets.operations.alerts import acknowledge_alert, evaluate_alert_rules, raise_alert
from salesmode.targets.operations.amend_target import amend_target, discard_target
from salesmode.targets.operations.approve_target import approve_target, approve_targets, lock_target
from salesmode.targets.operations.decisions import note_lesson, review_decision, take_decision
from salesmode.targets.operations.many import copy_targets, propose_targets, set_targets
from salesmode.targets.operations.scorecards import amend_scorecard, define_scorecard, set_benchmark
from salesmode.targets.operations.set_target import set_target
from salesmode.targets.operations.target_sheets import (
    confirm_target_sheet,
    release_target_sheet,
    require_target_sheet,
)
from salesmode.targets.operations.use_scorecard import stop_scorecard, use_scorecard

__all__ = [
    "acknowledge_alert",
    "amend_scorecard",
    "amend_target",
    "approve_target",
    "approve_targets",
    "confirm_target_sheet",
    "copy_targets",
    "define_scorecard",
    "discard_target",
    "evaluate_alert_rules",
    "lock_target",
    "note_absence",
    "note_lesson",
    "propose_targets",
    "raise_alert",
    "release_target_sheet",
    "require_target_sheet",
    "retire_alert_rule",
    "review_decision",
    "set_alert_rule",
    "set_benchmark",
    "set_target",
    "set_targets",
    "stop_scorecard",
    "take_decision",
    "use_scorecard",
    "withdraw_absence",
]
