"""Everything that can be done with targets, scorecards and absences."""

from salesmode.targets.operations.absences import note_absence, withdraw_absence
from salesmode.targets.operations.amend_target import amend_target, discard_target
from salesmode.targets.operations.approve_target import approve_target, approve_targets, lock_target
from salesmode.targets.operations.many import copy_targets, propose_targets, set_targets
from salesmode.targets.operations.scorecards import amend_scorecard, define_scorecard, set_benchmark
from salesmode.targets.operations.set_target import set_target
from salesmode.targets.operations.use_scorecard import stop_scorecard, use_scorecard

__all__ = [
    "amend_scorecard",
    "amend_target",
    "approve_target",
    "approve_targets",
    "copy_targets",
    "define_scorecard",
    "discard_target",
    "lock_target",
    "note_absence",
    "propose_targets",
    "set_benchmark",
    "set_target",
    "set_targets",
    "stop_scorecard",
    "use_scorecard",
    "withdraw_absence",
]
