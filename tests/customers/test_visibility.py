"""Cy sees nothing of Ana's, at any door."""

import pytest

from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.kernel.lists import LISTINGS
from salesmode.people.models import Person
from salesmode.people.search import find
from tests.conftest import MONDAY, TUESDAY


@pytest.fixture
def everything(northwind, ana):
    """All that Ana knows of Northwind."""
    li = customers.create_contact(name="Li Xiaoming", customer=northwind, mobile="13800138000", by=ana, at=MONDAY)
    customers.log_interaction(northwind, contact=li, content="A secret word.", by=ana, at=MONDAY)
    return northwind


class TestCy:
    @pytest.mark.parametrize("kind", ["customer", "pool", "contact", "interaction"])
    def test_finds_no_row_in_any_list_or_export(self, everything, cy, kind):
        assert LISTINGS[kind].base(cy).count() == 0
        assert LISTINGS[kind].page({}, seen_by=cy).rows == []

    @pytest.mark.parametrize("text", ["Northwind", "northw", "Li Xiaoming", "13800138000", "secret"])
    def test_finds_nothing_by_search(self, everything, cy, ana, text):
        assert find(text, cy) == []
        assert find(text, ana) != []

    def test_finds_it_once_it_is_shared_and_never_again_afterwards(self, everything, ana, cy):
        customers.share_customer(everything, person=cy, by=ana, at=TUESDAY)
        assert {hit.kind for hit in find("secret", cy)} == {"interaction"}

        customers.unshare_customer(everything, person=cy, by=ana, at=TUESDAY)
        assert find("secret", cy) == []

    def test_finds_what_was_handed_over_and_ana_only_what_she_said_herself(self, everything, ana, bo, cy):
        customers.hand_over_customer(everything, to=cy, by=bo, at=TUESDAY)

        assert {hit.kind for hit in find("Li Xiaoming", cy)} == {"contact"}
        assert {hit.kind for hit in find("Northwind", ana)} == {"interaction"}


class TestThePool:
    def test_shows_the_company_and_nobody_there(self, everything, ana, cy):
        customers.release_customer(everything, by=ana, at=TUESDAY)

        assert Customer.objects.in_pool_for(cy).count() == 1
        assert find("Northwind", cy) != []
        assert not Contact.objects.visible_to(cy).exists()
        assert not Interaction.objects.visible_to(cy).exists()
        assert find("Li Xiaoming", cy) == []


class TestThoseWhoLead:
    def test_see_what_is_below_them(self, everything, bo, di, fay):
        for person in (bo, di, fay):
            assert Customer.objects.visible_to(person).count() == Contact.objects.visible_to(person).count() == 1

    def test_see_nothing_once_they_have_left(self, everything, bo):
        bo.is_active = False

        for rows in (Customer.objects, Contact.objects, Interaction.objects):
            assert not rows.visible_to(bo).exists()
        assert not Customer.objects.reachable_by(bo).exists()


class TestAManagerOfAnotherTeam:
    def test_sees_nothing(self, everything, south, system):
        from salesmode.people import operations as people

        eve = people.create_person(
            email="eve@example.com", name="Eve", role=Person.Role.MANAGER, team=south, by=system, at=MONDAY
        )
        people.amend_team(south, lead=eve, by=system, at=MONDAY)

        assert not Customer.objects.visible_to(eve).exists()
        assert find("Northwind", eve) == []
