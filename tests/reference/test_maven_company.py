"""A real export of four files, taken over with one command: the published figures come out."""

from typing import Any

import pytest

from tests.reference.conftest import Salesmode, reference


@pytest.fixture(scope="module")
def taken_over(salesmode: Salesmode) -> dict[str, Any]:
    """The company, imported into an empty data folder."""
    return salesmode("import-company", reference("maven-crm"))


def repair(taken_over: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one repair of a kind."""
    (found,) = [each for each in taken_over["repairs"] if each["kind"] == kind]
    return found


class TestTheImport:
    def test_recognises_the_files_by_their_columns(self, taken_over):
        assert {file["file"]: file["recognised_as"] for file in taken_over["files"]} == {
            "accounts.csv": "customer",
            "data_dictionary.csv": "dictionary",
            "products.csv": "product",
            "sales_pipeline.csv": "deal",
            "sales_teams.csv": "organisation",
        }

    def test_says_what_it_repairs(self, taken_over):
        product, sector = repair(taken_over, "product_name"), repair(taken_over, "industry_spelling")
        assert (product["from"], product["to"], product["rows"]) == ("GTXPro", "GTX Pro", 1480)
        assert (sector["from"], sector["to"], sector["rows"]) == ("technolgy", "technology", 12)
        assert repair(taken_over, "deals_without_customer")["rows"] == 1425
        assert repair(taken_over, "deals_without_date")["rows"] == 500
        assert set(repair(taken_over, "people_without_deals")["people"]) == {
            "Elizabeth Anderson",
            "Carol Thompson",
            "Natalya Ivanova",
            "Mei-Mei Johns",
            "Carl Lin",
        }

    def test_makes_everything_once(self, taken_over, salesmode):
        again = salesmode("import-company", reference("maven-crm"))

        assert taken_over["created"] == {
            "teams": 9,
            "people": 41,
            "products": 7,
            "customers": 85,
            "processes": 1,
            "stages": 2,
            "deals": 8800,
        }
        assert taken_over["company"]["currency"] == "USD"
        assert again["created"] == {}
        assert again["skipped"]["already_there"]["deals"] == 8800


def test_whoever_loses_a_deal_later_finds_reasons(taken_over, salesmode, look):
    """The files name none."""
    assert "No answer" in look("/settings/loss-reasons")


class TestTheFigures:
    @pytest.mark.parametrize(
        ("code", "period", "figure"),
        [
            ("won_count", "2017", 4238),
            ("won_amount", "2017", 10_005_534),
            ("won_amount", "2017-Q1", 1_134_672),
            ("won_amount", "2017-Q2", 3_086_111),
            ("won_amount", "2017-Q3", 2_982_255),
            ("won_amount", "2017-Q4", 2_802_496),
        ],
    )
    def test_are_those_of_the_files(self, taken_over, salesmode, code, period, figure):
        assert salesmode("metrics", code, "--period", period)["value"] == figure

    def test_the_win_rate(self, taken_over, salesmode):
        assert salesmode("metrics", "win_rate", "--period", "2017")["value"] == pytest.approx(4238 / (4238 + 2473))

    def test_by_team(self, taken_over, salesmode):
        found = salesmode("metrics", "won_amount", "--period", "2017", "--by", "team")["breakdown"]

        assert {line["label"]: line["value"] for line in found} == {
            "Melvin Marxen's team": 2_251_930,
            "Summer Sewald's team": 1_964_750,
            "Rocco Neubert's team": 1_960_545,
            "Celia Rouche's team": 1_603_897,
            "Cara Losch's team": 1_130_049,
            "Dustin Brinkmann's team": 1_094_363,
        }

    def test_by_product_after_the_repair(self, taken_over, salesmode):
        found = salesmode("metrics", "won_amount", "--period", "2017", "--by", "product")["breakdown"]

        assert {line["label"]: line["value"] for line in found} == {
            "GTX Pro": 3_510_578,
            "GTX Plus Pro": 2_629_651,
            "MG Advanced": 2_216_387,
            "GTX Plus Basic": 705_275,
            "GTX Basic": 499_263,
            "GTK 500": 400_612,
            "MG Special": 43_768,
        }


def test_the_cockpit_shows_the_same(taken_over, salesmode, look):
    salesmode("metrics", "won_amount", "--period", "2017")

    page = look("/performance?period=2017")

    for figure in ("10,005,534", "63.2%", "2,251,930", "1,964,750", "Melvin Marxen's team"):
        assert figure in page
