"""The numbers about who buys, and on whom the sales depend."""

# The SQL put together here is source code.
# ruff: noqa: S608

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Metric, register
from salesmode.selling.metrics.decisions import STANDING_DECISIONS, TIMES, WON, decided

register(
    Metric(
        code="repeat_purchase_rate",
        label=_("Repeat-purchase rate"),
        question=_("Of the customers that bought in the period, what share had bought before or bought twice?"),
        unit="ratio",
        reads=("deal_outcomes",),
        source=(
            "select *, row_number() over (partition by customer_id order by local_at, deal_id) as purchase"
            f" from ({STANDING_DECISIONS} and made.is_won and made.customer_id is not null)"
        ),
        sql="count(distinct customer_id) filter (purchase >= 2) / nullif(count(distinct customer_id), 0)",
        dimensions=("team", "person", "product", "source", "region", "industry", *TIMES),
        records=WON,
    ),
    Metric(
        code="first_time_buyers",
        label=_("First-time buyers"),
        question=_("How many customers bought for the first time in the period?"),
        unit="count",
        reads=("deal_outcomes",),
        source=(
            f"select * from ({STANDING_DECISIONS} and made.is_won and made.customer_id is not null)"
            " qualify row_number() over (partition by customer_id order by local_at, deal_id) = 1"
        ),
        sql="count(*)",
        dimensions=("team", "person", "product", "source", "region", "industry", *TIMES),
        records=WON,
        nothing_is_zero=True,
    ),
    decided(
        "top_seller_share",
        _("Share of the top seller"),
        _("What share of the won amount does the best seller bring?"),
        "max(x) / nullif(sum(x), 0)",
        "ratio",
        direction="lower",
        per="owner_id",
        inner="(sum(amount) filter (is_won))::double",
        dimensions=("team", "product", "source", "region", "industry", *TIMES),
    ),
    decided(
        "top_three_share",
        _("Share of the top three sellers"),
        _("What share of the won amount do the three best sellers bring?"),
        "list_sum(list_reverse_sort(list(x))[1:3]) / nullif(sum(x), 0)",
        "ratio",
        direction="lower",
        per="owner_id",
        inner="(sum(amount) filter (is_won))::double",
        dimensions=("team", "product", "source", "region", "industry", *TIMES),
    ),
    decided(
        "gini",
        _("Inequality between sellers (Gini)"),
        _("How unequally does the won amount come from the sellers, from 0 (all alike) to 1 (one brings all)?"),
        "2 * list_sum(list_transform(list_sort(list(x)), lambda v, i: v * i)) / nullif(count(*) * sum(x), 0)"
        " - (count(*) + 1.0) / count(*)",
        "ratio",
        direction="lower",
        per="owner_id",
        inner="(sum(amount) filter (is_won))::double",
        dimensions=("team", "product", "source", "region", "industry", *TIMES),
    ),
)
