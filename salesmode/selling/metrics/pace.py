"""The numbers about the pace of deals: cycles, stages, postponements, velocity."""

# The SQL put together here is source code.
# ruff: noqa: S608

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Ingredient, Metric, Records, register
from salesmode.selling.metrics.decisions import DECIDED, OPEN, OPENED, STANDING_DECISIONS, TIMES, decided

# Nothing happens to a deal before it is opened: what came of those opened since a day is found among what came later.
OPENED_THEN = "select * from stage_entries where is_opening and local_at >= $since::date and local_at < $before::date"
WON_SINCE = (
    "select deal_id from deal_outcomes where is_won and local_at >= $since::date group by deal_id having sum(deals) > 0"
)

register(
    decided(
        "median_cycle",
        _("Median sales cycle"),
        _("How many days passed from opening to winning, for half of the deals won in the period at most?"),
        "median(cycle_days)",
        "days",
        fact="",
        source=STANDING_DECISIONS,
        where="is_won",
        within_window=True,
        reads=("deal_outcomes",),
        direction="lower",
    ),
    decided(
        "mean_cycle",
        _("Mean sales cycle"),
        _("How many days passed from opening to winning, on average over the deals won in the period?"),
        "avg(cycle_days)",
        "days",
        fact="",
        source=STANDING_DECISIONS,
        where="is_won",
        within_window=True,
        reads=("deal_outcomes",),
        direction="lower",
    ),
    Metric(
        code="sales_velocity",
        label=_("Sales velocity"),
        question=_("How much money a day does the pipeline turn into, at the pace of the last twelve months?"),
        unit="money_per_day",
        kind="formula",
        ingredients={
            "deals": Ingredient("open_deals"),
            "value": Ingredient("average_won_value", months=12),
            "rate": Ingredient("win_rate", months=12),
            "days": Ingredient("mean_cycle", months=12),
        },
        formula=lambda deals, value, rate, days: deals * value * rate / days,
        formula_text="open_deals * average_won_value * win_rate / mean_cycle (12 months)",
        records=OPEN,
    ),
    Metric(
        code="stage_conversion",
        label=_("Stage conversion"),
        question=_("Of the deals that entered a stage for the first time in the period, what share has gone on since?"),
        unit="ratio",
        reads=("stage_entries", "deal_outcomes"),
        source=(
            "select entry.*, coalesce(furthest > position, false) or won.deal_id is not null as went_on from ("
            " select *, max(position) over (partition by deal_id order by local_at, event_id"
            "  rows between 1 following and unbounded following) as furthest from stage_entries"
            "  qualify row_number() over (partition by deal_id, stage_id order by local_at, event_id) = 1) entry"
            " left join (select deal_id from deal_outcomes where is_won group by deal_id having sum(deals) > 0) won"
            " using (deal_id)"
        ),
        sql="count(*) filter (went_on) / nullif(count(*), 0)",
        dimensions=DECIDED,
        records=OPENED,
    ),
    Metric(
        code="stage_reached",
        label=_("Deals that came this far"),
        question=_("Of the deals opened in the period, how many have come as far as each stage since?"),
        unit="count",
        reads=("stage_entries", "deal_outcomes"),
        source=(
            "select opened.* exclude (stage_id, position), passed.stage_id from"
            f" ({OPENED_THEN}) opened"
            " join (select deal_id, max(position) as furthest from stage_entries"
            f"  where local_at >= $since::date and deal_id in (select deal_id from ({OPENED_THEN}))"
            "  group by deal_id) come using (deal_id)"
            f" left join ({WON_SINCE}) won using (deal_id)"
            " join (select unnest($steps_of::bigint[]) as process_id, unnest($step_stages::bigint[]) as stage_id,"
            "  unnest($step_positions::bigint[]) as position) passed"
            " on passed.process_id = opened.process_id"
            " and (passed.position <= come.furthest or won.deal_id is not null)"
        ),
        sql="count(distinct deal_id)",
        each="deal_id",
        given=(
            ("steps_of", "step_stages", "step_positions"),
            "select distinct process_id, stage_id, position from stage_entries",
        ),
        dimensions=DECIDED,
        records=OPENED,
        nothing_is_zero=True,
    ),
    Metric(
        code="won_of_opened",
        label=_("Won since"),
        question=_("Of the deals opened in the period, how many have been won since?"),
        unit="count",
        reads=("stage_entries", "deal_outcomes"),
        source=(f"select * from ({OPENED_THEN}) where deal_id in ({WON_SINCE})"),
        sql="count(*)",
        each="deal_id",
        dimensions=DECIDED,
        records=Records("deal", {"outcome": ("won",)}, dated_by="opened_at"),
        nothing_is_zero=True,
    ),
    Metric(
        code="median_stage_days",
        label=_("Median days in a stage"),
        question=_("How many days did half of the stays in a stage that ended in the period last at most?"),
        unit="days",
        direction="lower",
        fact="stage_stays",
        sql="median(days)",
        dimensions=("team", "person", "stage", "process", "product", "source", "region", "industry", *TIMES),
        records=Records("deal"),
    ),
    Metric(
        code="value_due",
        label=_("Value due"),
        question=_("What were the open deals worth at the start of the period that were expected to close in it?"),
        unit="money",
        kind="state",
        reads=("deal_ledger",),
        source=(
            "select * from deal_ledger where local_at < $first::date"
            " and closes_on >= $first::date and closes_on < $until::date"
        ),
        sql="sum(amount)",
        dimensions=("team", "person", "product", "source"),
        by_owner=("team",),
        records=Records("deal", {"outcome": ("open",)}, dated_by="closes_on"),
    ),
    Metric(
        code="pushed_value",
        label=_("Value pushed out"),
        question=_("What are the deals worth that were due in the period and put off beyond its end?"),
        unit="money",
        direction="lower",
        kind="state",
        reads=("deal_pushes",),
        source=(
            "select deal_id, last.amount as amount, last.owner_id as owner_id, last.team_id as team_id,"
            " last.product_id as product_id, last.source as source, last.customer_id as customer_id from ("
            "select deal_id, arg_max({'amount': amount, 'owner_id': owner_id, 'team_id': team_id,"
            " 'product_id': product_id, 'source': source, 'customer_id': customer_id}, local_at) as last"
            " from deal_pushes"
            " where local_at >= $first::date and local_at < $until::date and former_closes_on >= $first::date"
            " and former_closes_on < $until::date and closes_on >= $until::date group by deal_id)"
        ),
        sql="sum(amount)",
        dimensions=("team", "person", "product", "source"),
        records=Records("deal", {"push_count_from": ("1",)}),
    ),
    Metric(
        code="slippage",
        label=_("Slippage"),
        question=_("Of the value that was to close in the period, what share was put off beyond its end?"),
        unit="ratio",
        direction="lower",
        kind="formula",
        ingredients={"pushed": Ingredient("pushed_value"), "due": Ingredient("value_due")},
        formula=lambda pushed, due: pushed / due,
        formula_text="pushed_value / value_due",
        records=Records("deal", {"push_count_from": ("1",)}),
    ),
    Metric(
        code="push_count",
        label=_("Postponements"),
        question=_("How often was the expected close of a deal moved to a later day in the period?"),
        unit="count",
        direction="lower",
        fact="deal_pushes",
        sql="count(*)",
        dimensions=("team", "person", "stage", "process", "product", "source", "region", "industry", *TIMES),
        records=Records("deal", {"push_count_from": ("1",)}),
        nothing_is_zero=True,
    ),
)
