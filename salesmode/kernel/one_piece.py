"""A long transaction that stands or falls as a whole, as a story told in one go is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from salesmode.kernel.models.company import trusted_company


@contextmanager
def one_piece() -> Iterator[None]:
    """Let no act within the transaction be undone by itself: each is spared the two round trips that would allow it.

    Whatever is raised within it takes the whole transaction along, also where somebody catches it. And the company is
    remembered, although it was written in this same transaction: nothing can take that back alone.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Only a transaction is of one piece.")
    usual = connection.features.uses_savepoints
    connection.features.uses_savepoints = False
    try:
        with trusted_company():
            yield
    finally:
        connection.features.uses_savepoints = usual
