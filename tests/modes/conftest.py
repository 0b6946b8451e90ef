"""What the tests of modes share: a team that adopts, and a mark of everything in the database."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection

from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import Adoption
from tests.conftest import MONDAY

FIRST = MONDAY.date()


@pytest.fixture
def adopt() -> Callable[..., Adoption]:
    """Preview and confirm in one go."""

    def run(*, by, team=None, mode: str = "", practices=(), parameters=None, from_day: date = FIRST,
            at: datetime = MONDAY) -> Adoption:  # fmt: skip
        wanted = {"team": team, "mode": mode, "practices": practices, "parameters": parameters, "from_day": from_day}
        return modes.adopt(**wanted, seen=queries.preview(**wanted).mark, by=by, at=at)

    return run


def everything() -> str:
    """Return a mark of every row of every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = current_schema() "
            "and table_type = 'BASE TABLE' order by 1"
        )
        marks = []
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from \"{table}\" t"
            )
            marks.append((table, cursor.fetchone()[0]))
    return hashlib.sha256(repr(marks).encode()).hexdigest()


@pytest.fixture
def mark_of_everything() -> Callable[[], str]:
    """Return the mark."""
    return everything
