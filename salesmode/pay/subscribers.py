"""What happens to deals, orders and payments is noted for the pay of whom it concerns; the clock looks at it soon."""

from datetime import datetime

from salesmode.kernel.events import Event, on
from salesmode.orders.events import (
    OrderCancelled,
    OrderHandedOver,
    OrderSigned,
    PaymentReceived,
    PaymentReversed,
)
from salesmode.pay import operations, queries
from salesmode.people.events import PersonAmended, PersonDeactivated, PersonJoined, PersonReactivated
from salesmode.selling.events import DealAmended, DealHandedOver, DealReopened, DealWon
from salesmode.targets.events import TargetApproved


@on(
    DealWon,
    DealReopened,
    DealHandedOver,
    OrderSigned,
    OrderCancelled,
    OrderHandedOver,
    PaymentReceived,
    PaymentReversed,
)
def note_for_whom_it_concerns(event: Event, *, at: datetime) -> None:
    """Note it for owners, former owners, and whoever shares in the credit or is paid for what others sell."""
    operations.mark_stale(queries.concerned_by(event))


@on(DealAmended)
def note_what_changed_on_a_won_deal(event: DealAmended, *, at: datetime) -> None:
    """Note own fields that changed after a deal was won: a bonus may hang on them."""
    if event.outcome == "won":
        operations.mark_stale(queries.concerned_by(event))


@on(PersonJoined, PersonAmended, PersonDeactivated, PersonReactivated)
def note_whose_months_count_differently(event: Event, *, at: datetime) -> None:
    """Note who came, left or does other work now: a draw and a team's pool look at that."""
    operations.mark_stale(queries.concerned_by_a_move(event))


@on(TargetApproved)
def note_whose_target_changed(event: TargetApproved, *, at: datetime) -> None:
    """Note whose target is another one now: a plan may pay by what is reached of it."""
    operations.mark_stale([event.owner_id])
