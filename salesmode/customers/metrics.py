"""The numbers about customers and our contacts with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from salesmode.analytics import dimensions, rollups
from salesmode.analytics.metrics import Metric, Records, register
from salesmode.customers.models import Customer, Interaction
from salesmode.kernel import rows


def customer_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return what customers are called."""
    return rows.names_of(Customer, keys)


def channel_names(keys: Sequence[Any]) -> Mapping[Any, str]:
    """Return how the ways of speaking with customers are called."""
    names = {value: str(label) for value, label in Interaction.Channel.choices}
    return {key: names.get(key, str(key)) for key in keys}


dimensions.register(
    dimensions.Dimension(
        "customer", _("Customer"), "customer_id", is_number=True, labels=customer_names, list_filter="customer"
    ),
    dimensions.Dimension("channel", _("How"), "channel", labels=channel_names, list_filter="channel"),
)

TIMES = ("month", "quarter")

NEW_CUSTOMERS = Metric(
    code="new_customers",
    label=_("New customers"),
    question=_("How many customers did we get to know in the period?"),
    unit="count",
    fact="customer_arrivals",
    sql="count(*)",
    dimensions=("team", "person", "source", "region", "industry", *TIMES),
    records=Records("customer", dated_by="created"),
    nothing_is_zero=True,
)
INTERACTIONS = Metric(
    code="interactions",
    label=_("Contacts with customers"),
    question=_("How many calls, visits, mails, meetings and messages did we have with customers in the period?"),
    unit="count",
    fact="interactions",
    where="channel <> 'note'",
    sql="count(*)",
    dimensions=("team", "person", "channel", "customer", "source", *TIMES),
    records=Records("interaction", dated_by="happened", slices={"person": "by"}),
    nothing_is_zero=True,
)
INTERACTIONS_PER_PERSON = Metric(
    code="interactions_per_person",
    label=_("Contacts per person"),
    question=_("How many contacts with customers did each person who had any have in the period, on average?"),
    unit="count",
    fact="interactions",
    where="channel <> 'note'",
    sql="count(*) / nullif(count(distinct owner_id), 0)",
    dimensions=("team", "channel", *TIMES),
    records=Records("interaction", dated_by="happened", slices={"person": "by"}),
)
CUSTOMERS_TOUCHED = Metric(
    code="customers_touched",
    label=_("Customers touched"),
    question=_("With how many different customers were we in contact in the period?"),
    unit="count",
    fact="interactions",
    where="channel <> 'note'",
    sql="count(distinct customer_id)",
    dimensions=("team", "person", "channel", "source", *TIMES),
    records=Records("interaction", dated_by="happened", slices={"person": "by"}),
    nothing_is_zero=True,
)
# Each customer has one planned contact: what the last event before the moment says.
OVERDUE_FOLLOW_UPS = Metric(
    code="overdue_follow_ups",
    label=_("Overdue follow-ups"),
    question=_("How many planned contacts with customers were overdue at the end of the period?"),
    unit="count",
    direction="lower",
    kind="state",
    reads=("follow_ups",),
    source=(
        "select customer_id, last.owner_id as owner_id, last.next_contact_at as next_contact_at from ("
        "select customer_id, arg_max({'owner_id': owner_id, 'next_contact_at': next_contact_at}, (local_at, event_id))"
        " as last from follow_ups where local_at < $as_of::date group by customer_id)"
        " where last.next_contact_at < $as_of::date"
    ),
    sql="count(*)",
    dimensions=("team", "person"),
    by_owner=("team",),
    records=Records("customer", {"next_contact": ("past",)}),
)

VISITS = Metric(
    code="visits",
    label=_("Visits"),
    question=_("How many visits to customers took place in the period?"),
    unit="count",
    fact="visits",
    sql="count(*)",
    dimensions=("team", "person", "customer", *TIMES),
    records=Records("visit", {"status": ("done",)}, dated_by="checked_in"),
    nothing_is_zero=True,
)
# What is planned for a month stands on its first day; what changed later is added to it.
_PLANNED = (
    "select plan.*, coalesce(done.visits, 0) as visits from ("
    " select local_at, customer_id, owner_id, max(team_id) as team_id, sum(planned) as planned from visit_plans"
    "  group by local_at, customer_id, owner_id having sum(planned) > 0) plan"
    " left join (select date_trunc('month', local_at) as month, customer_id, count(*) as visits from visits"
    "  group by all) done on done.month = date_trunc('month', plan.local_at) and done.customer_id = plan.customer_id"
)
VISIT_COVERAGE = Metric(
    code="visit_coverage",
    label=_("Visit coverage"),
    question=_("Of the customers planned to be visited in the months that begin in the period, what share was?"),
    unit="ratio",
    reads=("visit_plans", "visits"),
    source=_PLANNED,
    sql="count(distinct customer_id) filter (visits > 0) / nullif(count(distinct customer_id), 0)",
    dimensions=("team", "person", *TIMES),
    records=Records("visit", dated_by="planned"),
)
VISIT_FREQUENCY = Metric(
    code="visit_frequency_attainment",
    label=_("Visit frequency attained"),
    question=_(
        "Of the visits planned for the months that begin in the period, what share was made, none counted beyond plan?"
    ),
    unit="ratio",
    reads=("visit_plans", "visits"),
    source=_PLANNED,
    sql="sum(least(visits, planned)) / nullif(sum(planned), 0)",
    dimensions=("team", "person", *TIMES),
    records=Records("visit", dated_by="planned"),
)
VISITS_FAR = Metric(
    code="visits_unproven",
    label=_("Visits not proven by position"),
    question=_("Of the visits in the period, what share was checked in far away, without or with a doubtful position?"),
    unit="ratio",
    direction="lower",
    fact="visits",
    sql="count(*) filter (is_far or is_doubtful or not has_position) / nullif(count(*), 0)",
    dimensions=("team", "person", *TIMES),
    records=Records("visit", {"status": ("done",)}, dated_by="checked_in"),
)

register(VISITS, VISIT_COVERAGE, VISIT_FREQUENCY, VISITS_FAR)
register(NEW_CUSTOMERS, INTERACTIONS, INTERACTIONS_PER_PERSON, CUSTOMERS_TOUCHED, OVERDUE_FOLLOW_UPS)

rollups.register("customer_arrivals", ("owner_id", "team_id"), ("source",), ("province", "industry"))
rollups.register("interactions", ("owner_id", "team_id"), ("source",), flags=("channel",))
