"""Agree who shares the credit for what was sold."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Invalid, Stale
from salesmode.orders.models import Order
from salesmode.pay import policies
from salesmode.pay.events import CreditShared
from salesmode.pay.models import CreditSplit
from salesmode.pay.models.earning import plain
from salesmode.pay.operations.staleness import mark_stale
from salesmode.people.models import Person
from salesmode.selling.models import Deal


@transaction.atomic
def split_credit(
    record_of: Deal | Order,
    *,
    shares: Sequence[tuple[Person, Decimal]],
    by: Person,
    at: datetime,
    newest: int | None = None,
) -> list[CreditSplit]:
    """Share the credit for a deal, or for one order of it; without shares, its owner has it all again.

    Raises NotAllowed, Stale when the newest share is not the one that somebody saw (nought for none), Invalid unless
    the shares are above zero, each person's once, and add up to 100 %.
    """
    lock(record_of)
    require(policies.may_split_credit(by, record_of))
    whole = sum((percent for _person, percent in shares), Decimal())
    if shares and whole != 100:
        sentence = _("The shares add up to %(sum)s percent; they have to add up to 100.") % {"sum": plain(whole)}
        raise Invalid({"shares": [sentence]})
    if any(percent <= 0 for _person, percent in shares):
        raise Invalid({"shares": [_("A share is above zero.")]})
    if len({person.pk for person, _percent in shares}) != len(shares):
        raise Invalid({"shares": [_("Name each person once.")]})
    target: dict[str, Deal | Order] = {"deal" if isinstance(record_of, Deal) else "order": record_of}
    former = CreditSplit.objects.filter(**target)
    current = max(former.values_list("pk", flat=True), default=0)
    if newest is not None and newest != current:
        raise Stale(current)
    concerned = [record_of.owner_id, *former.values_list("person_id", flat=True)]
    former.delete()
    rows = [CreditSplit(person=person, percent=percent, **target) for person, percent in shares]
    for row in rows:
        save(row, at=at)
    people = [person.pk for person, _percent in shares]
    mark_stale([*concerned, *people])
    said = {f"{name}_id": row.pk for name, row in target.items()}
    first = rows[0].pk if rows else 0
    record(CreditShared(credit_split_id=first, owner_id=record_of.owner_id, person_ids=people, **said), by=by, at=at)
    return rows
