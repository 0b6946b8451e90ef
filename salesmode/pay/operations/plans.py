"""Write pay plans, and let their versions hold from a day on."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import ValidationError

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.kernel.wording import day as said_day
from salesmode.pay import policies
from salesmode.pay.events import PayPlanAmended, PayPlanDefined, PayPlanEnded, PayPlanPublished
from salesmode.pay.models import PayPlan, PlanVersion
from salesmode.pay.models.earning import span_of
from salesmode.pay.models.plan import VersionIsPublished, next_span
from salesmode.pay.models.terms import PlanTerms
from salesmode.pay.operations.staleness import mark_everybody_stale
from salesmode.people.models import Person


def read_terms(given: dict[str, Any] | PlanTerms) -> PlanTerms:
    """Return terms as the typed document that they must be; raises Invalid, every field named."""
    try:
        terms = given if isinstance(given, PlanTerms) else PlanTerms.model_validate(given)
    except ValidationError as error:
        wrong: dict[str, list[str]] = {}
        for each in error.errors():
            field = str(each["loc"][0]) if each["loc"] else "terms"
            wrong.setdefault(field, []).append(_("This value does not fit: %(why)s") % {"why": each["msg"]})
        raise Invalid(wrong) from None
    if wrong := terms.problems():
        raise Invalid(wrong)
    return terms


@transaction.atomic
def define_plan(
    *, name: str, terms: dict[str, Any] | PlanTerms, description: str = "", by: Person, at: datetime
) -> PayPlan:
    """Write a plan down, with a first version that pays nobody yet.

    Raises NotAllowed, Invalid for terms that do not fit together or a name that is taken.
    """
    require(policies.may_define_plan(by))
    document = read_terms(terms)
    plan = PayPlan(name=name.strip(), description=description)
    _name_is_free(plan)
    fit(plan)
    save(plan, at=at)
    version = PlanVersion(plan=plan, number=1, terms=document.as_data())
    save(version, at=at)
    record(PayPlanDefined(pay_plan_id=plan.pk, version_id=version.pk, number=1), by=by, at=at)
    return plan


@transaction.atomic
def amend_plan(
    plan: PayPlan,
    *,
    terms: dict[str, Any] | PlanTerms | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
    **changes: Any,
) -> PayPlan:
    """Change a plan's name or description, or the draft of its terms; without a draft, the next version begins.

    Raises NotAllowed, Stale, Invalid.
    """
    lock(plan, version=version)
    require(policies.may_amend_plan(by, plan))
    document = None if terms is None else read_terms(terms)
    if unknown := set(changes) - {"name", "description"}:
        raise Invalid({name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    names = changed(plan, changes)
    _name_is_free(plan)
    draft = None if document is None else _draft(plan, document, at=at)
    names += ["terms"] if draft is not None else []
    if names:
        fit(plan)
        save(plan, at=at)
        said: dict[str, Any] = {"version_id": draft.pk, "number": draft.number} if draft is not None else {}
        record(PayPlanAmended(pay_plan_id=plan.pk, changed=names, **said), by=by, at=at)
    return plan


def _draft(plan: PayPlan, document: PlanTerms, *, at: datetime) -> PlanVersion | None:
    """Write the terms into the plan's draft; None when they say nothing new."""
    last = plan.versions.order_by("-number").first()
    if last is not None and last.document == document:
        return None
    if last is None or not last.is_draft:
        last = PlanVersion(plan=plan, number=1 if last is None else last.number + 1)
    last.terms = document.as_data()
    save(last, at=at)
    return last


