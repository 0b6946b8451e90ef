"""What hangs on a customer's account: upper apps register what must change, or be told, at the same instant."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar

Said = ParamSpec("Said")
Answer = TypeVar("Answer")


class Registry(Generic[Said, Answer]):
    """Who is told of one kind of change: registers as a decorator does, once however often, and tells in that order."""

    def __init__(self) -> None:
        self._told: list[Callable[Said, Answer]] = []

    def __call__(self, act: Callable[Said, Answer]) -> Callable[Said, Answer]:
        """Let this be told from now on."""
        if act not in self._told:
            self._told.append(act)
        return act

    def tell(self, *said: Said.args, **more: Said.kwargs) -> list[Answer]:
        """Tell everybody, inside the transaction of the change, and return what each answers."""
        return [act(*said, **more) for act in self._told]


# Told the customers and their new owner (None for the pool).
on_account_owner_change: Registry[[Sequence[int], int | None, datetime], None] = Registry()
# Told which customers were merged into which.
on_customer_merge: Registry[[Sequence[int], int, datetime], None] = Registry()
# Told which contact's data is erased, and the words that tell who it was.
on_contact_erasure: Registry[[int, Sequence[str], datetime], None] = Registry()
# Asked what else is held about a contact: kinds of records, and of each the records as plain values.
on_contact_request: Registry[[int], dict[str, list[dict[str, Any]]]] = Registry()
# Asked where texts that only people may change name somebody, as far as one person sees them: title and address.
on_mention_request: Registry[[Sequence[str], Any], list[tuple[str, str]]] = Registry()
