"""Make a draft hold, in the place of the version before; and lock it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.targets import policies
from salesmode.targets.events import TargetApproved, TargetLocked
from salesmode.targets.models import Target
from salesmode.targets.operations.target_facts import facts_of


@transaction.atomic
def approve_target(target: Target, *, by: Person, at: datetime, version: int | None = None) -> Target:
    """Make a draft hold from now on; the version that held is superseded and stays to be read.

    Raises NotAllowed (also to who would replace a locked version and may not lock), Stale, TargetNotDraft.
    """
    lock(target, version=version)
    require(policies.may_approve_target(by, target))
    target.mark_approved(at=at)
    before = Target.objects.of(target.metric, target.unit, target.key, target.starts_on).in_force()
    former = before.select_for_update().first()
    if former is not None:
        require(former.status != Target.Status.LOCKED or policies.may_lock_target(by, former))
        before.update(status=Target.Status.SUPERSEDED, version=F("version") + 1, updated_at=at)
    save(target, at=at)
    event = TargetApproved(
        **facts_of(target),
        months=target.base_months,
        former_months=former.base_months if former else [],
        home_team_id=target.owner.team_id if target.owner else target.team_id,
    )
    record(event, by=by, at=at)
    return target


@transaction.atomic
def approve_targets(targets: Iterable[Target], *, by: Person, at: datetime) -> list[Target]:
    """Make many drafts hold: those that this person may approve, the others stay drafts."""
    rows = sorted(targets, key=lambda row: row.pk)
    return [approve_target(row, by=by, at=at) for row in rows if row.is_draft and policies.may_approve_target(by, row)]


@transaction.atomic
def lock_target(target: Target, *, by: Person, at: datetime, version: int | None = None) -> Target:
    """Make an approved version hold for good: only who may lock can replace it.

    Raises NotAllowed, Stale, TargetNotApproved.
    """
    lock(target, version=version)
    require(policies.may_lock_target(by, target))
    target.mark_locked(at=at)
    save(target, at=at)
    record(TargetLocked(**facts_of(target)), by=by, at=at)
    return target
