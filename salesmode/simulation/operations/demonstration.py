"""Let the demonstration company move into an installation that is still empty."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.simulation import demo, policies, queries
from salesmode.simulation.events import DemonstrationLoaded, DemonstrationRequested


class CompanyNotEmpty(Refusal):
    """Invented customers never mix with real ones."""

    def __init__(self) -> None:
        super().__init__(_("There are customers here already. Look at the demonstration in a data folder of its own."))


def _hold_the_door() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7320)")


@transaction.atomic
def request_demonstration(*, language: str, by: Person, at: datetime) -> None:
    """Ask for the demonstration company; it is loaded in the background.

    Raises CompanyNotEmpty, NotAllowed.
    """
    require(policies.may_request_demonstration(by))
    _hold_the_door()
    if not queries.is_empty():
        raise CompanyNotEmpty
    if not queries.is_on_its_way():
        record(DemonstrationRequested(language=language), by=by, at=at)


@transaction.atomic
def load_demonstration(*, language: str, by: Person, at: datetime) -> None:
    """Tell the company's two years up to now; told twice, it happens once. Nobody of the cast gets a password.

    Raises NotAllowed.
    """
    require(policies.may_load_demonstration(by))
    _hold_the_door()
    if queries.is_empty():
        demo.load(until=at, language=language, password=None)
        record(DemonstrationLoaded(), by=by, at=at)
