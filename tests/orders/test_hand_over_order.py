"""Giving orders to somebody else."""

import pytest

from salesmode.kernel.refusals import NotAllowed
from salesmode.orders import operations as orders
from salesmode.people import operations as people
from tests.conftest import TUESDAY


class TestHandOverOrder:
    def test_changes_the_owner_and_nothing_else(self, signed, bo, cy, ed):
        number, received = signed.number, signed.received

        orders.hand_over_order(signed, to=cy, by=ed, at=TUESDAY)

        signed.refresh_from_db()
        assert (signed.owner, signed.number, signed.received, signed.status) == (cy, number, received, "signed")

    def test_is_refused_to_the_seller(self, signed, ana, cy):
        with pytest.raises(NotAllowed):
            orders.hand_over_order(signed, to=cy, by=ana, at=TUESDAY)

    def test_happens_with_everything_else_when_somebody_leaves(self, signed, ana, bo, ed):
        given = people.hand_over_everything(ana, to=bo, by=ed, at=TUESDAY)

        signed.refresh_from_db()
        assert (signed.owner, given["order"]) == (bo, 1)
