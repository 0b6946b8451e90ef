"""The same request sent twice is done once: its key, what it was, and what it was answered."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.models import IdempotencyKey
from salesmode.kernel.refusals import Invalid, Refusal

LONGEST_KEY = 255
TAKEN_OVER_AFTER_SECONDS = 60
KEPT_HOURS = 24


class KeyInUse(Refusal):
    """The same request is being worked on."""

    def __init__(self) -> None:
        super().__init__(_("The same request is still being worked on. Ask again in a moment."))


class KeyReused(Refusal):
    """The key belongs to another request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self) -> None:
        super().__init__(_("This idempotency key was used for another request. Use a new one."))


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Claim:
    """The right to do the work of a key, until it is finished or given up."""

    person_id: int
    key: str
    attempt: uuid.UUID


_CLAIM = """
insert into kernel_idempotencykey as old (person_id, key, method, path, body_hash, attempt, started_at, content_type)
values (%(person_id)s, %(key)s, %(method)s, %(path)s, %(body_hash)s, %(attempt)s, clock_timestamp(), '')
on conflict (person_id, key) do update set
    method = excluded.method, path = excluded.path, body_hash = excluded.body_hash, attempt = excluded.attempt,
    started_at = excluded.started_at, status = null, body = null, content_type = ''
where old.started_at < clock_timestamp() - make_interval(hours => %(kept)s)
   or (old.status is null and old.started_at < clock_timestamp() - make_interval(secs => %(patience)s)
       and (old.method, old.path, old.body_hash) = (excluded.method, excluded.path, excluded.body_hash))
returning 1
"""


def begin(person_id: int, key: str, *, method: str, path: str, body_hash: str) -> Claim | Answer:
    """Claim a key before any work, in a transaction of its own; return the stored answer when the work is done already.

    Raises KeyInUse while another does it, KeyReused when the key was for something else, Invalid for a bad key.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid({"Idempotency-Key": [_("Use 1 to %(count)s printable characters.") % {"count": LONGEST_KEY}]})
    claim = Claim(person_id, key, uuid.uuid4())
    asked: dict[str, Any] = {
        "person_id": person_id,
        "key": key,
        "method": method,
        "path": path[:500],
        "body_hash": body_hash,
    }
    rules = {"attempt": claim.attempt, "kept": KEPT_HOURS, "patience": TAKEN_OVER_AFTER_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, asked | rules)
        if cursor.fetchone():
            return claim
    stored = IdempotencyKey.objects.filter(person_id=person_id, key=key).first()
    if stored is None:
        raise KeyInUse
    if (stored.method, stored.path, stored.body_hash) != (method, path[:500], body_hash):
        raise KeyReused
    if stored.status is None:
        raise KeyInUse
    return Answer(stored.status, bytes(stored.body or b""), stored.content_type)


def finish(claim: Claim, answer: Answer) -> None:
    """Remember the answer; call it in the transaction of the work, so that both are kept or neither.

    Raises KeyInUse when the work took so long that another took it over: this transaction must not commit.
    """
    mine = IdempotencyKey.objects.filter(person_id=claim.person_id, key=claim.key, attempt=claim.attempt)
    if not mine.update(status=answer.status, body=answer.body, content_type=answer.content_type[:100]):
        raise KeyInUse


def give_up(claim: Claim) -> None:
    """Let the key be used again: nothing was done."""
    IdempotencyKey.objects.filter(person_id=claim.person_id, key=claim.key, attempt=claim.attempt, status=None).delete()


def once(
    person_id: int, key: str, work: Callable[[], Answer], *, method: str, path: str, body_hash: str
) -> tuple[Answer, bool]:
    """Do the work of a request once; return its answer and whether that came from memory.

    Only work that succeeded is remembered: after a refusal the same key may be tried again. Raises as `begin` does.
    """
    claim = begin(person_id, key, method=method, path=path, body_hash=body_hash)
    if isinstance(claim, Answer):
        return claim, True
    try:
        with transaction.atomic():
            answer = work()
            if answer.status < HTTPStatus.BAD_REQUEST:
                finish(claim, answer)
            else:
                transaction.set_rollback(True)
    except BaseException:
        give_up(claim)
        raise
    if answer.status >= HTTPStatus.BAD_REQUEST:
        give_up(claim)
    return answer, False


def once_in_turn(
    person_id: int, key: str, work: Callable[[], Answer | None], *, method: str, path: str, body_hash: str
) -> Answer | None:
    """Do the work of a request once, in one transaction with its key; return an answer only when it was done before.

    Whoever sends the same meanwhile waits until the first is through. Work that answers None, is refused (400 and
    above) or raises leaves the key free, and what was refused leaves nothing else either. Raises as `begin` does.
    """
    with transaction.atomic():
        claim = begin(person_id, key, method=method, path=path, body_hash=body_hash)
        if isinstance(claim, Answer):
            return claim
        answer = work()
        if answer is None:
            give_up(claim)
        elif answer.status >= HTTPStatus.BAD_REQUEST:
            transaction.set_rollback(True)
        else:
            finish(claim, answer)
    return None
