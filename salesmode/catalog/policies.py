"""Who may change what we sell."""

from salesmode.catalog.models import Product
from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_create_product(by: Person) -> bool:
    """May this person add products?"""
    return may(by, "catalog.create_product")


def may_amend_product(by: Person, product: Product) -> bool:
    """May this person change a product or its price?"""
    return may(by, "catalog.amend_product", product)


def may_retire_product(by: Person, product: Product) -> bool:
    """May this person take a product off sale, or put it back?"""
    return may(by, "catalog.retire_product", product)
