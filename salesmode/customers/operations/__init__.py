"""Everything that changes customers, contacts and interactions."""

from salesmode.customers.operations.contacts import amend_contact, create_contact, mark_contact_left
from salesmode.customers.operations.customers import amend_customer, create_customer, tag_customers
from salesmode.customers.operations.importing import import_customers
from salesmode.customers.operations.interactions import amend_interaction, log_interaction, schedule_follow_up
from salesmode.customers.operations.merging import merge_customers
from salesmode.customers.operations.owning import (
    claim_customer,
    hand_over_customer,
    hand_over_customers,
    release_customer,
    release_customers,
    share_customer,
    unshare_customer,
)

__all__ = [
    "amend_contact",
    "amend_customer",
    "amend_interaction",
    "claim_customer",
    "create_contact",
    "create_customer",
    "hand_over_customer",
    "hand_over_customers",
    "import_customers",
    "log_interaction",
    "mark_contact_left",
    "merge_customers",
    "release_customer",
    "release_customers",
    "schedule_follow_up",
    "share_customer",
    "tag_customers",
    "unshare_customer",
]
