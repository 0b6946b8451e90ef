"""The change of the pipeline between two days: it adds up, whatever happened and whatever is looked at."""

import random as randoms
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from salesmode.analytics import loader
from salesmode.analytics import manifest as manifests
from salesmode.forecasts.queries import SIGNS, Narrowed, moved_deals, waterfall
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.selling import operations as selling
from tests.conftest import MONDAY
from tests.forecasts.histories import DAY_ONE, View, judged, keep, life

QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1), "quarter", "2026-Q1", Company(time_zone="UTC").zone)
MONTH = (date(2026, 2, 28), date(2026, 3, 31))
VIEWS = {
    "everything": (Narrowed(), View()),
    "two owners": (Narrowed(owners=frozenset({1, 2})), View(lambda one: one.owner in (1, 2))),
    "a stage": (Narrowed(stages=(2,)), View(lambda one: one.stage == 2)),
    "a category": (Narrowed(categories=("commit",)), View(lambda one: one.category == "commit")),
    "a product": (Narrowed(products=(7,)), View(lambda one: one.product == 7)),
    "a source": (Narrowed(sources=("a",)), View(lambda one: one.source == "a")),
    "a quarter": (Narrowed(closes=QUARTER), View(closes=(QUARTER.first, QUARTER.until))),
    "an owner's quarter": (
        Narrowed(owners=frozenset({3}), closes=QUARTER),
        View(lambda one: one.owner == 3, (QUARTER.first, QUARTER.until)),
    ),
}


def said(found) -> dict[str, tuple[int, Decimal]]:
    """Return counts and amounts alone."""
    return {name: (step.count, step.amount) for name, step in found.steps.items()}


HISTORIES, BATCH = 10_000, 400
told_so_far = count()


