"""Attach files to records and take them off."""

from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel import files, policies
from salesmode.kernel.events import Actor, record, record_many
from salesmode.kernel.filetypes import clean_name, content_type_of
from salesmode.kernel.locking import require
from salesmode.kernel.models import StoredFile
from salesmode.kernel.own_events import FileAttached, FileDetached
from salesmode.kernel.refusals import Invalid, NotFound


@transaction.atomic
def attach_file(about: Any, *, name: str, content: BinaryIO, by: Actor, at: datetime) -> StoredFile:
    """Attach a file to a record; whoever sees the record sees the file.

    Raises Invalid for a file that is empty, too large or of a type that is not kept; NotAllowed.
    """
    require(policies.may_attach_file(by, about))
    size = content.seek(0, 2)
    if not size:
        raise Invalid({"file": [_("The file is empty.")]})
    if size > settings.UPLOAD_LIMIT:
        megabytes = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise Invalid({"file": [_("The file is larger than %(limit)s MB.") % {"limit": megabytes}]})
    name = clean_name(name)
    content_type = content_type_of(name, content)
    sha256, size = files.store(content)
    file = StoredFile(about_kind=about.kind(), about_id=about.pk, name=name, content_type=content_type, size=size)
    file.sha256, file.uploaded_by_id, file.created_at = sha256, by.pk, at
    file.save()
    record(FileAttached(**_facts(file, about)), by=by, at=at)
    return file


@transaction.atomic
def detach_file(file: StoredFile, *, about: Any, by: Actor, at: datetime) -> None:
    """Take a file off its record; its content goes when no other record has it.

    Raises NotAllowed, NotFound when it is gone already.
    """
    require(policies.may_detach_file(by, about))
    facts = _facts(file, about)
    if not StoredFile.objects.filter(pk=file.pk, about_kind=about.kind(), about_id=about.pk).delete()[0]:
        raise NotFound
    record(FileDetached(**facts), by=by, at=at)


@transaction.atomic
def forget_files_of(about: Any, *, by: Actor, at: datetime) -> int:
    """Take all files off a record that is being erased; returns how many. Who erases it has asked the policy."""
    going = list(StoredFile.objects.filter(about_kind=about.kind(), about_id=about.pk).select_for_update())
    StoredFile.objects.filter(pk__in=[file.pk for file in going]).delete()
    record_many([(FileDetached(**_facts(file, about)), at) for file in going], by=by)
    return len(going)


def _facts(file: StoredFile, about: Any) -> dict[str, Any]:
    return {
        "file_id": file.pk,
        "about_kind": file.about_kind,
        "about_id": file.about_id,
        "owner_id": getattr(about, "owner_id", None),
        "account_owner_id": getattr(about, "account_owner_id", None),
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }
