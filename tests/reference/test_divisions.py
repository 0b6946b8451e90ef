"""The provinces, cities and counties that addresses offer are those that the National Bureau of Statistics lists."""

import csv
import re

import pytest

from salesmode.kernel import assets
from tests.reference.conftest import reference

# Cities without any county: the table offers their townships, the Bureau repeats the city on the county's level.
WITHOUT_COUNTIES = {"东莞市", "中山市", "儋州市", "嘉峪关市"}


@pytest.fixture(scope="module")
def offered() -> dict[str, str]:
    """Every division that the pages offer: its name by its code."""
    assets.ensure()
    text = (assets.VENDOR / "areas.js").read_text()
    pairs = re.findall(r'\{code:"(\d+)",name:"([^"]+)"', text)
    assert len(set(pairs)) == len(dict(pairs))
    return dict(pairs)


def listed(name: str) -> dict[str, str]:
    with (reference("china-divisions") / name).open(newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def test_every_province_and_every_city_is_offered_and_no_other(offered):
    for digits, file, count in ((2, "provinces.csv", 31), (4, "cities.csv", 342)):
        expected = listed(file)
        assert len(expected) == count
        assert {code: name for code, name in offered.items() if len(code) == digits} == expected


def test_every_county_is_offered_by_its_code_and_name(offered):
    expected = listed("areas.csv")
    counties = {code: name for code, name in offered.items() if len(code) == 6}
    cities = {code: name for code, name in offered.items() if len(code) == 4}
    assert len(expected) == 2978
    missing = expected.items() - counties.items()
    assert {name for _code, name in missing} == WITHOUT_COUNTIES
    assert all(cities[code[:4]] == name for code, name in missing)
    assert counties.items() <= expected.items()


def test_a_city_without_counties_offers_its_townships(offered):
    townships = {code: name for code, name in offered.items() if len(code) == 9}
    expected = {code: name for code, name in listed("streets.csv").items() if code[:4] in {c[:4] for c in townships}}
    assert {offered[code[:4]] for code in townships} == WITHOUT_COUNTIES
    assert townships == expected
