"""The change of the pipeline from the third to the fourth quarter of 2017, against the plain files."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.conftest import Salesmode, reference

SIGNS = {"new": 1, "increased": 1, "decreased": -1, "pulled_in": 1, "pushed_out": -1, "won": -1, "lost": -1}
START, END = date(2017, 9, 30), date(2017, 12, 31)


@pytest.fixture(scope="module")
def found(salesmode: Salesmode) -> dict[str, Any]:
    """The waterfall of the quarter, by team."""
    salesmode("import-company", reference("maven-crm"))
    return salesmode("waterfall", "--from", START, "--to", END, "--by", "team")


def plain() -> tuple[Counter[str], dict[str, Decimal]]:
    """Count what the files say with nothing but dates: who was engaged by then, and who was decided when."""
    counts: Counter[str] = Counter()
    amounts = {"won": Decimal(0)}
    with (reference("maven-crm") / "sales_pipeline.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            # Who was never engaged has no date: the import takes them as open since the files begin, and says so.
            engaged = date.fromisoformat(row["engage_date"] or "2016-01-01")
            closed = date.fromisoformat(row["close_date"]) if row["close_date"] else None
            counts["start"] += engaged <= START and (closed is None or closed > START)
            counts["new"] += START < engaged <= END
            counts["end"] += engaged <= END and (closed is None or closed > END)
            if closed is not None and START < closed <= END:
                counts["won" if row["deal_stage"] == "Won" else "lost"] += 1
                amounts["won"] += Decimal(row["close_value"] or 0) if row["deal_stage"] == "Won" else 0
    return counts, amounts


@pytest.mark.parametrize("what", ["count", "amount"])
def test_adds_up_as_a_whole_and_for_every_team(found, what):
    for part in (found, *found["breakdown"]):
        changes = sum(sign * Decimal(str(part[name][what])) for name, sign in SIGNS.items())
        assert Decimal(str(part["start"][what])) + changes == Decimal(str(part["end"][what]))


def test_is_what_the_files_say(found):
    counts, amounts = plain()

    assert {name: found[name]["count"] for name in counts} == dict(counts)
    assert found["won"]["amount"] == amounts["won"] == 2_802_496


def test_lists_what_cannot_happen_without_a_closing_period(found):
    assert found["pulled_in"] == found["pushed_out"] == {"count": 0, "amount": 0}
    assert list(found)[:9] == [
        "start",
        "new",
        "increased",
        "decreased",
        "pulled_in",
        "pushed_out",
        "won",
        "lost",
        "end",
    ]


def test_the_teams_make_the_whole(found):
    for name in ("start", "new", "won", "lost", "end"):
        for what in ("count", "amount"):
            assert sum(part[name][what] for part in found["breakdown"]) == pytest.approx(found[name][what])
