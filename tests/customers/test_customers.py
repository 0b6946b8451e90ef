"""Creating customers and changing what we know of them."""

import pytest

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.customers.models.sameness import name_key, phone_key, site_key
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from tests.conftest import MONDAY, TUESDAY


class TestCreateCustomer:
    def test_is_remembered_as_an_event(self, northwind, ana):
        event = EventRecord.objects.get(name="customer.created")

        assert (event.subject_id, event.actor_id, event.facts["owner_id"]) == (northwind.id, ana.id, ana.id)

    def test_puts_it_into_the_pool_without_an_owner(self, ana):
        customer = customers.create_customer(name="Pool", by=ana, at=MONDAY)

        assert customer.is_in_pool
        assert customer.owned_since is None

    def test_is_refused_for_an_owner_elsewhere(self, ana, cy):
        with pytest.raises(NotAllowed):
            customers.create_customer(name="A gift", owner=cy, by=ana, at=MONDAY)

    def test_may_be_done_for_a_subordinate(self, ana, bo):
        assert customers.create_customer(name="For Ana", owner=ana, by=bo, at=MONDAY).owner == ana

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            ({"name": " "}, "name"),
            ({"email": "no"}, "email"),
            ({"phone": "1" * 99}, "phone"),
            ({"notes": "a\0b"}, "notes"),
        ],
    )
    def test_refuses_what_does_not_fit_and_keeps_nothing(self, ana, details, field):
        with pytest.raises(Invalid) as refusal:
            customers.create_customer(**{"name": "Fits"} | details, by=ana, at=MONDAY)

        assert field in refusal.value.fields
        assert not Customer.objects.exists()

    def test_keeps_each_tag_once(self, ana):
        customer = customers.create_customer(name="Tagged", tags=["key ", "key", ""], by=ana, at=MONDAY)

        assert customer.tags == ["key"]


class TestAmendCustomer:
    def test_names_what_changed(self, northwind, ana):
        customers.amend_customer(northwind, grade="A", name="Northwind", by=ana, at=TUESDAY)

        assert EventRecord.objects.get(name="customer.amended").facts["changed"] == ["grade"]

    def test_leaves_no_trace_when_nothing_changes(self, northwind, ana):
        version = northwind.version

        customers.amend_customer(northwind, name="Northwind", by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.version == version
        assert not EventRecord.objects.filter(name="customer.amended").exists()

    @pytest.mark.parametrize("somebody", ["cy", "fay", "gil"])
    def test_is_refused_to_anyone_else_and_changes_nothing(self, northwind, somebody, request):
        with pytest.raises(NotAllowed):
            customers.amend_customer(northwind, name="Mine", by=request.getfixturevalue(somebody), at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.name == "Northwind"

    def test_does_not_change_the_owner_by_the_way(self, northwind, ana, cy):
        with pytest.raises(Invalid):
            customers.amend_customer(northwind, owner=cy, by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.owner == ana

    def test_is_refused_to_who_looked_at_an_older_version(self, northwind, ana):
        customers.amend_customer(northwind, grade="A", by=ana, at=TUESDAY)

        with pytest.raises(Stale):
            customers.amend_customer(northwind, grade="B", by=ana, at=TUESDAY, version=1)

    def test_refuses_a_circle_of_subsidiaries(self, northwind, ana):
        child = customers.create_customer(name="Child", owner=ana, parent=northwind, by=ana, at=MONDAY)

        with pytest.raises(Invalid):
            customers.amend_customer(northwind, parent=child, by=ana, at=TUESDAY)


class TestTagCustomers:
    def test_tags_all_or_none(self, northwind, ana, cy):
        other = customers.create_customer(name="Cy's", owner=cy, by=cy, at=MONDAY)

        with pytest.raises(NotAllowed):
            customers.tag_customers([northwind, other], add=["key"], by=ana, at=TUESDAY)

        assert not Customer.objects.exclude(tags=[]).exists()

    def test_adds_and_removes(self, northwind, ana):
        customers.tag_customers([northwind], add=["key", "fair"], by=ana, at=TUESDAY)
        customers.tag_customers([northwind], remove=["fair"], by=ana, at=TUESDAY)

        northwind.refresh_from_db()
        assert northwind.tags == ["key"]


class TestSameness:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("华为技术有限公司", "华为技术"),
            ("ACME  Co., Ltd.", "acme"),
            ("Ｎｏｒｔｈｗｉｎｄ", "northwind"),
            ("中信集团有限公司", "中信"),
        ],
    )
    def test_of_names_ignores_form_case_and_width(self, one, other):
        assert name_key(one) == name_key(other)

    @pytest.mark.parametrize(
        "written",
        ["13800138000", "+86 138-0013-8000", "0086 138 0013 8000", "１３８００１３８０００", "86 13800138000"],
    )
    def test_of_phones_ignores_how_they_are_written(self, written):
        assert phone_key(written) == "+8613800138000"

    def test_of_phones_knows_landlines_and_keeps_short_numbers_apart(self):
        assert phone_key("(010) 6552-9988") == "+861065529988"
        assert phone_key("ext. 12") == ""

    def test_of_websites_is_their_host(self):
        assert site_key("https://www.Example.com/a?b#c") == site_key("example.com")

    def test_a_legal_form_alone_stays_a_name(self):
        assert name_key("Co") == "co"
