"""Everything that changes customers, contacts and interactions."""

from salesmode.customers.operations.contacts import amend_contact, create_contact, mark_contact_left
from salesmode.customers.operations.customers import amend_customer, create_customer, tag_customers
from salesmode.customers.operations.erasing import erase_contact, hand_out_contact
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
from salesmode.customers.operations.visit_plans import define_visit_type, plan_month, set_visit_plan, set_visit_rules
from salesmode.customers.operations.visits import (
    amend_visit,
    begin_visit,
    call_off_visit,
    check_in_visit,
    check_out_visit,
    locate_customer,
    order_visits,
    pass_visits_on,
    plan_visit,
)

__all__ = [
    "amend_contact",
    "amend_customer",
    "amend_interaction",
    "amend_visit",
    "begin_visit",
    "call_off_visit",
    "check_in_visit",
    "check_out_visit",
    "claim_customer",
    "create_contact",
    "create_customer",
    "define_visit_type",
    "erase_contact",
    "hand_out_contact",
    "hand_over_customer",
    "hand_over_customers",
    "import_customers",
    "locate_customer",
    "log_interaction",
    "mark_contact_left",
    "merge_customers",
    "order_visits",
    "pass_visits_on",
    "plan_month",
    "plan_visit",
    "release_customer",
    "release_customers",
    "schedule_follow_up",
    "set_visit_plan",
    "set_visit_rules",
    "share_customer",
    "tag_customers",
    "unshare_customer",
]
