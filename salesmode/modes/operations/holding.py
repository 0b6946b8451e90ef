"""One change of modes at a time: what was previewed must still be so when it is confirmed."""

from django.db import connection


def hold_the_modes() -> None:
    """Let nobody else take up or give up practices until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7340)")
