"""The numbers about what customers signed and paid."""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Ingredient, Metric, Records, register

TIMES = ("month", "quarter")

ORDER_AMOUNT = Metric(
    code="order_amount",
    label=_("Orders signed"),
    question=_("What are the orders worth that customers signed in the period?"),
    unit="money",
    fact="orders_signed",
    sql="sum(amount)",
    dimensions=("team", "person", "product", "customer", *TIMES),
    records=Records("order", dated_by="signed_on"),
    nothing_is_zero=True,
)
ORDER_COUNT = Metric(
    code="order_count",
    label=_("Number of orders"),
    question=_("How many orders did customers sign in the period?"),
    unit="count",
    fact="orders_signed",
    sql="sum(orders)",
    dimensions=("team", "person", "product", "customer", *TIMES),
    records=Records("order", dated_by="signed_on"),
    nothing_is_zero=True,
)
PAYMENTS_RECEIVED = Metric(
    code="payments_received",
    label=_("Payments received"),
    question=_("How much money did customers pay in the period, less what went back?"),
    unit="money",
    fact="payments",
    sql="sum(amount)",
    dimensions=("team", "person", "customer", *TIMES),
    records=Records("payment", dated_by="received_on"),
    nothing_is_zero=True,
)
# The plan that was agreed last before the moment holds; payments settle the instalments in the order they are due.
RECEIVABLES_OVERDUE = Metric(
    code="receivables_overdue",
    label=_("Receivables overdue"),
    question=_("How much money was due by the end of the period and not paid?"),
    unit="money",
    direction="lower",
    kind="state",
    reads=("instalments", "payments"),
    source=(
        "select plan.order_id, plan.customer_id, plan.owner_id, plan.team_id,"
        " greatest(plan.due - coalesce(paid.amount, 0), 0) as overdue from ("
        "  select order_id, any_value(customer_id) as customer_id, any_value(owner_id) as owner_id,"
        "   any_value(team_id) as team_id, sum(amount) filter (due_on < $as_of::date) as due from ("
        "    select *, max(event_id) over (partition by order_id) as last_plan from instalments"
        "    where local_at < $as_of::date) where event_id = last_plan group by order_id) plan"
        " left join (select order_id, sum(amount) as amount from payments where local_at < $as_of::date"
        "  group by order_id) paid using (order_id) where plan.due > 0"
    ),
    sql="sum(overdue)",
    dimensions=("team", "person", "customer"),
    records=Records("order", {"status": ("signed",)}),
)
COLLECTION_RATE = Metric(
    code="collection_rate",
    label=_("Collection rate"),
    question=_("What came in, as a share of what customers signed in the period?"),
    unit="ratio",
    kind="formula",
    ingredients={"paid": Ingredient("payments_received"), "signed": Ingredient("order_amount")},
    formula=lambda paid, signed: paid / signed,
    formula_text="payments_received / order_amount",
    records=Records("payment", dated_by="received_on"),
)
VISIT_STRIKE_RATE = Metric(
    code="visit_strike_rate",
    label=_("Visits with an order"),
    question=_("Of the visits in the period, on the day of what share did the customer sign an order?"),
    unit="ratio",
    reads=("visits", "orders_signed"),
    source=(
        "select visits.*, coalesce(signed.orders, 0) > 0 as has_order from visits left join ("
        " select customer_id, local_at::date as day, sum(orders) as orders from orders_signed group by all) signed"
        " on signed.customer_id = visits.customer_id and signed.day = visits.local_at::date"
    ),
    sql="count(*) filter (has_order) / nullif(count(*), 0)",
    dimensions=("team", "person", "month", "quarter"),
    records=Records("visit", {"status": ("done",)}, dated_by="checked_in"),
)

register(VISIT_STRIKE_RATE)
register(ORDER_AMOUNT, ORDER_COUNT, PAYMENTS_RECEIVED, RECEIVABLES_OVERDUE, COLLECTION_RATE)
