"""Five files linked by website and e-mail only: every link resolves."""

from typing import Any

import pytest

from tests.reference.conftest import Salesmode, reference


@pytest.fixture(scope="module")
def taken_over(salesmode: Salesmode) -> dict[str, Any]:
    """The company, imported into an empty data folder."""
    return salesmode("import-company", reference("hubspot-like"))


class TestTheImport:
    def test_recognises_the_files_by_their_columns(self, taken_over):
        assert {file["file"]: file["recognised_as"] for file in taken_over["files"]} == {
            "hubspot_activities.csv": "interaction",
            "hubspot_companies.csv": "customer",
            "hubspot_contacts.csv": "contact",
            "hubspot_deals.csv": "deal",
            "hubspot_tickets.csv": "ticket",
        }

    def test_every_link_resolves(self, taken_over):
        made = taken_over["created"]
        assert (made["customers"], made["contacts"], made["deals"], made["interactions"]) == (200, 950, 500, 2000)
        assert taken_over["skipped"]["failed"] == {}

    def test_says_that_tickets_stay_outside(self, taken_over):
        (tickets,) = [each for each in taken_over["repairs"] if each["kind"] == "not_imported"]
        assert tickets["rows"] == 300

    def test_the_sums_are_those_of_the_files(self, taken_over, salesmode):
        out = [
            salesmode("metrics", code, "--period", f"{year}")["value"]
            for code in ("won_count", "lost_count")
            for year in (2022, 2023, 2024, 2025)
        ]
        assert sum(figure or 0 for figure in out) == 71 + 69
