"""Look at the files of a company, and take it over, in the background."""

import logging
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from salesmode.exchange import operations
from salesmode.exchange.events import CompanyImportReceived, CompanyImportRequested
from salesmode.exchange.models import CompanyImport
from salesmode.kernel.events import on
from salesmode.kernel.files import path_of
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.workspace.company_import.records import reason_of
from salesmode.workspace.company_import.run import import_company

log = logging.getLogger(__name__)


@on(CompanyImportReceived, CompanyImportRequested)
def look_or_take_over(event: CompanyImportReceived | CompanyImportRequested, *, at: datetime) -> None:
    """Do what the import waits for: rehearse it, or carry it out; told twice, it does nothing the second time."""
    taken = CompanyImport.objects.get(pk=event.company_import_id)
    rehearse = isinstance(event, CompanyImportReceived)
    if taken.status != (CompanyImport.Status.CHECKING if rehearse else CompanyImport.Status.RUNNING):
        return
    person = Person.objects.get(pk=taken.by_id)
    with (
        translation.override(person.reads),
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            for file in taken.files:
                shutil.copyfile(path_of(file["sha256"]), Path(folder) / Path(file["name"]).name)
            with transaction.atomic():
                report = import_company(Path(folder), by=person, at=at, rehearse=rehearse)
        except Refusal as refusal:
            operations.report_company(taken, message=reason_of(refusal), by=person, at=at)
        except Exception:
            log.exception("company_import_failed", extra={"company_import_id": taken.pk})
            operations.report_company(
                taken, message=_("Something went wrong. Nothing was taken over."), by=person, at=at
            )
        else:
            operations.report_company(taken, report=report, by=person, at=at)
