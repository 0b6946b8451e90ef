"""Take in the files of a whole company, and keep the account of what became of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.exchange.events import CompanyImportReceived, CompanyImportReported, CompanyImportRequested
from salesmode.exchange.models import CompanyImport
from salesmode.exchange.reading import MOST_BYTES, UnreadableFile
from salesmode.kernel import files, policies
from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.models import StoredFile
from salesmode.kernel.refusals import Refusal

MOST_FILES = 30
Status = CompanyImport.Status


@transaction.atomic
def receive_company(contents: Iterable[tuple[str, BinaryIO]], *, by: Any, at: datetime) -> CompanyImport:
    """Take in the files of a company, to be looked at before anything is made.

    Raises NotAllowed, UnreadableFile.
    """
    require(policies.may_set_up_company(by))
    taken = CompanyImport(by_id=by.pk)
    save(taken, at=at)
    for name, content in contents:
        content.seek(0, 2)
        if content.tell() > MOST_BYTES or len(taken.files) >= MOST_FILES:
            raise UnreadableFile(_("These are too many or too large files."))
        sha256, size = files.store(content)
        taken.files.append({"name": name[-255:], "sha256": sha256})
        kept = {"content_type": "application/octet-stream", "size": size, "sha256": sha256, "uploaded_by_id": by.pk}
        StoredFile.objects.create(
            about_kind="company_import", about_id=taken.pk, name=name[-255:], created_at=at, **kept
        )
    save(taken, at=at)
    record(CompanyImportReceived(company_import_id=taken.pk), by=by, at=at)
    return taken


@transaction.atomic
def request_company(taken: CompanyImport, *, by: Any, at: datetime) -> CompanyImport:
    """Ask for the company to be taken over, as it was shown.

    Raises NotAllowed, Refusal unless it was looked at first.
    """
    lock(taken)
    require(policies.may_set_up_company(by) and taken.by_id == by.pk)
    if taken.status not in (Status.READY, Status.FAILED):
        raise Refusal(_("This is %(status)s.") % {"status": str(taken.get_status_display()).lower()})
    taken.status, taken.message = Status.RUNNING, ""
    save(taken, at=at)
    record(CompanyImportRequested(company_import_id=taken.pk), by=by, at=at)
    return taken


@transaction.atomic
def report_company(
    taken: CompanyImport, *, report: dict[str, Any] | None = None, message: str = "", by: Any, at: datetime
) -> CompanyImport:
    """Keep the account of what was found or made, or the reason why it stopped."""
    lock(taken)
    if message:
        taken.status, taken.message = Status.FAILED, message[:500]
    else:
        taken.status = Status.READY if taken.status == Status.CHECKING else Status.DONE
        taken.report = report or {}
    save(taken, at=at)
    record(CompanyImportReported(company_import_id=taken.pk, status=taken.status), by=by, at=at)
    return taken
