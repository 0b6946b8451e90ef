"""The door for web servers: `uvicorn salesmode.config.asgi:application`.

Pages and API are answered whole in a thread that keeps; only the live channel, which stays open, is answered in the
event loop. Django's own door changes threads several times in every request, and starts one for each.
"""

import asyncio
import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import django
from django.core import signals
from django.core.exceptions import RequestAborted, RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http.response import HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.urls import get_resolver, set_script_prefix

from salesmode.kernel.refusals import TooLarge, problem_response

OPEN_ENDED = frozenset({"/live"})
# Less than the connections that a process may hold (kernel/postgres.py): nobody waits for one.
THREADS = 10
# A little more than the largest file that anybody may bring in (exchange/reading.py).
LARGEST_BODY = 260 * 1024 * 1024


class Pages(BaseHandler):
    """Answers a request in the thread that asks."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        # Read every address now, not when the first person asks.
        get_resolver().url_patterns  # noqa: B018

    def answer(self, scope: dict[str, Any], body: Any) -> HttpResponseBase:
        """Return the answer; the database connection has been given back by then."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            response = self.get_response(ASGIRequest(scope, body))
        except UnicodeDecodeError:
            response = HttpResponseBadRequest()
        except RequestDataTooBig:
            response = HttpResponse("413 Payload too large", status=413)
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if response.streaming:
            close_old_connections()
        else:
            response.close()
        return response


class Door(ASGIHandler):
    """Lets threads answer, and keeps what stays open in the event loop."""

    _middleware_chain: Any = None

    def __init__(self) -> None:
        self.pages = Pages()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            receive = _at_most(LARGEST_BODY, scope, receive)
        try:
            if scope["type"] != "http" or scope["path"] in OPEN_ENDED:
                if self._middleware_chain is None:
                    self.load_middleware(is_async=True)
                return await super().__call__(scope, receive, send)
            body = await self.read_body(receive)
        except RequestAborted:
            return None
        except RequestDataTooBig:
            return await self.send_response(_too_large(scope["path"]), send)
        try:
            response = await self._in_thread(self.pages.answer, scope, body)
            await self.send_response(response, send)
            if response.streaming:
                await self._in_thread(response.close)
        finally:
            body.close()
        return None

    async def _in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        run = partial(contextvars.copy_context().run, work, *given)
        return await asyncio.get_running_loop().run_in_executor(self.threads, run)


def _at_most(limit: int, scope: dict[str, Any], receive: Callable[..., Any]) -> Callable[..., Any]:
    """Stop reading what is too large, before it fills the disk; at once where its size is told."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    left = limit - (int(told) if told.isdigit() else 0)
    if left >= 0:
        left = limit

    async def receive_some() -> Any:
        nonlocal left
        message = await receive() if left >= 0 else {}
        left -= len(message.get("body", b""))
        if left < 0:
            raise RequestDataTooBig
        return message

    return receive_some


def _too_large(path: str) -> HttpResponse:
    """Refuse a body, and the connection on which more of it would come."""
    response: HttpResponse = problem_response(TooLarge()) if path.startswith("/api/") else HttpResponse(status=413)
    response.headers["Connection"] = "close"
    return response


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
django.setup(set_prefix=False)
application = Door()
