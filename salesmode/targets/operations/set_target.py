"""Write down what is to be reached: a first version, the next one, or the draft that is there."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.here import company
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.targets import policies, queries
from salesmode.targets.events import TargetAmended, TargetDrafted
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.scorecard import ensure_valid_ramp
from salesmode.targets.models.target import can_aim_at, metric
from salesmode.targets.operations.target_facts import facts_of

EARLIEST, LATEST = 1990, 2200


@transaction.atomic
def set_target(
    *,
    metric: str,
    year: int,
    whose: Whose | None = None,
    by: Person,
    at: datetime,
    version: int | None = None,
    **numbers: Any,
) -> Target:
    """Draft what a number is to reach in a fiscal year; a draft that is there is changed, else it is the next version.

    `numbers` are base, stretch, challenge, distribution, shares, months, is_prorated, ramp, note.
    Raises NotAllowed, Invalid at the field that is wrong, Stale.
    """
    whose = whose or Whose()
    starts_on = _may_begin(metric, year, whose, by)
    there = Target.objects.of(metric, whose.unit, whose.key, starts_on)
    draft = there.drafts().first()
    if draft is not None:
        lock(draft, version=version)
    else:
        edition = (there.aggregate(last=Max("edition"))["last"] or 0) + 1
        draft = _blank(metric, whose, starts_on, edition)
    is_new = draft.pk is None
    take_over(draft, at=at, **numbers)
    try:
        with transaction.atomic():
            save(draft, at=at)
    except IntegrityError as error:
        if "target_has_one_draft" not in str(error) and "target_version_is_unique" not in str(error):
            raise
        raise Invalid({"metric": [_("Somebody else has just made this draft. Look at it first.")]}) from None
    record((TargetDrafted if is_new else TargetAmended)(**facts_of(draft)), by=by, at=at)
    return draft


def try_target(*, metric: str, year: int, whose: Whose, by: Person, at: datetime, **numbers: Any) -> Target:
    """Return the draft that these numbers would make, without keeping it; raises what `set_target` would."""
    draft = _blank(metric, whose, _may_begin(metric, year, whose, by), edition=1)
    take_over(draft, at=at, **numbers)
    return draft


def _may_begin(code: str, year: int, whose: Whose, by: Person) -> date:
    whose.ensure_named()
    require(policies.may_set_target(by, whose))
    _refuse_unknown(code, whose.unit, year)
    return Period.parse(f"FY{year}").first


def _refuse_unknown(code: str, unit: str, year: int) -> None:
    wrong = {}
    if not can_aim_at(code, "company"):
        wrong["metric"] = [_("There is no metric called %(code)s.") % {"code": str(code)[:60]}]
    elif not can_aim_at(code, unit):
        said = {"metric": metric(code).label, "unit": Target.Unit(unit).label}
        wrong["metric"] = [_("%(metric)s is not known for each %(unit)s.") % said]
    if not EARLIEST <= year <= LATEST:
        wrong["year"] = [_("Choose a year from %(first)s to %(last)s.") % {"first": EARLIEST, "last": LATEST}]
    if wrong:
        raise Invalid(wrong)


def _blank(code: str, whose: Whose, starts_on: date, edition: int) -> Target:
    return Target(
        metric=code,
        unit=whose.unit,
        key=whose.key,
        team=whose.team if whose.unit == "team" else None,
        owner=whose.person if whose.unit == "person" else None,
        product=whose.product if whose.unit == "product" else None,
        starts_on=starts_on,
        edition=edition,
        currency=company().currency if metric(code).unit == "money" else "",
    )


def take_over(
    target: Target,
    *,
    at: datetime,
    distribution: str = "even",
    is_prorated: bool = False,
    ramp: Sequence[int] = (),
    note: str = "",
    **numbers: Any,
) -> None:
    """Put numbers into a draft, with the shape of last year and the time somebody is there where asked for.

    Raises TargetNotDraft, Invalid at the field that is wrong.
    """
    ensure_valid_ramp(ramp)
    target.is_prorated, target.ramp, target.note = is_prorated, list(ramp), note
    factors: Sequence[Decimal] = ()
    if is_prorated:
        if target.owner is None or not target.adds_up:
            raise Invalid(
                {"is_prorated": [_("Only a person's target that adds up can count the time they are there.")]}
            )
        factors = queries.month_factors(target.owner, target.starts_on, ramp=ramp)
    if distribution == Target.Distribution.LAST_YEAR and "last_year" not in numbers:
        numbers["last_year"] = last_year_of(target)
    target.set_numbers(distribution=distribution, factors=factors, **numbers)
    fit(target)


def last_year_of(target: Target) -> list[Decimal]:
    """Return what was reached in each month of the year before, by a team with all teams below it."""
    return queries.months_of_year_before(target.metric, target.whose, target.starts_on)
