"""Say what will be won in a period."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.forecasts import policies, queries
from salesmode.forecasts.events import ForecastSubmitted
from salesmode.forecasts.models import ForecastSubmission
from salesmode.forecasts.models.submission import SubmittedMeanwhile
from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, require, save
from salesmode.kernel.models import Company
from salesmode.kernel.money import rounded
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team

GRAINS = ("month", "quarter", "year", "fiscal_year")


@transaction.atomic
def submit_forecast(
    *,
    period: Period,
    person: Person | None = None,
    team: Team | None = None,
    amount: Decimal,
    best_case: Decimal | None = None,
    comment: str = "",
    seen: int | None = None,
    by: Person,
    at: datetime,
) -> ForecastSubmission:
    """Submit a forecast of a person, a team or (with neither) the company, beside the roll-up and never over it.

    `seen` is the number of the latest submission that the caller looked at (0 for none): of two who saw the same one,
    one gets in. Raises NotAllowed, SubmittedMeanwhile, Invalid for what cannot be or a period that is over.
    """
    owner = person if team is None else team.lead
    made = ForecastSubmission(person=person, team=team, owner=owner, by=by, comment=comment.strip())
    require(policies.may_submit_forecast(by, made))
    if person is not None and team is not None:
        raise Invalid({"team": [_("A forecast is of a person or of a team.")]})
    if period.grain not in GRAINS:
        raise Invalid({"period": [_("A forecast is for a month, a quarter or a year.")]})
    if at >= period.ends_at:
        raise Invalid({"period": [_("This period is over.")]})
    if amount < 0 or (best_case is not None and best_case < amount):
        field = "amount" if amount < 0 else "best_case"
        raise Invalid({field: [_("An amount is not negative, and the best case is not below the commit.")]})
    currency = Company.objects.current().currency
    made.is_own = owner is None or owner.pk == by.pk
    made.first_on, made.until_on, made.currency = period.first, period.until, currency
    made.amount = rounded(amount, currency)
    made.best_case = None if best_case is None else rounded(best_case, currency)
    roll = queries.roll_of_unit(made.person, made.team, period)
    made.rolled_up, made.closed = roll.commit, roll.closed
    _keep(made, seen=seen, at=at)
    record(ForecastSubmitted(**_facts(made)), by=by, at=at)
    return made


def _keep(made: ForecastSubmission, *, seen: int | None, at: datetime) -> None:
    """Write the submission under the next number; the database lets each number be taken once."""
    so_far = ForecastSubmission.objects.of_period(made.first_on, made.until_on).filter(
        person=made.person_id, team=made.team_id
    )
    latest = so_far.order_by("-number").values_list("number", flat=True).first() or 0
    if seen is not None and seen != latest:
        raise SubmittedMeanwhile
    made.number = latest + 1
    fit(made)
    try:
        with transaction.atomic():
            save(made, at=at)
    except IntegrityError:
        raise SubmittedMeanwhile from None


def _facts(made: ForecastSubmission) -> dict:
    names = ("person_id", "team_id", "owner_id", "is_own", "first_on", "until_on", "number", "amount", "best_case")
    named = {name: getattr(made, name) for name in (*names, "currency", "rolled_up", "closed")}
    return {"forecast_id": made.pk, "submitted_by_id": made.by_id, **named}
