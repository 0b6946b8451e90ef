"""`salesmode metrics` and `salesmode replay`."""

import json

import pytest
from click.testing import CliRunner

from salesmode.config.commands import metrics, replay
from salesmode.config.terminal import Failure


@pytest.fixture
def run(settings, tmp_path, transactional_db, monkeypatch):
    """Run a command on the test's own database and warehouse, as the command line would."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"

    def call(command, *arguments):
        # The body alone: setting up the database is the business of the terminal.
        ran = CliRunner().invoke(_bare(command), list(arguments), standalone_mode=False, catch_exceptions=False)
        return ran.stdout

    return call


def _bare(command):
    import copy

    bare = copy.copy(command)
    while hasattr(bare.callback, "__wrapped__"):
        bare.callback = bare.callback.__wrapped__
    return bare


class TestMetrics:
    def test_answers_as_one_document(self, run):
        found = json.loads(run(metrics.command, "won_amount", "--period", "2026-03", "--compare", "previous", "--json"))

        assert found == {
            "code": "won_amount",
            "period": "2026-03",
            "unit": "money",
            "value": None,
            "previous": None,
            "breakdown": [],
        }

    def test_lists_what_there_is(self, run):
        assert {"win_rate", "won_amount", "gini"} <= {one["code"] for one in json.loads(run(metrics.command, "--json"))}

    @pytest.mark.parametrize(
        "wrong", [["happiness"], ["won_amount", "--period", "someday"], ["won_amount", "--by", "shoe"]]
    )
    def test_refuses_in_one_clear_line(self, run, wrong):
        with pytest.raises(Failure) as said:
            run(metrics.command, *wrong)
        assert said.value.message.endswith(".")


class TestReplay:
    def test_makes_a_fact_table_again(self, run):
        assert json.loads(run(replay.command, "deal_outcomes", "--json")) == {"events": 0, "rows": {"deal_outcomes": 0}}

    def test_knows_no_other_table(self, run):
        with pytest.raises(Failure):
            run(replay.command, "wishes")
