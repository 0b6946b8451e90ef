"""How many requests somebody may send: counted over fixed windows, shared by all processes."""

from django.db import connection

_COUNT = """
insert into kernel_ratecount as counted (bucket, window_at, count)
values (%(bucket)s, to_timestamp(floor(extract(epoch from now()) / %(seconds)s) * %(seconds)s), 1)
on conflict (bucket) do update set
    count = case when counted.window_at = excluded.window_at then counted.count + 1 else 1 end,
    window_at = excluded.window_at
returning count, ceil(extract(epoch from window_at) + %(seconds)s - extract(epoch from now()))
"""


def count(bucket: str, limit: int, per_seconds: int) -> tuple[bool, int, int]:
    """Count one request; return whether it is allowed, how many are left, and seconds until counting restarts."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"bucket": bucket[:200], "seconds": per_seconds})
        counted, reset = cursor.fetchone()
    return counted <= limit, max(0, limit - counted), max(1, int(reset))
