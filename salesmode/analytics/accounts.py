"""Whose facts somebody sees through a customer, and which customer a merged one lives on in: joins for the warehouse.

Who owns a customer sees everything under it, whoever did it: what counts is the owner that the log names last. Facts
keep the customer that they happened to; where that one was merged, the customer that is left stands for it.
"""

# Nothing but names of our own stands in these texts; the owners are bound.
# ruff: noqa: S608

from salesmode.analytics.facts import declared

KEEPERS, MERGERS = "customer_keepers", "customer_mergers"
OWN = "owner_id in (select unnest($owners::bigint[]))"
THROUGH_A_CUSTOMER = "customer_id in (select customer_id from seen_customers)"
SEEN = f"({OWN} or {THROUGH_A_CUSTOMER})"
ONLY_THROUGH_A_CUSTOMER = f"not coalesce({OWN}, false) and {THROUGH_A_CUSTOMER}"

# A customer that was kept may be merged again later.
SURVIVORS = f"""surviving_customers as (
    with recursive lineage as (
        select merged_id, customer_id from {MERGERS}
        union
        select lineage.merged_id, later.customer_id
        from lineage join {MERGERS} later on later.merged_id = lineage.customer_id
    )
    select merged_id, customer_id from lineage where customer_id not in (select merged_id from {MERGERS})
)"""
_LATEST = (
    "select customer_id, arg_max({'id': owner_id}, event_id).id as owner_id "
    f"from {KEEPERS} where customer_id is not null group by customer_id"
)


def seen_customers(*, any_merged: bool) -> str:
    """Return the table of the customers that the owners asked about have now, those merged into them included."""
    if not any_merged:
        return f"seen_customers as (select customer_id from ({_LATEST}) where {OWN})"
    return (
        f"latest as ({_LATEST}), seen_customers as ("
        f"select customer_id from latest where {OWN} and customer_id not in (select merged_id from surviving_customers)"
        f" union all select merged_id from surviving_customers join latest using (customer_id) where {OWN})"
    )


def surviving(rows: str) -> str:
    """Return the same rows with the customers that are left in the place of those that were merged into them."""
    return (
        "select told.* replace (coalesce(living.customer_id, told.customer_id) as customer_id)"
        f" from ({rows}) told left join surviving_customers living on living.merged_id = told.customer_id"
    )


def reckons_with_mergers(fact: str) -> bool:
    """Say whether a fact table reads of mergers itself, so that nothing is to be put in their place."""
    return "customer.merged" in declared()[fact].events
