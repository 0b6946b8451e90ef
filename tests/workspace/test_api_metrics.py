"""Numbers for programs."""

import pytest
from django.test import Client
from django.utils.timezone import now

from salesmode.people import operations as people
from salesmode.selling import operations as selling
from tests.conftest import TUESDAY


@pytest.fixture
def ask(numbers, renewal, ana):
    """Ana has won 1,200 in March; ask as somebody."""
    selling.win_deal(renewal, by=ana, at=TUESDAY)
    numbers("won_amount")

    def as_(person, address):
        _token, secret = people.create_token(person, name="T", scope="read", by=person, at=now())
        return Client().get(f"/api/v1/metrics{address}", headers={"Authorization": f"Bearer {secret}"})

    return as_


class TestReadMetric:
    def test_answers_value_previous_course_parts_and_records(self, ask, di, north):
        found = ask(di, "/won_amount?period=2026-03&by=team&compare=previous").json()

        assert (found["value"], found["previous"], found["unit"], found["currency"]) == (1200, 0, "money", "CNY")
        assert found["series"][-1] == {"first": "2026-03-01", "until": "2026-04-01", "label": "2026-03", "value": 1200}
        (only,) = found["breakdown"]
        assert (only["key"], only["label"], only["value"]) == (north.pk, "North", 1200)
        assert only["records"].startswith("/deals/?outcome=won&decided_at_from=2026-03-01")

    def test_leaves_out_what_the_caller_may_not_see(self, ask, cy):
        assert ask(cy, "/won_amount?period=2026-03").json()["value"] == 0

    @pytest.mark.parametrize("query", ["period=someday", "by=shoe_size", "compare=mars", "where=team", "where=team:x"])
    def test_refuses_what_it_does_not_know(self, ask, di, query):
        assert ask(di, f"/won_amount?{query}").status_code == 400

    def test_knows_no_other_metric(self, ask, di):
        assert ask(di, "/happiness").status_code == 404

    def test_lists_the_dictionary(self, ask, di):
        items = ask(di, "").json()["items"]
        assert len(items) >= 25
        assert all(item["question"].endswith("?") for item in items)
