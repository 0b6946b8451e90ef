"""The first minutes of a company here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.kernel.operations import set_up_company
from salesmode.kernel.operations.company import CompanyAlreadySetUp
from salesmode.people.models import Person, Team
from salesmode.people.operations import create_person, create_team
from salesmode.people.operations.persons import hold_administrators
from salesmode.selling.operations import define_standard_process
from salesmode.workspace import policies
from salesmode.workspace.events import CompanyStarted


@transaction.atomic
def start_company(*, company: dict[str, Any], administrator: dict[str, Any], by: Person, at: datetime) -> Person:
    """Answer the first-run questions and let the first administrator in; of two who try at once, one wins.

    Raises CompanyAlreadySetUp also when somebody administers already, Invalid, NotAllowed.
    """
    require(policies.may_start_company(by))
    hold_administrators()
    if Person.objects.administrators().exists():
        raise CompanyAlreadySetUp
    made = set_up_company(**company, by=by, at=at)
    told = {"language": company["language"]} | administrator
    person = create_person(**told, role=Person.Role.OPERATIONS, by=by, at=at)
    record(CompanyStarted(company_id=made.pk, person_id=person.pk), by=person, at=at)
    return person


@transaction.atomic
def start_empty(*, language: str, team_name: str, by: Person, at: datetime) -> None:
    """Give a new company the usual process, reasons for losing, and one team; what is there already stays.

    Raises NotAllowed. What is made leaves the events that record(...) it: process.defined, team.created.
    """
    require(policies.may_start_empty(by))
    define_standard_process(language=language, by=by, at=at)
    if not Team.objects.exists():
        create_team(name=team_name, by=by, at=at)
