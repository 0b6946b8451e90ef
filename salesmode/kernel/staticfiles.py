"""Serve static files without a collecting step: addresses carry a content hash, browsers keep them for good."""

import hashlib
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

FOR_GOOD = "max-age=31536000, public, immutable"


@cache
def version_of(name: str) -> str:
    """Return a short hash of a static file's content; empty when there is no such file."""
    path = finders.find(name)
    if not isinstance(path, str):
        return ""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:10]


class VersionedStaticFiles(StaticFilesStorage):
    """Static files whose address changes with their content."""

    def url(self, name: str | None) -> str:
        """Return the address with ?v=<content hash>."""
        address = super().url(name)
        version = version_of(name) if name else ""
        return f"{address}?v={version}" if version else address


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, telling browsers to keep versioned files for good and others for a minute."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        response = WhiteNoiseMiddleware.serve(static_file, request)
        if request.GET.get("v"):
            response["Cache-Control"] = FOR_GOOD
        return response
