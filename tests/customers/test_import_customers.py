"""Bringing in many customers at once."""

import pytest

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer
from salesmode.customers.models.customer import CustomerAlreadyKnown
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from tests.conftest import MONDAY, TUESDAY


class TestImportCustomers:
    def test_keeps_owners_dates_and_first_contacts(self, ana, bo):
        rows = [
            {"name": "Acme", "owner": ana, "created_at": MONDAY, "contact_name": "Li", "contact_mobile": "13800138000"}
        ]

        [acme] = customers.import_customers(rows, by=bo, at=TUESDAY)

        acme.refresh_from_db()
        assert (acme.owner, acme.created_at, acme.owned_since, acme.type) == (ana, MONDAY, MONDAY, "company")
        assert (Contact.objects.get().owner, Contact.objects.get().phone_key) == (ana, "+8613800138000")
        assert EventRecord.objects.get(name="customer.created").happened_at == MONDAY

    def test_refuses_single_rows_and_goes_on(self, northwind, ana, cy):
        rows = [
            {"name": "northwind "},
            {"name": "Acme", "owner": cy},
            {"name": "Acme", "email": "nonsense"},
            {"name": "Acme"},
            {"name": "ACME"},
            {"name": ""},
        ]

        answers = customers.import_customers(rows, by=ana, at=TUESDAY)

        kinds = [CustomerAlreadyKnown, NotAllowed, Invalid, Customer, CustomerAlreadyKnown, Invalid]
        assert [type(answer) for answer in answers] == kinds
        assert Customer.objects.count() == 2

    def test_makes_nothing_twice_from_the_same_file(self, ana):
        rows = [{"name": f"Customer {number}", "external_key": str(number)} for number in range(20)]
        customers.import_customers(rows, by=ana, at=MONDAY)

        again = customers.import_customers(rows, by=ana, at=TUESDAY)

        assert Customer.objects.count() == EventRecord.objects.filter(name="customer.created").count() == 20
        assert {type(answer) for answer in again} == {CustomerAlreadyKnown}

    def test_takes_as_many_statements_for_a_hundred_rows_as_for_ten(self, ana, django_assert_max_num_queries):
        rows = [{"name": f"Customer {number}", "owner": ana, "contact_name": "Li"} for number in range(100)]

        with django_assert_max_num_queries(22):
            customers.import_customers(rows, by=ana, at=MONDAY)

    @pytest.mark.parametrize("somebody", ["fay", "gil"])
    def test_is_refused_to_who_may_not(self, somebody, request):
        with pytest.raises(NotAllowed):
            customers.import_customers([{"name": "Acme"}], by=request.getfixturevalue(somebody), at=MONDAY)
