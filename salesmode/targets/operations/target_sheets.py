"""Have a team, or the company, set its targets and go over them each quarter; say that it was done."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.here import company
from salesmode.kernel.locking import require
from salesmode.kernel.periods import day_of
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person, Team
from salesmode.targets import policies, queries
from salesmode.targets.events import TargetSheetConfirmed, TargetSheetReleased, TargetSheetRequired
from salesmode.targets.models import TargetSheet, TargetSheetCheck
from salesmode.targets.models.target import can_aim_at
from salesmode.targets.operations.holding import end_held

SHOWN = 5


class NoSheetRequired(Refusal):
    """What is not required can be neither confirmed nor taken back."""

    def __init__(self) -> None:
        super().__init__(_("Nobody requires a target sheet there on that day."))


class TargetsMissing(Refusal):
    """A sheet with gaps cannot be confirmed."""

    def __init__(self, names: list[str]) -> None:
        said = "、".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        super().__init__(_("Without an approved target: %(names)s. Set and approve these first.") % {"names": said})


class CheckedAlready(Refusal):
    """A team's targets are gone over once a quarter."""

    def __init__(self, team: Team) -> None:
        super().__init__(_("The targets of %(team)s were confirmed for this quarter already.") % {"team": team.name})


@transaction.atomic
def require_target_sheet(
    *,
    team: Team | None = None,
    metric: str = "won_amount",
    with_people: bool = True,
    starts_on: date,
    by: Person,
    at: datetime,
) -> TargetSheet:
    """Require approved targets of a team, or the company, from a day on; what was required there ends on that day.

    Raises NotAllowed, Invalid for a number that no target can be set for, or a day before the present one began.
    """
    require(policies.may_require_target_sheet(by, team))
    if not can_aim_at(metric, "team") or (with_people and not can_aim_at(metric, "person")):
        raise Invalid({"metric": [_("There is no such number, or no target can be set for it.")]})
    current = TargetSheet.objects.select_for_update().filter(team=team, ends_on=None).first()
    if current is not None:
        if (current.metric, current.with_people) == (metric, with_people) and current.starts_on <= starts_on:
            return current
        if starts_on < current.starts_on:
            said = {"day": current.starts_on.isoformat()}
            raise Invalid({"starts_on": [_("A target sheet is required from %(day)s; choose a later day.") % said]})
        end_held(current, starts_on)
    later = TargetSheet.objects.filter(team=team).filter(Q(ends_on__gt=starts_on) | Q(starts_on=starts_on))
    if later.exists():
        raise Invalid({"starts_on": [_("Another target sheet was required on that day; choose a later day.")]})
    try:
        with transaction.atomic():
            sheet = TargetSheet.objects.create(team=team, metric=metric, with_people=with_people, starts_on=starts_on)
    except IntegrityError:
        raise Invalid({"starts_on": [_("Somebody else has just required a target sheet there.")]}) from None
    record(TargetSheetRequired(**_facts(sheet), with_people=with_people, starts_on=starts_on), by=by, at=at)
    return sheet


@transaction.atomic
def release_target_sheet(*, team: Team | None = None, ends_on: date, by: Person, at: datetime) -> None:
    """Require nothing of its own of a team, or the company, from a day on; what holds above holds again.

    Raises NotAllowed, NoSheetRequired.
    """
    require(policies.may_release_target_sheet(by, team))
    current = TargetSheet.objects.select_for_update().filter(team=team, ends_on=None).first()
    if current is None or ends_on < current.starts_on:
        raise NoSheetRequired
    end_held(current, ends_on)
    record(TargetSheetReleased(**_facts(current), ends_on=ends_on), by=by, at=at)


@transaction.atomic
def confirm_target_sheet(team: Team, *, by: Person, at: datetime) -> TargetSheetCheck:
    """Say that a team's targets were gone over for the quarter that runs: everybody asked has an approved one.

    Raises NotAllowed, NoSheetRequired, TargetsMissing with the names, CheckedAlready.
    """
    require(policies.may_confirm_target_sheet(by, team))
    due = queries.sheet_due(team, day_of(at, company().zone))
    if due is None:
        raise NoSheetRequired
    if due.missing:
        raise TargetsMissing(due.names)
    try:
        with transaction.atomic():
            check = TargetSheetCheck.objects.create(
                team=team, metric=due.sheet.metric, first_on=due.period.first, targets=due.asked, by=by, at=at
            )
    except IntegrityError:
        raise CheckedAlready(team) from None
    facts = {**_facts(due.sheet), "team_id": team.pk, "owner_id": team.lead_id}
    record(TargetSheetConfirmed(**facts, first_on=due.period.first, targets=due.asked), by=by, at=at)
    return check


def _facts(sheet: TargetSheet) -> dict:
    return {"target_sheet_id": sheet.pk, "metric": sheet.metric, "team_id": sheet.team_id}
