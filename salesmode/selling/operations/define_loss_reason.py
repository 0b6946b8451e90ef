"""Define why deals can be lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.selling import policies
from salesmode.selling.events import LossReasonDefined
from salesmode.selling.models import LossReason


@transaction.atomic
def define_loss_reason(*, name: str, by: Person, at: datetime) -> LossReason:
    """Add a reason that deals are lost for.

    Raises NotAllowed, Invalid for a name taken.
    """
    require(policies.may_define_loss_reason(by))
    reason = LossReason(name=name.strip())
    _fits(reason)
    save(reason, at=at)
    record(LossReasonDefined(loss_reason_id=reason.pk), by=by, at=at)
    return reason


@transaction.atomic
def amend_loss_reason(
    reason: LossReason, *, by: Person, at: datetime, version: int | None = None, **changes: bool | str
) -> LossReason:
    """Rename a loss reason, or take it out of use; deals lost for it keep it.

    Raises NotAllowed, Stale, Invalid for a name taken.
    """
    lock(reason, version=version)
    require(policies.may_define_loss_reason(by))
    changed(reason, changes)
    _fits(reason)
    save(reason, at=at)
    record(LossReasonDefined(loss_reason_id=reason.pk, is_active=reason.is_active), by=by, at=at)
    return reason


def _fits(reason: LossReason) -> None:
    fit(reason)
    if LossReason.objects.filter(name=reason.name).exclude(pk=reason.pk).exists():
        raise Invalid({"name": [_("Another reason has this name.")]})
