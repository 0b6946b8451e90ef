"""Note whose pay has to be looked at again: one statement, told as often as one likes."""

from collections.abc import Iterable

from django.db import connection

_MARK = """
insert into pay_payaccount (owner_id, is_stale) select id, true from people_person where id = any(%s)
on conflict (owner_id) do update set is_stale = true where not pay_payaccount.is_stale
"""
_EVERYBODY = """
insert into pay_payaccount (owner_id, is_stale) select id, true from people_person where role <> 'system' and is_active
on conflict (owner_id) do update set is_stale = true where not pay_payaccount.is_stale
"""


def mark_stale(owner_ids: Iterable[int | None]) -> None:
    """Note that something happened that these people's pay should know."""
    wanted = sorted({owner_id for owner_id in owner_ids if owner_id is not None})
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [wanted])


def mark_everybody_stale() -> None:
    """Note that a rule changed that may concern anybody."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYBODY)
