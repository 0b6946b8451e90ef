"""Note whose pay has to be looked at again: one statement, told as often as one likes.

Accounts are taken in the order of their owners' ids, as posting takes them: whoever waits for the other never does so
for one whom he keeps waiting.
"""

from collections.abc import Iterable

from django.db import connection

_MARK = """
insert into pay_payaccount (owner_id, is_stale) select id, true from people_person where id = any(%s) order by id
on conflict (owner_id) do update set is_stale = true where not pay_payaccount.is_stale
"""
_EVERYBODY = """
insert into pay_payaccount (owner_id, is_stale)
select person.id, true from people_person person left join pay_payaccount account on account.owner_id = person.id
where person.role <> 'system' and (person.is_active or account.id is not null) order by person.id
on conflict (owner_id) do update set is_stale = true where not pay_payaccount.is_stale
"""


def mark_stale(owner_ids: Iterable[int | None]) -> None:
    """Note that something happened that these people's pay should know."""
    wanted = sorted({owner_id for owner_id in owner_ids if owner_id is not None})
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [wanted])


def mark_everybody_stale() -> None:
    """Note that a rule changed that may concern anybody, whoever has left with an account among them."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYBODY)
