"""Customers, contacts and interactions as rows of a file."""

from salesmode.customers.sheets.contacts import CONTACTS
from salesmode.customers.sheets.customers import CUSTOMERS
from salesmode.customers.sheets.finding import (
    CREATED,
    KEY,
    NOTES,
    contact_reference,
    customer_column,
    customer_reference,
    erased_again,
)
from salesmode.customers.sheets.interactions import INTERACTIONS

__all__ = [
    "CONTACTS",
    "CREATED",
    "CUSTOMERS",
    "INTERACTIONS",
    "KEY",
    "NOTES",
    "contact_reference",
    "customer_column",
    "customer_reference",
    "erased_again",
]
