"""A company's next year, set from its last one through the pages: the figures are those of its files."""

import csv
import html
import json
import os
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.reference.conftest import ROOT, Salesmode, reference

GROWTH = Decimal("1.1")
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def said(salesmode: Salesmode, data: Path) -> dict[str, Any]:
    """What the pages say after the targets of 2018 and a scorecard were set through them."""
    salesmode("import-company", reference("maven-crm"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SALESMODE_", "DJANGO_"))}
    command = [sys.executable, "-m", "tests.reference.set_targets"]
    kept["SALESMODE_DATA"] = str(data)
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _rows(name: str) -> list[dict[str, str]]:
    with (reference("maven-crm") / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def decided() -> list[dict[str, str]]:
    """Every deal that was decided in 2017."""
    return [row for row in _rows("sales_pipeline.csv") if row["close_date"].startswith("2017")]


@pytest.fixture(scope="module")
def won(decided) -> dict[str, Decimal]:
    """What each agent, each manager's team, each region and the company won in 2017, by the files."""
    teams = {row["sales_agent"]: row for row in _rows("sales_teams.csv")}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in decided:
        if row["deal_stage"] == "Won":
            team = teams[row["sales_agent"]]
            for name in (row["sales_agent"], f"{team['manager']}'s team", team["regional_office"], ""):
                found[name] += Decimal(row["close_value"])
    return found


def targets_of(said: dict[str, Any], unit: str) -> dict[str, dict[str, str]]:
    """The targets of a kind of unit that were taken out, by whose they are."""
    return {row["For"]: row for row in said["targets"] if row["Unit"] == unit}


class TestTheTargetsOf2018:
    def test_are_a_tenth_more_than_the_company_won(self, said, won):
        (company,) = targets_of(said, "Company").values()

        assert won[""] == Decimal(10_005_534)
        assert Decimal(company["Target"]) == (won[""] * GROWTH).quantize(CENT)

    def test_are_a_tenth_more_than_each_team_won_with_all_below_it(self, said, won):
        teams = targets_of(said, "Team")
        asked = {name: Decimal(row["Target"]) for name, row in teams.items()}

        assert len(asked) == 9
        assert asked == {name: (won[name] * GROWTH).quantize(CENT) for name in asked}

    def test_of_the_regions_and_of_the_managers_both_come_to_the_companys(self, said, won):
        teams = targets_of(said, "Team")
        managers = sum(Decimal(row["Target"]) for name, row in teams.items() if name.endswith("'s team"))
        regions = sum(Decimal(row["Target"]) for name, row in teams.items() if not name.endswith("'s team"))

        assert abs(managers - won[""] * GROWTH) <= CENT * 6
        assert abs(regions - won[""] * GROWTH) <= CENT * 3

    def test_are_for_everybody_who_won_something(self, said, won):
        asked = sorted(Decimal(row["Target"]) for row in targets_of(said, "Person").values())
        agents = {row["sales_agent"] for row in _rows("sales_teams.csv")}

        assert asked == sorted((won[name] * GROWTH).quantize(CENT) for name in agents if won[name])
        assert len(asked) == 30

    def test_have_the_shape_of_the_year_before(self, said, decided):
        (company,) = targets_of(said, "Company").values()
        months = [Decimal(company[name]) for name in ("January", "March", "December")]
        march = sum(
            Decimal(row["close_value"])
            for row in decided
            if row["deal_stage"] == "Won" and row["close_date"].startswith("2017-03")
        )

        assert months[0] == 0
        assert abs(months[1] - march * GROWTH) <= CENT

    @pytest.mark.parametrize(("language", "approved"), [("en", "Approved"), ("zh-hans", "已批准")])
    def test_stand_on_the_sheet(self, said, language, approved):
        sheet = html.unescape(said[language]["sheet"])

        assert approved in sheet
        assert "Dustin Brinkmann's team" in sheet


class TestTheScorecard:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_gives_the_points_that_the_files_give(self, said, decided, language):
        month = [row for row in decided if row["sales_agent"] == "Darcel Schlecht" and "2017-12" in row["close_date"]]
        deals = [Decimal(row["close_value"]) for row in month if row["deal_stage"] == "Won"]
        rate = Decimal(len(deals)) / len(month)
        points = sum(deals) / 60_000 * 50 + Decimal(len(deals)) / 20 * 30 + rate / Decimal("0.5") * 20
        page = html.unescape(said[language]["score"])

        assert said["card"] == 302
        assert f"<strong>{points:.0f}</strong>" in page
        assert f"<strong>{sum(deals) / 60_000 * 50:.1f}</strong>" in page
        assert "Darcel Schlecht" in html.unescape(said[language]["team"])


class TestWhatMakesNoSense:
    def test_gets_a_sentence_and_changes_nothing(self, said):
        wrong = said["wrong"]

        assert wrong["kept"] == 0
        assert (wrong["below"][0], wrong["unknown"][0], wrong["weights"][0]) == (422, 422, 422)
        assert "A target is not below zero." in wrong["below"][1]
        assert "Select a valid choice" in wrong["unknown"][1]
        assert "The weights of Objective score add up to 90, not to 100." in wrong["weights"][1]
