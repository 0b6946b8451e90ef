"""The pages of orders."""

from decimal import Decimal

import pytest
from django.urls import reverse

from salesmode.catalog import operations as catalog
from salesmode.kernel.refusals import Invalid
from salesmode.orders import operations as orders
from salesmode.orders.models import Order
from tests.conftest import MONDAY, TUESDAY


class TestTheOrderPage:
    def test_shows_its_lines_money_and_timeline(self, client, ana, signed):
        client.force_login(ana)

        page = client.get(reverse("orders:order", args=[signed.pk])).content.decode()

        assert signed.number in page
        assert "500.00" in page
        assert "Order signed" in page

    def test_takes_the_same_queries_however_many_payments(self, client, gil, signed, django_assert_max_num_queries):
        from salesmode.orders import operations as orders

        for _n in range(5):
            orders.receive_payment(signed, amount=Decimal("10"), received_on=TUESDAY.date(), by=gil, at=TUESDAY)
        client.force_login(gil)

        with django_assert_max_num_queries(24):
            client.get(reverse("orders:order", args=[signed.pk]))

    def test_looks_missing_to_strangers(self, client, cy, signed):
        client.force_login(cy)

        assert client.get(reverse("orders:order", args=[signed.pk])).status_code == 404


class TestTheForms:
    def test_draft_an_order_without_javascript(self, client, ana, northwind):
        client.force_login(ana)
        lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}

        answer = client.post(
            reverse("orders:draft"), {"customer": northwind.name, "title": "Spare parts", "amount": "12.5"} | lines
        )

        order = Order.objects.get(title="Spare parts")
        assert answer.headers["Location"] == reverse("orders:order", args=[order.pk])
        assert order.amount == Decimal("12.5")

    def test_name_what_is_wrong_and_save_nothing(self, client, ana, northwind):
        client.force_login(ana)
        lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}

        answer = client.post(reverse("orders:draft"), {"customer": northwind.name, "title": "", "amount": "-1"} | lines)

        assert answer.status_code == 422
        assert not Order.objects.exists()

    @pytest.mark.parametrize("amount", ["600", "0", "abc", ""])
    def test_refuse_a_payment_that_does_not_fit(self, client, gil, signed, amount):
        client.force_login(gil)
        given = {"amount": amount, "received_on": "2026-03-03", "method": "transfer"}

        answer = client.post(reverse("orders:receive", args=[signed.pk]), given)

        assert answer.status_code == 422
        assert f'value="{amount}"' in answer.content.decode() or not amount
        signed.refresh_from_db()
        assert signed.received == 0

    def test_refuse_instalments_that_do_not_add_up_and_keep_what_was_typed(self, client, ana, signed):
        client.force_login(ana)
        parts = {
            "parts-TOTAL_FORMS": "1",
            "parts-INITIAL_FORMS": "0",
            "parts-0-due_on": "2026-04-01",
            "parts-0-amount": "77.70",
        }

        answer = client.post(reverse("orders:instalments", args=[signed.pk]), parts | {"version": signed.version})

        assert answer.status_code == 422
        assert 'value="77.70"' in answer.content.decode()
        assert not signed.instalments.exists()


class TestLines:
    def test_cost_a_piece_what_is_less_than_the_smallest_coin(self, client, ana, northwind, system):
        screw = catalog.create_product(name="Screw", price=Decimal("0.0125"), by=system, at=MONDAY)
        client.force_login(ana)
        lines = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-product": screw.pk}
        given = {"customer": northwind.name, "title": "Spare parts", "lines-0-quantity": "1000"} | lines

        refused = client.post(reverse("orders:draft"), given | {"lines-0-price": "0.0123456"})
        made = client.post(reverse("orders:draft"), given)

        assert refused.status_code == 422
        order = Order.objects.get()
        assert (order.amount, order.lines.get().price) == (Decimal("12.5"), Decimal("0.0125"))
        assert "¥0.0125" in client.get(made.url).content.decode()
        with pytest.raises(Invalid):
            orders.amend_order(
                order, lines=[orders.LineDraft(screw, Decimal(1), Decimal("0.0123456"))], by=ana, at=MONDAY
            )
