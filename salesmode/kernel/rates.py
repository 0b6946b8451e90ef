"""How many requests somebody sent in the running window: one statement, on a table that costs no synchronous write."""

from salesmode.kernel.prepared import prepared

_COUNT = """
insert into kernel_ratecount as counted (bucket, window_at, count)
select %(bucket)s, to_timestamp(floor(extract(epoch from clock_timestamp()) / %(per)s) * %(per)s), 1
on conflict (bucket) do update set
    count = case when counted.window_at = excluded.window_at then counted.count + 1 else 1 end,
    window_at = excluded.window_at
returning count, ceil(extract(epoch from window_at + make_interval(secs => %(per)s) - clock_timestamp()))::int
"""


def count(bucket: str, limit: int, per_seconds: int) -> tuple[bool, int, int]:
    """Count one more request; return whether it is allowed, how many are left, and seconds until counting restarts."""
    with prepared() as cursor:
        cursor.execute(_COUNT, {"bucket": bucket[:200], "per": per_seconds})
        so_far, reset = cursor.fetchone()
    return so_far <= limit, max(limit - so_far, 0), max(reset, 1)
