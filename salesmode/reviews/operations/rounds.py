"""Begin rounds of reviews: a form for each person, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import ReviewOpened, ReviewRoundOpened
from salesmode.reviews.models import Review, ReviewLine, ReviewRound, ReviewTemplate
from salesmode.reviews.operations.facts import review_facts
from salesmode.reviews.queries.teams import leader_of, reviewed_people

OWN_VIEW_DAYS = 14


@transaction.atomic
def open_review_round(
    *,
    template: ReviewTemplate,
    period: Period,
    team: Team | None = None,
    people: Iterable[Person] | None = None,
    label: str = "",
    by: Person,
    at: datetime,
) -> ReviewRound:
    """Begin a round, with one review for each person in the team and those inside it, or in the company.

    Told twice, it makes nothing twice; who came since gets a review. Nobody has two with one form for one period.
    Raises NotAllowed, Invalid for a form out of use.
    """
    require(policies.may_open_review_round(by, team))
    lock(template)  # One at a time for a form, so that two rounds never give one person two reviews.
    if not template.is_active:
        raise Invalid({"template": [_("This form is out of use.")]})
    found = ReviewRound.objects.filter(template=template, team=team, first=period.first, until=period.until).first()
    opened = found or ReviewRound(
        template=template,
        team=team,
        first=period.first,
        until=period.until,
        label=label or period.label,
        due_on=max(period.until, at.astimezone(period.zone).date()) + timedelta(days=OWN_VIEW_DAYS),
        grades=template.grades,
    )
    if found is None:
        save(opened, at=at)
        record(
            ReviewRoundOpened(
                review_round_id=opened.pk,
                review_template_id=template.pk,
                team_id=team.pk if team else None,
                first=period.first,
                until=period.until,
            ),
            by=by,
            at=at,
        )
    _give_reviews(opened, people if people is not None else reviewed_people(team), by=by, at=at)
    return opened


def _give_reviews(opened: ReviewRound, people: Iterable[Person], *, by: Person, at: datetime) -> None:
    same = {"template": opened.template_id, "first": opened.first, "until": opened.until}
    there = set(Review.objects.filter(**same).values_list("owner_id", flat=True))
    teams = Team.objects.in_bulk()
    lines = list(opened.template.lines.order_by("position", "id"))
    for person in people:
        if person.pk in there:
            continue
        review = Review(
            round=opened,
            template=opened.template,
            owner=person,
            leader_id=leader_of(person, teams),
            first=opened.first,
            until=opened.until,
        )
        save(review, at=at)
        ReviewLine.objects.bulk_create(
            ReviewLine(
                review=review,
                position=line.position,
                kind=line.kind,
                metric=line.metric,
                name=line.name,
                anchors=line.anchors,
                weight=line.weight,
                target=line.target,
                cap=line.cap,
            )
            for line in lines
        )
        record(ReviewOpened(**review_facts(review)), by=by, at=at)
