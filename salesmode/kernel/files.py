"""Where files lie: each content once, named after itself, written whole or not at all."""

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

import anyio
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from salesmode.kernel.models import StoredFile
from salesmode.kernel.refusals import NotFound

CHUNK = 256 * 1024
FORGOTTEN_AFTER_SECONDS = 24 * 3600


def store(content: BinaryIO) -> tuple[str, int]:
    """Write a content below the files folder and return its SHA-256 and size; equal contents are kept once."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = root / f".draft-{os.getpid()}-{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sha256 = digest.hexdigest()
        hold_content(sha256)
        place = path_of(sha256)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.replace(place)
        for folder in (place.parent, place.parent.parent, root):
            _sync(folder)
    finally:
        draft.unlink(missing_ok=True)
    return sha256, size


def path_of(sha256: str) -> Path:
    """Return where a content lies."""
    return Path(settings.MEDIA_ROOT) / StoredFile(sha256=sha256).place


def hold_content(sha256: str) -> None:
    """Keep others from removing or bringing back this content until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def remove_content(sha256: str) -> bool:
    """Remove a content that no record refers to any more; says whether it did. Call it in a transaction."""
    hold_content(sha256)
    if StoredFile.objects.filter(sha256=sha256).exists():
        return False
    path_of(sha256).unlink(missing_ok=True)
    return True


def forgotten_contents() -> list[str]:
    """Name the contents that lie there for a day without a record: what an undone transaction left behind."""
    root, oldest = Path(settings.MEDIA_ROOT), time.time() - FORGOTTEN_AFTER_SECONDS
    for draft in root.glob(".draft-*"):
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime < oldest:
                draft.unlink()
    lying = {path.name for path in root.glob("??/??/*") if path.stat().st_mtime < oldest}
    return sorted(lying - set(StoredFile.objects.values_list("sha256", flat=True)))


def as_attachment(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """Answer with a file that browsers save and never show or run.

    Raises NotFound when its content is missing.
    """
    try:
        content = path_of(file.sha256).open("rb")
    except FileNotFoundError:
        raise NotFound from None
    if isinstance(request, ASGIRequest):
        content.close()
        response: HttpResponseBase = StreamingHttpResponse(_chunks(path_of(file.sha256)))
        response.headers["Content-Length"] = str(file.size)
        response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    else:
        response = FileResponse(content, as_attachment=True, filename=file.name)
    response.headers["Content-Type"] = file.content_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while chunk := await file.read(CHUNK):
            yield chunk


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
