"""Leaderboards on a real company: they add up to what was won."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.conftest import Salesmode, reference


@pytest.fixture(scope="module")
def taken_over(salesmode: Salesmode) -> dict[str, Any]:
    """The company, imported into an empty data folder."""
    made = salesmode("import-company", reference("maven-crm"))
    assert salesmode("metrics", "won_amount", "--period", "2017")["value"] == 10_005_534
    return made


def values(page: str) -> list[Decimal]:
    """Read what the rows of a board say."""
    return [Decimal(value) for value in re.findall(r'data-value="([0-9.]+)"', page)]


class TestTheLeaderboard:
    @pytest.mark.parametrize(
        ("period", "figure"), [("2017", 10_005_534), ("2017-Q1", 1_134_672), ("2017-Q3", 2_982_255)]
    )
    def test_adds_up_to_the_won_amount(self, taken_over, look, period, figure):
        assert sum(values(look(f"/leaderboards?metric=won_amount&period={period}"))) == figure

    def test_counts_every_won_deal_once(self, taken_over, look):
        assert sum(values(look("/leaderboards?metric=won_count&period=2017"))) == 4238

    def test_puts_the_best_seller_first(self, taken_over, look):
        page = look("/leaderboards?metric=won_amount&period=2017")
        found = values(page)
        assert found == sorted(found, reverse=True)
        assert found[0] == 1_153_214
        assert page.index("Darcel Schlecht") < page.index("Vicki Laflamme")

    def test_says_on_whom_the_company_depends(self, taken_over, look):
        page = look("/performance/dependence?period=2017")
        assert "Darcel Schlecht" in page
        assert "11.5" in page
