"""Merge records that turned out to be the same customer."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from salesmode.customers import account, policies
from salesmode.customers.events import CustomerMerged
from salesmode.customers.models import Contact, Customer, CustomerShare, Interaction, Visit, VisitPlan
from salesmode.customers.operations.facts import customer_facts, index_account
from salesmode.kernel import search
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock_all, require, save
from salesmode.kernel.models import StoredFile
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


@transaction.atomic
def merge_customers(kept: Customer, gone: Iterable[Customer], *, by: Person, at: datetime) -> Customer:
    """Keep one of several records of the same customer, with all that hung on the others; their pages lead to it.

    Raises NotAllowed, Invalid, CustomerAlreadyMerged.
    """
    others = sorted({other.pk: other for other in gone}.values(), key=lambda other: other.pk)
    if not others or kept.pk in {other.pk for other in others}:
        raise Invalid({"gone": [_("Choose another customer to merge into this one.")]})
    lock_all([kept, *others])
    for customer in (kept, *others):
        require(policies.may_merge_customer(by, customer))
        customer.ensure_valid()
    keys = [other.pk for other in others]
    for other in others:
        kept.absorb(other)
        other.merged_into = kept
        save(other, at=at)
        search.forget_record("customer", other.pk)
    if kept.parent_id in keys:
        kept.parent = None
    kept.derive_keys()
    save(kept, at=at)
    _move_along(kept, keys)
    account.on_customer_merge.tell(keys, kept.pk, at)
    account.on_account_owner_change.tell([kept.pk], kept.owner_id, at)
    index_account([kept.pk])
    for key in keys:
        record(CustomerMerged(**customer_facts(kept), merged_id=key), by=by, at=at)
    return kept


def _move_along(kept: Customer, keys: list[int]) -> None:
    Contact.objects.filter(customer__in=keys).update(customer=kept, owner=kept.owner)
    Interaction.objects.filter(customer__in=keys).update(customer=kept, owner=kept.owner)
    _move_visits(kept, keys)
    _move_plans(kept, keys)
    StoredFile.objects.filter(about_kind="customer", about_id__in=keys).update(about_id=kept.pk)
    Customer.objects.filter(parent__in=keys).exclude(pk=kept.pk).update(parent=kept)
    Customer.objects.filter(merged_into__in=keys).update(merged_into=kept)
    known = set(kept.shares.values_list("person_id", flat=True)) | {kept.owner_id}
    for share in CustomerShare.objects.filter(customer__in=keys).order_by("person_id", "-can_write"):
        if share.person_id in known:
            share.delete()
        else:
            known.add(share.person_id)
            CustomerShare.objects.filter(pk=share.pk).update(customer=kept)


def _move_visits(kept: Customer, keys: list[int]) -> None:
    """Let visits follow; where somebody planned several for a day, the earliest planned stands."""
    seen: set[tuple[int, date]] = set()
    for visit in Visit.objects.filter(customer__in=[kept.pk, *keys], status=Visit.Status.PLANNED).order_by("pk"):
        if (visit.owner_id, visit.planned_on) in seen:
            Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.CALLED_OFF, version=F("version") + 1)
        seen.add((visit.owner_id, visit.planned_on))
    Visit.objects.filter(customer__in=keys).update(customer=kept)


def _move_plans(kept: Customer, keys: list[int]) -> None:
    """Let month's plans follow; where somebody planned both for a month, the larger plan holds, with all its visits."""
    there = {(plan.owner_id, plan.month): plan for plan in VisitPlan.objects.filter(customer=kept)}
    for plan in VisitPlan.objects.filter(customer__in=keys).order_by("pk"):
        former = there.get((plan.owner_id, plan.month))
        if former is None:
            VisitPlan.objects.filter(pk=plan.pk).update(customer=kept)
            there[plan.owner_id, plan.month] = plan
            continue
        Visit.objects.filter(plan=plan).update(plan=former)
        if plan.planned > former.planned:
            former.planned = plan.planned
            VisitPlan.objects.filter(pk=former.pk).update(planned=plan.planned, version=F("version") + 1)
        plan.delete()
