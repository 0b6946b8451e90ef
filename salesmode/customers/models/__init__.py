"""The nouns of customers: the customer, the people there, and every contact with them."""

from salesmode.customers.models.contact import Contact
from salesmode.customers.models.customer import Customer, CustomerShare
from salesmode.customers.models.interaction import Interaction

__all__ = ["Contact", "Customer", "CustomerShare", "Interaction"]
