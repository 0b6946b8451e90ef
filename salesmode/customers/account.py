"""What hangs on a customer's account: upper apps register what must change at the same instant as its owner."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

# Told the customers and their new owner (None for the pool), inside the transaction of the change.
OwnerChange = Callable[[Sequence[int], int | None, datetime], None]
# Told which customers were merged into which, inside the transaction of the merger.
Merger = Callable[[Sequence[int], int, datetime], None]
# Told which contact's data is erased and the words that tell who it was, inside the transaction of the erasure.
Erasure = Callable[[int, Sequence[str], datetime], None]
# Gives what is held about a contact: kinds of records, and of each the records as plain values.
Holding = Callable[[int], dict[str, list[dict[str, Any]]]]

OWNER_CHANGES: list[OwnerChange] = []
MERGERS: list[Merger] = []
ERASURES: list[Erasure] = []
HOLDINGS: list[Holding] = []


def on_account_owner_change(follow: OwnerChange) -> OwnerChange:
    """Register what follows a customer's owner: `follow(customer_ids, owner_id, at)`, with every new owner."""
    if follow not in OWNER_CHANGES:
        OWNER_CHANGES.append(follow)
    return follow


def on_customer_merge(move: Merger) -> Merger:
    """Register what moves along when customers are merged: `move(gone_ids, kept_id, at)`."""
    if move not in MERGERS:
        MERGERS.append(move)
    return move


def on_contact_erasure(erase: Erasure) -> Erasure:
    """Register what is erased along with a contact: `erase(contact_id, words, at)`."""
    if erase not in ERASURES:
        ERASURES.append(erase)
    return erase


def on_contact_request(hold: Holding) -> Holding:
    """Register what else is held about a contact: `hold(contact_id)` gives records by kind."""
    if hold not in HOLDINGS:
        HOLDINGS.append(hold)
    return hold


def owner_changed(customer_ids: Sequence[int], owner_id: int | None, *, at: datetime) -> None:
    """Let everything on these accounts know whose they are now."""
    for follow in OWNER_CHANGES:
        follow(customer_ids, owner_id, at)


def merged(gone_ids: Sequence[int], kept_id: int, *, at: datetime) -> None:
    """Let everything on the merged accounts move to the one that is kept."""
    for move in MERGERS:
        move(gone_ids, kept_id, at)


def erased(contact_id: int, words: Sequence[str], *, at: datetime) -> None:
    """Let everything that holds something of a contact forget it."""
    for erase in ERASURES:
        erase(contact_id, words, at)


def held_elsewhere(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what upper apps hold about a contact."""
    found: dict[str, list[dict[str, Any]]] = {}
    for hold in HOLDINGS:
        found |= hold(contact_id)
    return found
