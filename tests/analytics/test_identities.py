"""Whatever happens to deals, the warehouse adds up to what the database says."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from salesmode.analytics import loader
from salesmode.analytics.measure import measure
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Refusal
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY

STEPS = ["open", "amend", "postpone", "move", "win", "lose", "reopen", "hand_over"]
histories = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(1, 900)), min_size=1, max_size=30)
YEAR = "2026"


def happen(history, owners, stages, customer, by):
    """Let a history happen; what is refused changes nothing."""
    deals: list[Deal] = []
    for hours, (step, pick, number) in enumerate(history):
        at = MONDAY + timedelta(hours=5 * hours)
        try:
            if step == "open" or not deals:
                opened = {"title": "D", "owner": owners[pick % 2], "customer": customer, "amount": Decimal(number)}
                deals.append(selling.open_deal(**opened, closes_on=date(2026, 5, 1), by=by, at=at))
                continue
            deal = deals[number % len(deals)]
            match step:
                case "amend":
                    selling.amend_deal(deal, amount=Decimal(number), by=by, at=at)
                case "postpone":
                    selling.amend_deal(deal, closes_on=date(2026, 5, 1) + timedelta(days=number), by=by, at=at)
                case "move":
                    selling.move_deal(deal, stage=stages[pick], by=by, at=at)
                case "win":
                    selling.win_deal(deal, by=by, at=at)
                case "lose":
                    selling.lose_deal(deal, by=by, at=at)
                case "reopen":
                    selling.reopen_deal(deal, by=by, at=at)
                case "hand_over":
                    selling.hand_over_deal(deal, to=owners[pick % 2], by=by, at=at)
        except Refusal:
            pass


def by_key(code, by):
    return {one.key: one.value for one in measure(code, Period.parse(YEAR), by=by, series=False).breakdown if one.value}


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories)
def test_every_history_of_deals_adds_up(history, db, settings, tmp_path, ana, cy, ed, northwind, process):
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    with transaction.atomic():
        happen(history, [ana, cy], list(process.stages.order_by("position")), northwind, ed)
        loader.load_once(own=True)

        open_deals = Deal.objects.open()
        weighted = Sum(F("company_amount") * F("probability") / 100)
        assert (measure("open_deals", Period.parse(YEAR)).value or 0) == open_deals.count()
        for dimension, field in (("person", "owner"), ("stage", "stage"), ("process", "process")):
            rows = list(open_deals.values_list(field).annotate(amount=Sum("company_amount"), w=weighted, n=Count("id")))
            assert by_key("open_pipeline", dimension) == {key: amount for key, amount, _w, _n in rows}
            assert by_key("weighted_pipeline", dimension) == {key: value for key, _a, value, _n in rows}
            assert by_key("open_deals", dimension) == {key: count for key, _a, _w, count in rows}

        won = Deal.objects.won()
        assert (measure("won_amount", Period.parse(YEAR)).value or 0) == (
            won.aggregate(Sum("company_amount"))["company_amount__sum"] or 0
        )
        assert (measure("won_count", Period.parse(YEAR)).value or 0) == won.count()
        assert (measure("lost_count", Period.parse(YEAR)).value or 0) == Deal.objects.filter(outcome="lost").count()
        transaction.set_rollback(True)
