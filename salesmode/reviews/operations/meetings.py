"""Plan and hold meetings, decide about deals, agree on actions and finish them."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.reviews import policies
from salesmode.reviews.events import (
    ActionAgreed,
    ActionDropped,
    ActionFinished,
    MeetingAmended,
    MeetingDealDecided,
    MeetingHeld,
    MeetingMissed,
    MeetingPlanned,
)
from salesmode.reviews.models import Action, DealDecision, Meeting
from salesmode.reviews.models.meeting import MeetingAlreadyPlanned
from salesmode.selling.models import Deal


@transaction.atomic
def plan_meeting(
    *,
    kind: str,
    planned_on: date,
    team: Team | None = None,
    person: Person | None = None,
    owner: Person | None = None,
    by: Person,
    at: datetime,
) -> Meeting:
    """Plan a pipeline review of a team or a one-to-one with somebody; once for each day.

    Raises NotAllowed, Invalid, MeetingAlreadyPlanned.
    """
    one_to_one = kind == Meeting.Kind.ONE_TO_ONE
    if one_to_one and person is None:
        raise Invalid({"person": [_("Say with whom.")]})
    if not one_to_one and team is None:
        raise Invalid({"team": [_("Say which team.")]})
    meeting = Meeting(type=kind, planned_on=planned_on, person=person if one_to_one else None, owner=owner or by)
    meeting.team = person.team if one_to_one and person else team
    require(policies.may_lead_meeting(by, meeting))
    if person is not None and person.pk == meeting.owner_id:
        raise Invalid({"person": [_("A one-to-one takes two.")]})
    fit(meeting)
    try:
        with transaction.atomic():
            save(meeting, at=at)
    except IntegrityError:
        raise MeetingAlreadyPlanned from None
    record(MeetingPlanned(**_facts(meeting)), by=by, at=at)
    return meeting


@transaction.atomic
def amend_meeting(meeting: Meeting, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Meeting:
    """Take notes, name the one deal and the one skill, or move a meeting that is still to be held.

    Raises NotAllowed, Stale, MeetingOver, Invalid.
    """
    lock(meeting, version=version)
    require(policies.may_lead_meeting(by, meeting))
    if fixed := set(changes) - {"planned_on", "notes", "deal", "skill"}:
        raise Invalid({name: [_("This stays as it was written down.")] for name in sorted(fixed)})
    if "planned_on" in changes:
        meeting.ensure_planned()
    deal = changes.get("deal")
    if deal is not None and not Deal.objects.visible_to(by).filter(pk=deal.pk).exists():
        raise Invalid({"deal": [_("There is no such record, or you may not see it.")]})
    names = changed(meeting, changes)
    if not names:
        return meeting
    fit(meeting)
    try:
        with transaction.atomic():
            save(meeting, at=at)
    except IntegrityError:
        raise MeetingAlreadyPlanned from None
    record(MeetingAmended(**_facts(meeting), changed=names), by=by, at=at)
    return meeting


@transaction.atomic
def hold_meeting(
    meeting: Meeting, *, minutes: int | None = None, by: Person, at: datetime, version: int | None = None
) -> Meeting:
    """Say that a meeting was held.

    Raises NotAllowed, Stale, MeetingOver.
    """
    lock(meeting, version=version)
    require(policies.may_lead_meeting(by, meeting))
    meeting.mark_held(minutes=minutes, at=at)
    fit(meeting)
    save(meeting, at=at)
    record(MeetingHeld(**_facts(meeting), minutes=minutes), by=by, at=at)
    return meeting


@transaction.atomic
def miss_meeting(
    meeting: Meeting, *, reason: str = "", by: Person, at: datetime, version: int | None = None
) -> Meeting:
    """Say that a meeting was not held.

    Raises NotAllowed, Stale, MeetingOver.
    """
    lock(meeting, version=version)
    require(policies.may_lead_meeting(by, meeting))
    meeting.mark_missed(reason=reason)
    save(meeting, at=at)
    record(MeetingMissed(**_facts(meeting), reason=meeting.reason), by=by, at=at)
    return meeting


@transaction.atomic
def decide_deal_in_meeting(
    meeting: Meeting, *, deal: Deal, choice: str, note: str = "", by: Person, at: datetime
) -> DealDecision:
    """Decide in a meeting what to do about a deal; decided again, the last word counts.

    Raises NotAllowed, MeetingOver, Invalid.
    """
    lock(meeting)
    require(policies.may_lead_meeting(by, meeting))
    if meeting.status == Meeting.Status.MISSED:
        meeting.ensure_planned()
    if choice not in DealDecision.Choice.values:
        raise Invalid({"choice": [_("Choose what to do about the deal.")]})
    if not Deal.objects.visible_to(by).filter(pk=deal.pk).exists():
        raise Invalid({"deal": [_("There is no such record, or you may not see it.")]})
    said = {"choice": choice, "note": note.strip()[:300], "decided_at": at}
    decision, _is_new = DealDecision.objects.update_or_create(meeting=meeting, deal=deal, defaults=said)
    record(MeetingDealDecided(**_facts(meeting), deal_id=deal.pk, choice=choice), by=by, at=at)
    return decision


@transaction.atomic
def agree_action(
    meeting: Meeting, *, text: str, owner: Person, due_on: date, deal: Deal | None = None, by: Person, at: datetime
) -> Action:
    """Agree in a meeting that somebody does something by a day.

    Raises NotAllowed, Invalid.
    """
    lock(meeting)
    require(policies.may_lead_meeting(by, meeting))
    action = Action(meeting=meeting, owner=owner, text=text.strip(), due_on=due_on, deal=deal)
    action.ensure_valid(today=day_of(at, Company.objects.current().zone))
    if not Person.objects.active().filter(pk=owner.pk).exists():
        raise Invalid({"owner": [_("Choose somebody who works here.")]})
    fit(action)
    save(action, at=at)
    record(ActionAgreed(**_action_facts(action)), by=by, at=at)
    return action


@transaction.atomic
def finish_action(action: Action, *, by: Person, at: datetime, version: int | None = None) -> Action:
    """Say that what was agreed is done.

    Raises NotAllowed, Stale, ActionOver.
    """
    lock(action, version=version)
    require(policies.may_finish_action(by, action))
    action.ensure_open()
    action.done_at = at
    save(action, at=at)
    is_late = day_of(at, Company.objects.current().zone) > action.due_on
    record(ActionFinished(**_action_facts(action), is_late=is_late), by=by, at=at)
    return action


@transaction.atomic
def drop_action(action: Action, *, reason: str = "", by: Person, at: datetime) -> Action:
    """Say that what was agreed is not needed any more; whoever leads the meeting does.

    Raises NotAllowed, ActionOver.
    """
    lock(action)
    require(policies.may_lead_meeting(by, action.meeting))
    action.ensure_open()
    action.dropped_at = at
    save(action, at=at)
    record(ActionDropped(**_action_facts(action), reason=reason.strip()[:200]), by=by, at=at)
    return action


def _facts(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting_id": meeting.pk,
        "kind": meeting.type,
        "owner_id": meeting.owner_id,
        "team_id": meeting.team_id,
        "person_id": meeting.person_id,
        "planned_on": meeting.planned_on,
    }


def _action_facts(action: Action) -> dict[str, Any]:
    return {
        "action_id": action.pk,
        "meeting_id": action.meeting_id,
        "owner_id": action.owner_id,
        "team_id": action.owner.team_id,
        "deal_id": action.deal_id,
        "due_on": action.due_on,
    }
