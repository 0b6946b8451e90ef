"""Bringing customers in from a file, beside COPY of the same rows."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils.timezone import now

from salesmode.config.bench import Figure
from salesmode.exchange import operations
from salesmode.exchange.sheet import SHEETS
from salesmode.people.models import Person


def copied(rows: int) -> float:
    """Return the seconds that COPY needs for as many rows as there are, of the commonest kind: events."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table bench_events (like kernel_eventrecord including indexes)")
        with cursor.copy("copy (select * from kernel_eventrecord limit 100000) to stdout (format binary)") as out:
            content = b"".join(bytes(block) for block in out)
        cursor.execute("select count(*) from (select 1 from kernel_eventrecord limit 100000) few")
        sample = cursor.fetchone()[0]
        begun = time.perf_counter()
        with cursor.copy("copy bench_events from stdin (format binary)") as copy:
            copy.write(content)
        seconds = time.perf_counter() - begun
        cursor.execute("drop table bench_events")
    return round(seconds * rows / max(sample, 1), 1)


def figures(folder: Path, rows: int) -> Iterator[Figure]:
    """Import customers with check for duplicates, search entries and events; then copy the same rows."""
    system, file = Person.objects.system(), folder / "customers.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "phone", "city", "industry"])
        writer.writerows([f"进口客户{n:07}有限公司", f"138{n:08}", "上海市", "电子商务"] for n in range(rows))
    begun = time.perf_counter()
    with file.open("rb") as content:
        run = operations.receive_file(SHEETS["customer"], content, name=file.name, by=system, at=now())
    operations.prepare_import(run, by=system, at=now())
    operations.request_import(run, attended=True, by=system, at=now())
    while run.is_active:
        operations.advance_import(run, by=system, at=now())
    ours = run.created / (time.perf_counter() - begun)
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("create temporary table copied (name text, phone text, city text, industry text)")
        with file.open("rb") as content, cursor.copy("copy copied from stdin with (format csv, header)") as copy:
            while block := content.read(1 << 16):
                copy.write(block)
        cursor.execute("drop table copied")
    limit = rows / (time.perf_counter() - begun)
    yield Figure("import customers from CSV", round(ours), "rows/s", 5_000, round(limit), "COPY", better="more")
