"""How many requests somebody sent in the running window: one statement, on a table that costs no synchronous write."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField

from salesmode.kernel.prepared import prepared


def count(bucket: str, limit: int, per_seconds: int) -> tuple[bool, int, int]:
    """Count one more request; return whether it is allowed, how many are left, and seconds until counting restarts."""
    with prepared() as cursor:
        cursor.execute("select kernel_counted(%s, %s)", [bucket[:200], per_seconds])
        return judged(cursor.fetchone()[0], limit)


def counted(bucket: Any, per_seconds: int) -> Func:
    """Return an expression that counts one more request for each row that a question finds; `judged` reads it."""
    return Func(bucket, per_seconds, function="kernel_counted", output_field=ArrayField(IntegerField()))


def judged(found: Sequence[int], limit: int) -> tuple[bool, int, int]:
    """Return whether a counted request is allowed, how many are left, and seconds until counting restarts."""
    so_far, reset = found
    return so_far <= limit, max(limit - so_far, 0), max(reset, 1)
