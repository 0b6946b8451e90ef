"""Every morning: begin the rounds whose periods are over, and count the challenges that have ended."""

from datetime import datetime

from salesmode.kernel.jobs import every
from salesmode.kernel.models import Company
from salesmode.kernel.periods import day_of
from salesmode.people.models import Person
from salesmode.reviews import operations
from salesmode.reviews.models import Challenge


@every("day", at="06:10")
def begin_reviews(*, at: datetime) -> None:
    """Begin the reviews of the periods that are over, as the cycles say."""
    operations.open_due_rounds(by=Person.objects.system(), at=at)


@every("day", at="06:20")
def count_challenges(*, at: datetime) -> None:
    """Count the challenges that ended before today."""
    today = day_of(at, Company.objects.current().zone)
    for challenge in Challenge.objects.filter(status=Challenge.Status.RUNNING, until__lte=today).order_by("pk"):
        operations.finish_challenge(challenge, by=Person.objects.system(), at=at)
