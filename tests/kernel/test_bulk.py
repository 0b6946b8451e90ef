"""A row made in memory for a bulk import is the same as one that its class makes."""

from salesmode.customers.models import Customer
from salesmode.kernel.bulk import new_row


def held(row: Customer) -> dict[str, object]:
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


class TestANewRow:
    def test_holds_what_its_class_would_give_it(self):
        given = {"name": "Northwind", "tags": ["key"], "owner": None}

        row, usual = new_row(Customer, **given), Customer(**given)

        assert held(row) == held(usual)
        assert row._state.adding is usual._state.adding is True

    def test_shares_nothing_with_the_next_one(self):
        first, second = new_row(Customer), new_row(Customer)
        first.tags.append("key")
        first.custom["size"] = 3

        assert (second.tags, second.custom, second._state is first._state) == ([], {}, False)
