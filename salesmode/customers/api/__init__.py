"""The programs' door to customers, contacts, interactions and visits."""

from salesmode.customers.api.contacts import contacts
from salesmode.customers.api.customers import customers
from salesmode.customers.api.interactions import interactions
from salesmode.customers.api.visits import visits

ROUTERS = {"customers": customers, "contacts": contacts, "interactions": interactions, "visits": visits}
