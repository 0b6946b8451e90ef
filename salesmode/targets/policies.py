"""Who may say what is to be reached, and how people are measured."""

from salesmode.people.models import Person, Team
from salesmode.people.permissions import may
from salesmode.targets.models import Absence, Alert, AlertRule, Decision, Scorecard, Target, Whose


def may_set_target(by: Person, whose: Whose) -> bool:
    """May this person draft a target for somebody? Managers for themselves, the teams they lead, and all below."""
    return may(by, "targets.set_target", whose.record)


def may_amend_target(by: Person, target: Target) -> bool:
    """May this person change a draft?"""
    return may(by, "targets.amend_target", target.whose.record)


def may_discard_target(by: Person, target: Target) -> bool:
    """May this person throw a draft away?"""
    return may(by, "targets.discard_target", target.whose.record)


def may_approve_target(by: Person, target: Target) -> bool:
    """May this person make a draft hold? Managers for people and teams below them, never for themselves."""
    return may(by, "targets.approve_target", target.whose.record)


def may_lock_target(by: Person, target: Target) -> bool:
    """May this person make a target hold for good, or replace one that does?"""
    return may(by, "targets.lock_target", target.whose.record)


def may_propose_targets(by: Person) -> bool:
    """May this person have drafts made for everybody they look after?"""
    return may(by, "targets.propose_targets")


def may_require_target_sheet(by: Person, team: Team | None) -> bool:
    """May this person have a team, or the company, set targets and go over them?"""
    return may(by, "targets.require_target_sheet", Whose("team", team=team).record if team else Whose())


def may_release_target_sheet(by: Person, team: Team | None) -> bool:
    """May this person free a team, or the company, of setting targets?"""
    return may(by, "targets.release_target_sheet", Whose("team", team=team).record if team else Whose())


def may_confirm_target_sheet(by: Person, team: Team) -> bool:
    """May this person say that a team's targets were gone over? Who leads it, or leads the lead."""
    return may(by, "targets.confirm_target_sheet", Whose("team", team=team).record)


def may_define_scorecard(by: Person) -> bool:
    """May this person design scorecards?"""
    return may(by, "targets.define_scorecard")


def may_amend_scorecard(by: Person, card: Scorecard) -> bool:
    """May this person change a scorecard?"""
    return may(by, "targets.amend_scorecard", card)


def may_use_scorecard(by: Person, team: Team | None) -> bool:
    """May this person put a scorecard in use for a team, or for the company?"""
    return may(by, "targets.use_scorecard", Whose("team", team=team).record if team else Whose())


def may_stop_scorecard(by: Person, team: Team | None) -> bool:
    """May this person take a scorecard out of use for a team, or for the company?"""
    return may(by, "targets.stop_scorecard", Whose("team", team=team).record if team else Whose())


def may_set_benchmark(by: Person, team: Team | None, person: Person | None) -> bool:
    """May this person set what a team or a person is measured against?"""
    return may(by, "targets.set_benchmark", person or Whose("team", team=team).record)


def may_note_absence(by: Person, person: Person) -> bool:
    """May this person write down when somebody is away?"""
    return may(by, "targets.note_absence", person)


def may_withdraw_absence(by: Person, absence: Absence) -> bool:
    """May this person take back that somebody is away?"""
    return may(by, "targets.withdraw_absence", absence)


def may_set_alert_rule(by: Person, team: Team | None) -> bool:
    """May this person have a number watched, for a team or for the company?"""
    return may(by, "targets.set_alert_rule", Whose("team", team=team).record if team else Whose())


def may_retire_alert_rule(by: Person, rule: AlertRule) -> bool:
    """May this person stop a number from being watched?"""
    return may(by, "targets.retire_alert_rule", Whose("team", team=rule.team).record if rule.team else Whose())


def may_raise_alert(by: Person) -> bool:
    """May this person raise alerts? Only the system, when a rule found something."""
    return may(by, "targets.raise_alert")


def may_acknowledge_alert(by: Person, alert: Alert) -> bool:
    """May this person say that they take care of an alert?"""
    return may(by, "targets.acknowledge_alert", alert.whose.record)


def may_take_decision(by: Person, whose: Whose) -> bool:
    """May this person write a decision about somebody's number into the log?"""
    return may(by, "targets.take_decision", whose.record)


def may_review_decision(by: Person, decision: Decision) -> bool:
    """May this person have a decision measured again once its date has come?"""
    return may(by, "targets.review_decision", decision)


def may_note_lesson(by: Person, decision: Decision) -> bool:
    """May this person write down what was learned from a decision?"""
    return may(by, "targets.note_lesson", decision)
