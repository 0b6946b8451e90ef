"""What we sell."""

from decimal import Decimal

import pytest

from salesmode.catalog import operations as catalog
from salesmode.catalog.models import Product
from salesmode.catalog.models.product import ProductAlreadyOnSale, ProductNotOnSale
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def gtx(ed):
    """A product."""
    return catalog.create_product(name="GTX Pro", code="GTX", price=Decimal(4821), by=ed, at=MONDAY)


class TestProducts:
    def test_have_a_name_and_a_code_of_their_own(self, gtx, ed):
        with pytest.raises(Invalid) as by_name:
            catalog.create_product(name="gtx pro", by=ed, at=MONDAY)
        with pytest.raises(Invalid) as by_code:
            catalog.create_product(name="Other", code="GTX", by=ed, at=MONDAY)

        assert (list(by_name.value.fields), list(by_code.value.fields)) == (["name"], ["code"])
        assert Product.objects.count() == 1

    @pytest.mark.parametrize(("given", "field"), [({"currency": "XXY"}, "currency"), ({"price": Decimal(-1)}, "price")])
    def test_refuse_what_cannot_be(self, ed, given, field):
        with pytest.raises(Invalid) as refusal:
            catalog.create_product(**{"name": "Other"} | given, by=ed, at=MONDAY)

        assert field in refusal.value.fields

    def test_cost_less_than_the_smallest_coin_a_piece_but_have_six_decimals_at_most(self, client, ed):
        screw = catalog.create_product(name="Screw", price=Decimal("0.012345"), currency="JPY", by=ed, at=MONDAY)
        client.force_login(ed)
        form = {"name": "Nut", "price": "0.0123456", "currency": "CNY"}

        with pytest.raises(Invalid) as refused:
            catalog.amend_product(screw, price=Decimal("0.0123456"), by=ed, at=TUESDAY)
        answer = client.post("/products/new", form)
        kept = client.post("/products/new", form | {"price": "0.0125"})

        screw.refresh_from_db()
        assert (list(refused.value.fields), str(screw.price)) == (["price"], "0.012345")
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["price"])
        assert "¥0.0125" in client.get(kept.url).content.decode()
        assert 'value="0.0125"' in client.get(f"{kept.url}/edit").content.decode()
        assert "¥0.0125" in client.get("/products/").content.decode()

    def test_remember_the_former_price(self, gtx, ed):
        catalog.amend_product(gtx, price=Decimal(5000), by=ed, at=TUESDAY)

        assert EventRecord.objects.get(name="product.amended").facts["former_price"] == "4821.000000"

    def test_are_retired_once_and_come_back(self, gtx, ed):
        catalog.retire_product(gtx, by=ed, at=TUESDAY)
        with pytest.raises(ProductNotOnSale):
            catalog.retire_product(gtx, by=ed, at=TUESDAY)
        assert not Product.objects.on_sale().exists()

        catalog.offer_product(gtx, by=ed, at=TUESDAY)
        with pytest.raises(ProductAlreadyOnSale):
            catalog.offer_product(gtx, by=ed, at=TUESDAY)

    @pytest.mark.parametrize("somebody", ["ana", "bo", "fay"])
    def test_are_not_changed_by_sellers(self, gtx, somebody, request):
        with pytest.raises(NotAllowed):
            catalog.amend_product(gtx, price=Decimal(1), by=request.getfixturevalue(somebody), at=TUESDAY)


class TestProductPages:
    def test_are_made_by_form(self, client, ed):
        client.force_login(ed)

        answer = client.post("/products/new", {"name": "MG Special", "price": "55", "currency": "cny"})

        assert Product.objects.get().currency == "CNY"
        assert client.get(answer.url).status_code == 200
        assert b"MG Special" in client.get("/products/?q=special").content

    def test_say_what_is_wrong_at_the_field(self, client, ed, gtx):
        client.force_login(ed)

        answer = client.post("/products/new", {"name": "GTX pro", "price": "-5", "currency": "CNY"})
        taken = client.post("/products/new", {"name": "GTX pro", "currency": "CNY"})

        assert (answer.status_code, taken.status_code) == (422, 422)
        assert "price" in answer.context["form"].errors
        assert "name" in taken.context["form"].errors

    def test_cannot_be_changed_by_a_seller(self, client, ana, gtx):
        client.force_login(ana)

        assert client.get(f"/products/{gtx.pk}").status_code == 200
        assert client.post(f"/products/{gtx.pk}/retire").status_code == 403
        assert Product.objects.get().is_active