@pytest.mark.django_db
class TestTenThousandRandomLives:
    @settings(
        max_examples=HISTORIES // BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(seed=some.integers(0, 2**32), first=some.integers(0, 100), length=some.integers(1, 90))
    def test_add_up_in_every_view_as_a_plain_reading_says(self, seed, first, length, tmp_path):
        random = randoms.Random(seed)
        lives = [life(deal, random) for deal in range(1, BATCH + 1)]
        start = DAY_ONE + timedelta(days=first)
        end = start + timedelta(days=length)
        folder = tmp_path / str(next(told_so_far))
        folder.mkdir()
        with manifests.kept_in(folder):
            keep([each for told in lives for each in told], folder)

            for narrowed, view in VIEWS.values():
                found = waterfall(start, end, narrowed)

                assert found.adds_up
                assert said(found) == judged(lives, start, end, view)

            for narrowed, view in (VIEWS["everything"], VIEWS["a quarter"]):
                parts = {part.key: part for part in waterfall(start, end, narrowed, by="person").breakdown}
                for owner in (1, 2, 3, 4):
                    alone = View(lambda one, owner=owner: one.owner == owner, view.closes)
                    expected = judged(lives, start, end, alone)
                    if owner in parts:
                        assert parts[owner].adds_up
                        assert said(parts[owner]) == expected
                    else:
                        assert not any(counted or amount for counted, amount in expected.values())

    def test_a_wrong_reading_would_be_seen(self, tmp_path):
        random = randoms.Random(7)
        lives = [life(deal, random) for deal in range(1, BATCH + 1)]
        with manifests.kept_in(tmp_path):
            keep([each for told in lives for each in told], tmp_path)
            found = waterfall(*MONTH, Narrowed(owners=frozenset({1})))

        assert said(found) != judged(lives, *MONTH, View(lambda one: one.owner == 2))
        assert all(found[name].deals for name in ("start", "new", "increased", "decreased", "won", "lost", "end"))
        assert found["pulled_in"] == found["pushed_out"]


@pytest.fixture
def changes(db, settings, tmp_path):
    """The waterfall of what happened so far in this test."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"

    def ask(*days, **how):
        loader.load_once(own=True)
        return waterfall(*days, **how)

    return ask


def day(number: int):
    """A moment so many days after Monday, 2 March 2026."""
    return MONDAY + timedelta(days=number)


class TestADeal:
    def test_opened_and_won_in_between_is_new_and_won(self, changes, renewal, ana):
        selling.win_deal(renewal, by=ana, at=day(3))

        found = said(changes(date(2026, 3, 1), date(2026, 3, 31)))

        assert found["new"] == found["won"] == (1, Decimal(1200))
        assert found["start"] == found["end"] == (0, Decimal(0))

    def test_handed_over_leaves_one_and_enters_the_other_and_the_whole_stays(self, changes, renewal, bo, cy, di):
        selling.hand_over_deal(renewal, to=cy, by=di, at=day(5))

        found = changes(date(2026, 3, 4), date(2026, 3, 31), by="person")

        parts = {part.label: said(part) for part in found.breakdown}
        assert parts["Ana"]["decreased"] == parts["Cy"]["increased"] == (1, Decimal(1200))
        assert said(found)["start"] == said(found)["end"] == (1, Decimal(1200))
        assert all(part.adds_up for part in found.breakdown)

    def test_handed_over_within_a_team_changes_nothing_for_the_team(self, changes, renewal, ana, bo, di):
        selling.hand_over_deal(renewal, to=bo, by=di, at=day(5))

        (north,) = changes(date(2026, 3, 4), date(2026, 3, 31), by="team").breakdown

        assert north.label == "North"
        assert {name for name, (counted, _amount) in said(north).items() if counted} == {"start", "end"}

    def test_reopened_is_new_again(self, changes, renewal, ana):
        selling.win_deal(renewal, by=ana, at=day(1))
        selling.reopen_deal(renewal, by=ana, at=day(40))

        found = said(changes(date(2026, 3, 31), date(2026, 4, 30)))

        assert found["new"] == found["end"] == (1, Decimal(1200))

    def test_moved_out_of_the_closing_period_is_pushed_out(self, changes, renewal, ana):
        selling.amend_deal(renewal, closes_on=date(2026, 3, 20), by=ana, at=day(0))
        selling.amend_deal(renewal, closes_on=date(2026, 4, 20), by=ana, at=day(9))
        march, april = (Period.parse(f"2026-{month}") for month in ("03", "04"))
        window = date(2026, 3, 5), date(2026, 3, 31)

        assert said(changes(*window, narrowed=Narrowed(closes=march)))["pushed_out"] == (1, Decimal(1200))
        assert said(changes(*window, narrowed=Narrowed(closes=april)))["pulled_in"] == (1, Decimal(1200))
        assert said(changes(*window))["pushed_out"] == (0, Decimal(0))

    def test_stands_behind_the_bar_that_it_moved(self, changes, renewal, ana):
        selling.amend_deal(renewal, amount=Decimal(1500), by=ana, at=day(9))
        window = date(2026, 3, 5), date(2026, 3, 31)

        assert said(changes(*window))["increased"] == (0, Decimal(300))
        (moved,) = moved_deals("increased", *window)
        assert (moved.deal_id, moved.before, moved.after, moved.amount) == (renewal.pk, 1200, 1500, 300)
        assert [one.deal_id for one in moved_deals("start", *window)] == [renewal.pk]
        assert [one.after for one in moved_deals("end", *window)] == [1500]
        assert moved_deals("won", *window) == []


def test_days_in_the_wrong_order_are_refused(changes):
    with pytest.raises(Invalid):
        changes(date(2026, 3, 5), date(2026, 3, 5))


def test_each_sign_is_a_bar():
    assert set(SIGNS) | {"start", "end"} == set(said(waterfall_of_nothing()))


def waterfall_of_nothing():
    """A waterfall in which nothing happened."""
    from salesmode.forecasts.queries import STEPS, Step, Waterfall

    return Waterfall({name: Step() for name in STEPS})
