"""The web door of files: upload to a record, download, take off."""

from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.kernel import files, operations
from salesmode.kernel.models import StoredFile
from salesmode.kernel.pages import way_back
from salesmode.kernel.refusals import Invalid, NotFound
from salesmode.kernel.subjects import subject


def _file(request: HttpRequest, file_id: int) -> tuple[StoredFile, object]:
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound
    return file, subject(file.about_kind, file.about_id, seen_by=request.user)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(way_back(request, otherwise="/"))


@require_GET
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """Send a file to who may see its record."""
    file, _about = _file(request, file_id)
    return files.as_attachment(request, file)


@require_POST
def attach(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """Attach what was sent to a record, and go back to where the form was."""
    about = subject(kind, record_id, seen_by=request.user)
    sent = request.FILES.getlist("file")
    if not sent:
        raise Invalid({"file": [_("Choose a file first.")]})
    for upload in sent:
        content = cast(BinaryIO, upload)
        operations.attach_file(about, name=upload.name or "", content=content, by=request.user, at=now())
    return _back(request)


@require_POST
def detach(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take a file off its record, and go back to where the button was."""
    file, about = _file(request, file_id)
    operations.detach_file(file, about=about, by=request.user, at=now())
    return _back(request)
