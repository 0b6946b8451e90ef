"""The doors of the live channel: server-sent events, and asking again where those do not get through."""

import asyncio
import re
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import DataError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesmode.kernel import policies
from salesmode.kernel.live_hub import LOOK_AGAIN, Client, hub
from salesmode.kernel.refusals import Invalid

HEARTBEAT_SECONDS = 15
LOOK_AGAIN_SECONDS = 60
MOST_TOPICS = 20
MOST_POLLED = 500
TOPIC = re.compile(r"[a-z_]+(\.[a-z_]*)?")
SNAPSHOT = re.compile(r"\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18}){0,999})?", re.ASCII)


def _topics(request: HttpRequest) -> tuple[str, ...]:
    """Return the event names, or their beginnings, that a page wants to hear; none means all."""
    topics = tuple(topic for topic in request.GET.get("topics", "").split(",") if topic)
    if len(topics) > MOST_TOPICS or not all(TOPIC.fullmatch(topic) for topic in topics):
        raise Invalid({"topics": [_("Name at most 20 topics such as deal. or warehouse.")]})
    return topics


async def live(request: HttpRequest) -> HttpResponseBase:
    """Tell an open page what happens, as it happens: `/live?topics=deal.,warehouse`."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    topics = _topics(request)
    hears = hub()
    if hears.is_full:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    person: Any = await request.auser()
    owners = await sync_to_async(_owners)(person)
    client = Client(person.pk, topics, owners)
    response = StreamingHttpResponse(_stream(client, request.session.session_key), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _stream(client: Client, session_key: str | None) -> AsyncIterator[bytes]:
    """Yield what the page hears, a heartbeat in silence, and end when its person may not listen any more."""
    loop, hears = asyncio.get_running_loop(), hub()
    look_again_at = loop.time() + LOOK_AGAIN_SECONDS
    await sync_to_async(_let_go)()
    await hears.join(client)
    try:
        yield b"retry: 3000\n: here\n\n"
        while client in hears.clients:
            try:
                name, data = await asyncio.wait_for(client.waiting.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                name, data = "", ""
            if name == LOOK_AGAIN or loop.time() >= look_again_at:
                look_again_at = loop.time() + LOOK_AGAIN_SECONDS
                if not await sync_to_async(_may_still_listen)(client, session_key):
                    return
            if name != LOOK_AGAIN:
                yield f"event: {name}\ndata: {data}\n\n".encode() if name else b": still here\n\n"
    finally:
        hears.leave(client)


def _owners(person: Any) -> frozenset[int] | None:
    owners = policies.seen_owner_ids(person)
    return None if owners is None else frozenset(owners)


def _let_go() -> None:
    """Give the request's database connection back: an open page must not hold one."""
    connections.close_all()


def _may_still_listen(client: Client, session_key: str | None) -> bool:
    """Say whether the session is still good, and see whose records its person sees by now."""
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        person = get_user_model()._default_manager.filter(pk=client.person_id, is_active=True).first()
        if person is None or session.get(SESSION_KEY) != str(client.person_id):
            return False
        client.owners = _owners(person)
        return constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    finally:
        _let_go()


# One statement has one snapshot: the mark says exactly which transactions were over when the events were read, so that
# a slow one is told of later and none twice.
_SINCE = """
select pg_current_snapshot()::text, found.name, found.related from (select 1) as one left join (
    select name, related from kernel_eventrecord
    where xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint
      and not pg_visible_in_snapshot(xid::text::xid8, %(since)s::pg_snapshot) and (%(all)s or name ~ %(topics)s)
      and (%(owners)s::bigint[] is null or (facts ->> 'owner_id')::bigint = any(%(owners)s)
           or (facts ->> 'account_owner_id')::bigint = any(%(owners)s))
    order by xid, id limit %(most)s
) as found on true
"""


@require_GET
def poll(request: HttpRequest) -> JsonResponse:
    """Answer what happened since the last answer: `/live/poll?topics=deal.&since=…`; nothing is missed in between."""
    topics = _topics(request)
    since = request.GET.get("since", "")
    if since and not SNAPSHOT.fullmatch(since):
        raise Invalid({"since": [_("Send back the mark that came with the last answer.")]})
    beginnings = "^(" + "|".join(re.escape(topic) for topic in topics) + ")"
    given: dict[str, Any] = {"since": since or None, "all": not topics, "topics": beginnings, "most": MOST_POLLED}
    given["owners"] = policies.seen_owner_ids(request.user)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SINCE, given)
            rows = cursor.fetchall()
    except DataError:
        raise Invalid({"since": [_("Send back the mark that came with the last answer.")]}) from None
    names = sorted({name for _mark, name, _related in rows if name})
    related = sorted({each for _mark, _name, several in rows for each in several or ()})
    return JsonResponse({"since": rows[0][0], "names": names, "related": related[:MOST_POLLED]})
