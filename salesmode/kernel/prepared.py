"""Statements that a connection reads and plans once and then only names: most of what a small one costs the server."""

from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


class _Prepared(psycopg.Cursor[Any]):
    """A cursor of the connection that prepares whatever it sends."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        """Send a statement by the name under which the server knows it."""
        return super().execute(query, params, **{"prepare": True} | how)


def prepared() -> CursorWrapper:
    """Return a cursor for statements of few different texts, with their values beside them; close it after use."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None:
        connection.ensure_connection()
    return connection._prepare_cursor(_Prepared(connection.connection))  # type: ignore[attr-defined]
