"""What the ground floor does by the clock: forget what is no longer needed, index custom fields."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from salesmode.kernel import files
from salesmode.kernel.custom_fields import index_name, index_sql, kinds
from salesmode.kernel.idempotency import KEPT_HOURS
from salesmode.kernel.jobs import every
from salesmode.kernel.models import CustomField, IdempotencyKey, RateCount

_INDEXES = """
select class.relname, index.indisvalid from pg_index index join pg_class class on class.oid = index.indexrelid
where class.relname like 'customvalue\\_%%' and class.relnamespace = current_schema()::regnamespace
"""


@every("day", at="03:10")
def forget_answered_requests(*, at: datetime) -> None:
    """Forget the answers to requests that are too old to be sent again, and rate windows long over."""
    IdempotencyKey.objects.filter(started_at__lt=at - timedelta(hours=KEPT_HOURS)).delete()
    RateCount.objects.filter(window_at__lt=at - timedelta(days=1)).delete()


@every("day", at="03:20")
def remove_forgotten_files(*, at: datetime) -> None:
    """Remove contents that no record has: what an undone upload left behind."""
    for sha256 in files.forgotten_contents():
        with transaction.atomic():
            files.remove_content(sha256)


@every("minute", count=5)
def index_custom_fields(*, at: datetime) -> None:
    """Have an index over each custom field in use, made beside running work; drop those of retired or broken ones."""
    wanted = {index_name(field): field for field in CustomField.objects.filter(is_active=True, kind__in=kinds())}
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        there = dict(cursor.fetchall())
        for name, is_valid in there.items():
            if name not in wanted or not is_valid:
                cursor.execute(f"drop index concurrently if exists {connection.ops.quote_name(name)}")
        for name, field in wanted.items():
            if not there.get(name):
                cursor.execute(index_sql(field))
