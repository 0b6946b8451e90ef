"""What hangs on a customer's account: upper apps register what must change at the same instant as its owner."""

from collections.abc import Callable, Sequence
from datetime import datetime

# Told the customers and their new owner (None for the pool), inside the transaction of the change.
OwnerChange = Callable[[Sequence[int], int | None, datetime], None]
# Told which customers were merged into which, inside the transaction of the merger.
Merger = Callable[[Sequence[int], int, datetime], None]

OWNER_CHANGES: list[OwnerChange] = []
MERGERS: list[Merger] = []


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


def owner_changed(customer_ids: Sequence[int], owner_id: int | None, *, at: datetime) -> None:
    """Let everything on these accounts know whose they are now."""
    for follow in OWNER_CHANGES:
        follow(customer_ids, owner_id, at)


def merged(gone_ids: Sequence[int], kept_id: int, *, at: datetime) -> None:
    """Let everything on the merged accounts move to the one that is kept."""
    for move in MERGERS:
        move(gone_ids, kept_id, at)
