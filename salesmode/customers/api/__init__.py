"""The programs' door to customers, contacts and interactions."""

from salesmode.customers.api.contacts import contacts
from salesmode.customers.api.customers import customers
from salesmode.customers.api.interactions import interactions

ROUTERS = {"customers": customers, "contacts": contacts, "interactions": interactions}
