"""Change a draft, or throw it away."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.people.models import Person
from salesmode.targets import policies
from salesmode.targets.events import TargetAmended, TargetDiscarded
from salesmode.targets.models import Target
from salesmode.targets.models.target import LEVELS, TargetNotDraft
from salesmode.targets.operations.set_target import take_over
from salesmode.targets.operations.target_facts import facts_of


@transaction.atomic
def amend_target(target: Target, *, by: Person, at: datetime, version: int | None = None, **numbers: Any) -> Target:
    """Change the numbers of a draft; what is not named stays.

    Raises NotAllowed, Stale, TargetNotDraft, Invalid at the field that is wrong.
    """
    lock(target, version=version)
    require(policies.may_amend_target(by, target))
    if not target.is_draft:
        raise TargetNotDraft(target)
    take_over(target, at=at, **(_as_it_is(target, numbers) | numbers))
    save(target, at=at)
    record(TargetAmended(**facts_of(target)), by=by, at=at)
    return target


def _as_it_is(target: Target, numbers: dict[str, Any]) -> dict[str, Any]:
    """Return what a draft says now, so that a change of one thing leaves the others."""
    kept: dict[str, Any] = {name: target.whole(name) for name in LEVELS}
    kept |= {name: getattr(target, name) for name in ("distribution", "is_prorated", "ramp", "note", "shares")}
    if numbers.get("distribution", target.distribution) == Target.Distribution.MONTHS:
        kept["months"] = target.asked_months
    return kept


@transaction.atomic
def discard_target(target: Target, *, by: Person, at: datetime, version: int | None = None) -> None:
    """Throw a draft away; what holds goes on holding.

    Raises NotAllowed, Stale, TargetNotDraft.
    """
    lock(target, version=version)
    require(policies.may_discard_target(by, target))
    if not target.is_draft:
        raise TargetNotDraft(target)
    facts = facts_of(target)
    Target.objects.drafts().filter(pk=target.pk).delete()
    record(TargetDiscarded(**facts), by=by, at=at)
