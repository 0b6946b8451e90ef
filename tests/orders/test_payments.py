"""Receiving payments and taking them back."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Refusal
from salesmode.orders import operations as orders
from salesmode.orders.models import Order, Payment
from salesmode.orders.models.order import MoreThanIsOwed, OrderNotInForce
from salesmode.orders.operations import payments
from tests.conftest import MONDAY, TUESDAY

DAY = date(2026, 3, 3)
ROUNDS = 50


class TestReceivePayment:
    def test_counts_towards_the_order(self, signed, gil):
        orders.receive_payment(signed, amount=Decimal("200"), received_on=DAY, by=gil, at=TUESDAY)

        signed.refresh_from_db()
        assert (signed.received, signed.open_amount) == (Decimal("200"), Decimal("300"))

    def test_is_remembered_as_an_event(self, signed, gil):
        payment = orders.receive_payment(signed, amount=Decimal("200"), received_on=DAY, by=gil, at=TUESDAY)

        event = EventRecord.objects.get(name="payment.received")
        assert event.related == [
            f"payment:{payment.pk}",
            f"order:{signed.pk}",
            f"customer:{signed.customer_id}",
        ]
        assert event.facts["company_amount"] in ("200", "200.00")

    def test_never_exceeds_what_is_owed(self, signed, gil):
        with pytest.raises(MoreThanIsOwed):
            orders.receive_payment(signed, amount=Decimal("500.01"), received_on=DAY, by=gil, at=TUESDAY)

        assert not Payment.objects.exists()

    def test_needs_a_signed_order(self, draft, gil):
        with pytest.raises(OrderNotInForce):
            orders.receive_payment(draft, amount=Decimal("1"), received_on=DAY, by=gil, at=TUESDAY)

    @pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
    def test_needs_a_positive_amount_in_whole_cents(self, signed, gil, amount):
        with pytest.raises(Invalid):
            orders.receive_payment(signed, amount=Decimal(amount), received_on=DAY, by=gil, at=TUESDAY)

    @pytest.mark.parametrize("somebody", ["ana", "bo", "fay"])
    def test_is_refused_to_anyone_but_finance_and_administrators(self, signed, somebody, request):
        with pytest.raises(NotAllowed):
            orders.receive_payment(
                signed, amount=Decimal("1"), received_on=DAY, by=request.getfixturevalue(somebody), at=TUESDAY
            )


class TestReversePayment:
    def test_is_a_second_entry_that_gives_the_money_back(self, signed, gil):
        payment = orders.receive_payment(signed, amount=Decimal("200"), received_on=DAY, by=gil, at=TUESDAY)

        back = orders.reverse_payment(payment, reason="Sent twice", received_on=DAY, by=gil, at=TUESDAY)

        signed.refresh_from_db()
        assert (signed.received, back.amount, back.reverses) == (Decimal(0), Decimal("-200"), payment)

    def test_happens_once(self, signed, gil):
        payment = orders.receive_payment(signed, amount=Decimal("200"), received_on=DAY, by=gil, at=TUESDAY)
        orders.reverse_payment(payment, reason="Sent twice", received_on=DAY, by=gil, at=TUESDAY)

        with pytest.raises(payments.PaymentAlreadyReversed):
            orders.reverse_payment(payment, reason="Sent twice", received_on=DAY, by=gil, at=TUESDAY)


class TestAnOrderWithPayments:
    def test_is_not_cancelled(self, signed, gil):
        orders.receive_payment(signed, amount=Decimal("200"), received_on=DAY, by=gil, at=TUESDAY)

        with pytest.raises(Invalid):
            orders.cancel_order(signed, by=gil, at=TUESDAY)


def _pay_at_once(order: Order, by, clerks: int) -> int:
    """Let several clerks book the whole amount at the same moment; return how many succeeded."""
    booked, barrier = [], Barrier(clerks)

    def book() -> None:
        try:
            mine = Order.objects.select_related("owner", "customer").get(pk=order.pk)
            barrier.wait()
            orders.receive_payment(mine, amount=order.amount, received_on=DAY, by=by, at=TUESDAY)
            booked.append(1)
        except Refusal:
            pass
        finally:
            connection.close()

    threads = [Thread(target=book) for _ in range(clerks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(booked)


def _check_then_save(order: Order, amount: Decimal) -> None:
    """What the guard replaced: look, then write."""
    fresh = Order.objects.get(pk=order.pk)
    if fresh.received + amount > fresh.amount:
        raise MoreThanIsOwed(order)
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.01)")
    Order.objects.filter(pk=order.pk).update(notes="paid")


@pytest.mark.django_db(transaction=True)
class TestTwoClerksAtOnce:
    def test_book_one_payment(self, northwind, ana, gil):
        for round_number in range(ROUNDS):
            order = self._order(northwind, ana, round_number)

            assert _pay_at_once(order, gil, clerks=4) == 1
            order.refresh_from_db()
            assert order.received == order.amount == sum(order.payments.values_list("amount", flat=True))

    def test_would_book_more_without_the_guard(self, northwind, ana, gil):
        with patch.object(payments, "_book", _check_then_save):
            twice = sum(_pay_at_once(self._order(northwind, ana, n), gil, clerks=4) > 1 for n in range(10))

        assert twice > 0

    @staticmethod
    def _order(northwind, ana, n: int) -> Order:
        with transaction.atomic():
            order = orders.draft_order(customer=northwind, title=f"Order {n}", amount=Decimal("500"), by=ana, at=MONDAY)
            return orders.sign_order(order, on=DAY, by=ana, at=MONDAY)
