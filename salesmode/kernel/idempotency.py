"""The same POST twice has one effect: the first answer is kept and given again."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db import connection
from django.utils.translation import gettext as _

from salesmode.kernel.models.door import IdempotencyKey
from salesmode.kernel.refusals import Refusal

# A request that has not been answered after this long died with its process.
PATIENCE_SECONDS = 60

_BEGIN = """
insert into kernel_idempotencykey (person_id, key, method, path, body_hash, attempt, content_type)
values (%(person)s, %(key)s, %(method)s, %(path)s, %(hash)s, %(attempt)s, '')
on conflict (person_id, key) do update set attempt = excluded.attempt, started_at = now()
where kernel_idempotencykey.status is null and kernel_idempotencykey.method = excluded.method
  and kernel_idempotencykey.path = excluded.path and kernel_idempotencykey.body_hash = excluded.body_hash
  and kernel_idempotencykey.started_at < now() - make_interval(secs => %(patience)s)
returning attempt
"""


class KeyInUse(Refusal):
    """The first request with this key is still being answered."""

    def __init__(self) -> None:
        super().__init__(_("A request with this Idempotency-Key is still running. Ask again in a moment."))


class KeyReused(Refusal):
    """A key stands for one request, not for two."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request. Use a new one."))


@dataclass(frozen=True)
class Answer:
    """What a request was answered the first time."""

    status: int
    content_type: str
    body: bytes


def begin(person_id: int, key: str, method: str, path: str, body_hash: str) -> Answer | None:
    """Claim a key before the work begins; return the kept answer when the work was done already.

    One insert decides, in a transaction of its own. Raises KeyInUse, KeyReused.
    """
    mine = uuid.uuid4()
    given = {"person": person_id, "key": key, "method": method, "path": path[:500], "hash": body_hash}
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, given | {"attempt": mine, "patience": PATIENCE_SECONDS})
        if cursor.fetchone() is not None:
            return None
    kept = IdempotencyKey.objects.filter(person_id=person_id, key=key).first()
    if kept is None:
        raise KeyInUse
    if (kept.method, kept.path, kept.body_hash) != (method, path[:500], body_hash):
        raise KeyReused
    if kept.status is None:
        raise KeyInUse
    return Answer(kept.status, kept.content_type, bytes(kept.body or b""))


def finish(person_id: int, key: str, status: int, body: bytes, content_type: str) -> None:
    """Keep the answer for whoever sends the same request again."""
    mine = IdempotencyKey.objects.filter(person_id=person_id, key=key)
    mine.update(status=status, body=body, content_type=content_type[:100])


def forget(person_id: int, key: str) -> None:
    """Give the key back: the request had no effect and may be tried again."""
    IdempotencyKey.objects.filter(person_id=person_id, key=key, status=None).delete()


def purge(*, before: datetime) -> int:
    """Forget the answers of requests that came before a moment; returns how many."""
    return IdempotencyKey.objects.filter(started_at__lt=before).delete()[0]
