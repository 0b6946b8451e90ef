"""Everything that changes customers, contacts and interactions."""

from salesmode.customers.operations.customers import create_customer

__all__ = ["create_customer"]