@transaction.atomic
def publish_version(
    draft: PlanVersion, *, valid_from: date, valid_until: date | None = None, replacing: bool = False,
    from_zero: bool = False, by: Person, at: datetime, version: int | None = None,
) -> PlanVersion:  # fmt: skip
    """Let a version hold from a day on; what it says is never changed again.

    `replacing` ends the version that holds then on that day; without it an overlap is refused. `from_zero` says that
    totals are meant to begin anew in the middle of a span; without it that is refused where totals count.

    Raises VersionIsPublished, NotAllowed, Stale, Invalid when another version holds on one of the days.
    """
    lock(draft.plan)
    lock(draft, version=version)
    require(policies.may_publish_version(by, draft.plan))
    if not draft.is_draft:
        raise VersionIsPublished(draft)
    _in_order(valid_from, valid_until)
    read_terms(draft.document)
    if not from_zero:
        _keeps_totals(draft, valid_from)
    for other in draft.plan.versions.filter(status=PlanVersion.Status.PUBLISHED).order_by("valid_from"):
        if not _overlap(other.valid_from, other.valid_until, valid_from, valid_until):
            continue
        if replacing and other.valid_from and other.valid_from < valid_from:
            end_version(other, valid_until=valid_from, by=by, at=at)
        else:
            raise Invalid({"valid_from": [_held_by(other)]})
    draft.status, draft.valid_from, draft.valid_until = PlanVersion.Status.PUBLISHED, valid_from, valid_until
    draft.published_at = at
    try:
        with transaction.atomic():
            save(draft, at=at)
    except IntegrityError:
        raise Invalid({"valid_from": [_("Another version of this plan holds on one of these days.")]}) from None
    mark_everybody_stale()
    record(PayPlanPublished(**_facts(draft)), by=by, at=at)
    return draft


@transaction.atomic
def end_version(
    held: PlanVersion, *, valid_until: date, by: Person, at: datetime, version: int | None = None
) -> PlanVersion:
    """Let a version hold only until before a day, so that the next one can begin then.

    Raises NotAllowed, Stale, Invalid for a draft or a day before it began.
    """
    lock(held.plan)
    lock(held, version=version)
    require(policies.may_publish_version(by, held.plan))
    if held.is_draft or held.valid_from is None:
        raise Invalid({"valid_until": [_("A draft holds for nobody; there is nothing to end.")]})
    _in_order(held.valid_from, valid_until)
    if held.valid_until is not None and valid_until > held.valid_until:
        raise Invalid({"valid_until": [_("This version ends earlier already; write the next version instead.")]})
    held.valid_until = valid_until
    save(held, at=at)
    mark_everybody_stale()
    record(PayPlanEnded(**_facts(held)), by=by, at=at)
    return held


def _keeps_totals(draft: PlanVersion, day: date) -> None:
    """Refuse to let totals begin from zero within a span unasked; a plan's first version has none to lose."""
    terms = draft.document
    if not terms.adds_up or day == span_of(day, terms.frequency):
        return
    before = draft.plan.versions.filter(status=PlanVersion.Status.PUBLISHED, valid_from__lt=day)
    if before.filter(Q(valid_until=None) | Q(valid_until__gt=span_of(day, terms.frequency))).exists():
        said = {"day": said_day(day), "next": said_day(next_span(day, terms.frequency))}
        raise Invalid({"valid_from": [_(
            "What was sold before %(day)s would not count towards tiers, threshold or cap from then on. "
            "Choose %(next)s, or say that it is meant."
        ) % said], "from_zero": [_("Say here that it is meant.")]})  # fmt: skip


def _facts(version: PlanVersion) -> dict[str, Any]:
    return {
        "pay_plan_id": version.plan_id,
        "version_id": version.pk,
        "number": version.number,
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
    }


def _in_order(first: date, until: date | None) -> None:
    if until is not None and until <= first:
        raise Invalid({"valid_until": [_("This is not after the first day.")]})


def _overlap(first: date | None, until: date | None, other: date, other_until: date | None) -> bool:
    return (other_until is None or (first or date.min) < other_until) and (until is None or other < until)


def _held_by(other: PlanVersion) -> str:
    said = {"number": other.number, "first": said_day(other.valid_from), "until": said_day(other.valid_until)}
    if other.valid_until is None:
        return (
            _("Version %(number)s holds since %(first)s until further notice. End it before the next one begins.")
            % said
        )
    return _("Version %(number)s holds from %(first)s until before %(until)s. Choose a day after that.") % said


def _name_is_free(plan: PayPlan) -> None:
    if not plan.name:
        raise Invalid({"name": [_("Give the plan a name.")]})
    if PayPlan.objects.filter(name__iexact=plan.name).exclude(pk=plan.pk).exists():
        raise Invalid({"name": [_("There is a plan of this name already.")]})
