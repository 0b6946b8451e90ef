"""Effects are found where they are, not where they are not, and nobody claims to know what nobody can know."""

from pathlib import Path

import numpy as np
import pytest

from salesmode.analytics import effects
from salesmode.analytics.effects import Estimate, Panel

RUNS = 200


def simulated(random: np.random.Generator, *, effect: float, units: int = 12, adopters: int = 6, drift: float = 0.0):
    """Return two years of months of some teams with a common season, of which the first ones change in month 14."""
    season, values = random.normal(0, 0.2, 24), {}
    for unit in range(units):
        level, carried, row = random.normal(0, 0.4), 0.0, []
        for month in range(24):
            carried = 0.3 * carried + random.normal(0, 0.12)
            lift = 1 + effect * (unit < adopters and month >= 14)
            row.append(float(np.exp(10 + level + season[month] + carried + drift * month * (unit < adopters)) * lift))
        values[unit] = row
    return Panel(values, dict.fromkeys(range(adopters), 14))


class TestSeveralTeams:
    def test_an_effect_of_eight_percent_lies_within_the_interval(self):
        random = np.random.default_rng(1994)
        found = [effects.evaluate(simulated(random, effect=0.08)) for _run in range(RUNS)]

        inside = [one.estimate.low <= 0.08 <= one.estimate.high for one in found]

        assert {one.method for one in found} == {"difference_in_differences"}
        assert sum(inside) >= 0.9 * RUNS

    def test_nothing_is_seldom_taken_for_something(self):
        random = np.random.default_rng(2026)
        found = [effects.evaluate(simulated(random, effect=0.0), worth=0.05) for _run in range(RUNS)]

        wrong = [one.estimate.low > 0 or one.estimate.high < 0 for one in found]

        assert sum(wrong) <= 0.07 * RUNS
        assert sum(one.verdict == "effective" for one in found) <= 0.07 * RUNS

    def test_a_strong_effect_is_called_effective(self):
        found = effects.evaluate(simulated(np.random.default_rng(3), effect=0.4))

        assert found.verdict == "effective"
        assert found.counts == {"adopters": 6, "others": 6, "before": 14, "after": 10, "values": 288}

    def test_teams_that_drifted_apart_before_cannot_be_evaluated(self):
        found = effects.evaluate(simulated(np.random.default_rng(3), effect=0.08, drift=0.05))

        assert (found.verdict, found.reasons) == ("cannot_be_evaluated", ("pre_trend",))

    def test_changing_at_different_times_is_compared_with_who_never_did(self):
        panel = simulated(np.random.default_rng(5), effect=0.0)
        values = {
            unit: [value * (1.3 if unit < 6 and month >= 12 + unit % 2 * 4 else 1) for month, value in enumerate(row)]
            for unit, row in panel.values.items()
        }

        found = effects.evaluate(Panel(values, {unit: 12 + unit % 2 * 4 for unit in range(6)}))

        assert found.estimate.low < 0.3 < found.estimate.high


class TestOneTeam:
    def test_an_effect_lies_within_the_interval(self):
        random = np.random.default_rng(8)
        found = [effects.evaluate(simulated(random, effect=0.08, units=5, adopters=1)) for _run in range(RUNS)]

        assert {one.method for one in found} == {"interrupted_series"}
        assert sum(one.estimate.low <= 0.08 <= one.estimate.high for one in found) >= 0.9 * RUNS

    def test_nothing_is_seldom_taken_for_something(self):
        random = np.random.default_rng(9)
        found = [effects.evaluate(simulated(random, effect=0.0, units=5, adopters=1)) for _run in range(RUNS)]

        assert sum(one.verdict == "effective" for one in found) <= 0.07 * RUNS

    @pytest.mark.filterwarnings("error")
    def test_a_month_that_nobody_knows_is_left_out_in_silence(self):
        panel = simulated(np.random.default_rng(8), effect=0.4, units=5, adopters=1)
        values = {unit: [None, *row[1:]] for unit, row in panel.values.items()}

        found = effects.evaluate(Panel(values, panel.changed))

        assert found.verdict == "effective"

    def test_alone_its_trend_is_not_taken_for_an_effect(self):
        random = np.random.default_rng(4)
        course = [100 + 3 * month + float(random.normal(0, 4)) for month in range(24)]

        found = effects.evaluate(Panel({"a": course}, {"a": 14}))

        assert found.verdict != "effective"
        assert "trend_goes_on" in found.assumptions

    def test_months_that_carry_over_count_as_fewer(self):
        random = np.random.default_rng(6)
        steady = [100 + float(random.normal(0, 4)) for _month in range(40)]
        restless = [100 + float(total) for total in np.cumsum(random.normal(0, 4, 40))]

        alone = [effects.evaluate(Panel({"a": course}, {"a": 20}), scale="level") for course in (steady, restless)]

        assert alone[0].estimate.freedom > 2 * alone[1].estimate.freedom >= 2


class TestWhatCannotBeKnown:
    @pytest.mark.parametrize(
        ("panel", "reason"),
        [
            (Panel({"a": [1.0] * 12}, {}), "no_adopters"),
            (Panel({"a": [1.0] * 12}, {"a": 3}), "too_few_before"),
            (Panel({"a": [1.0] * 12}, {"a": 11}), "too_few_after"),
            (Panel({"a": [1.0, None, None, None] * 4, "b": [1.0] * 16}, {"a": 8}), "too_much_unknown"),
        ],
    )
    def test_is_said_with_its_reason(self, panel, reason):
        found = effects.evaluate(panel)

        assert found.verdict == "cannot_be_evaluated"
        assert reason in found.reasons
        assert found.estimate is None


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("low", "high", "verdict"),
        [
            (0.01, 0.1, "effective"),
            (-0.02, 0.03, "not_effective"),
            (-0.2, -0.1, "not_effective"),
            (-0.02, 0.12, "not_enough_evidence"),
        ],
    )
    def test_reads_the_interval(self, low, high, verdict):
        assert effects.judge(Estimate((low + high) / 2, low, high, 0.1, 9, 0.1), worth=0.05) == verdict

    def test_says_nothing_where_no_number_ever_moved(self):
        panel = Panel({unit: [0.0] * 20 for unit in range(4)}, {0: 10})

        assert effects.evaluate(panel, worth=0.03).verdict == "not_enough_evidence"

    def test_turns_round_where_lower_is_better(self):
        estimate = Estimate(-0.1, -0.15, -0.05, 0.02, 9, 0.001)

        assert effects.judge(estimate, higher_is_better=False) == "effective"


def test_asking_for_a_verdict_reads_numpy_only_then():
    lines = Path(effects.__file__ or "").read_text().splitlines()
    top = [line for line in lines if line.startswith(("import", "from"))]

    assert not any("numpy" in line or "scipy" in line for line in top)
