"""Answer with the file of a list, in pieces, and remove it afterwards."""

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import anyio
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

CHUNK = 256 * 1024
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def hand_out(request: HttpRequest, name: str, form: str, make: Callable[[Path], None]) -> HttpResponse:
    """Let a file be made and answer with it; `make` writes it, and what goes wrong there leaves no file behind."""
    handle, made = tempfile.mkstemp(suffix=f".{form}")
    os.close(handle)
    path = Path(made)
    try:
        make(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    pieces = _pieces_later(path) if isinstance(request, ASGIRequest) else _pieces(path)
    answer = StreamingHttpResponse(pieces, content_type=TYPES[form])
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer  # type: ignore[return-value]


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    finally:
        path.unlink(missing_ok=True)


async def _pieces_later(path: Path) -> AsyncIterator[bytes]:
    try:
        async with await anyio.open_file(path, "rb") as file:
            while chunk := await file.read(CHUNK):
                yield chunk
    finally:
        path.unlink(missing_ok=True)
