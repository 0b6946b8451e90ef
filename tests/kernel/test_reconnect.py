"""The pool of connections while the server is away."""

import time

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from salesmode.kernel.postgres import POOL


@pytest.mark.django_db
def test_who_waits_gets_a_connection_once_the_server_is_back():
    back = time.monotonic() + 3

    class Away(psycopg.Connection):
        @classmethod
        def connect(cls, *args, **named):
            if time.monotonic() < back:
                raise psycopg.OperationalError("away")
            return super().connect(*args, **named)

    where = {name: connection.settings_dict[name.upper()] for name in ("user", "password", "host", "port")}
    where = {name: value for name, value in where.items() if value} | {"dbname": connection.settings_dict["NAME"]}
    given_up = {"reconnect_timeout": 0.5, "connection_class": Away, "kwargs": where}
    with ConnectionPool(**(POOL | given_up)) as pool, pool.connection(timeout=9) as found:
        assert time.monotonic() >= back
        assert found.execute("select 1").fetchone() == (1,)
