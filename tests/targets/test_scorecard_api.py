"""Scorecards, scores and leave for programs."""

import json
from datetime import date

import pytest
from django.utils.timezone import now

from salesmode.people import operations as people
from salesmode.targets import operations as targets
from salesmode.targets.models import Absence, Scorecard, ScorecardUse, Target
from tests.conftest import MONDAY
from tests.targets.cards import ACTIVITY, OBJECTIVE

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    """Ask the API as somebody: ask(ana, "get", "/targets")."""

    def ask(person, method, path, body=None, **headers):
        _token, raw = people.create_token(person=person, name="Test", scope="write", by=person, at=now())
        more = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {raw}", **headers}, **more)

    return ask


@pytest.fixture
def card(bo) -> Scorecard:
    """Bo's scorecard, not in use."""
    return targets.define_scorecard(name="Hunters", lines=[*ACTIVITY, *OBJECTIVE], by=bo, at=MONDAY)


class TestScorecards:
    def test_are_changed_put_in_use_and_stopped(self, ask, card, north, bo):
        changed = ask(bo, "patch", f"/scorecards/{card.pk}", {"name": "Gatherers"}, **{"If-Match": '"1"'})
        used = ask(bo, "post", f"/scorecards/{card.pk}/use", {"team_id": north.pk, "starts_on": "2026-03-02"})
        stopped = ask(bo, "post", f"/scorecards/{card.pk}/stop", {"team_id": north.pk, "ends_on": "2026-04-01"})

        assert (changed.json()["name"], used.status_code, stopped.status_code) == ("Gatherers", 200, 200)
        assert ScorecardUse.objects.get().ends_on == date(2026, 4, 1)

    def test_change_nothing_when_weights_are_not_100(self, ask, card, bo):
        lines = [{"score": "activity", "metric": "won_count", "weight": "90", "benchmark": "1"}]
        answer = ask(bo, "patch", f"/scorecards/{card.pk}", {"lines": lines}, **{"If-Match": '"1"'})

        card.refresh_from_db()
        assert answer.status_code == 422
        assert "activity" in {error["field"] for error in answer.json()["errors"]}
        assert (card.version, card.lines.count()) == (1, 6)

    def test_take_other_benchmarks(self, ask, card, ana, bo, cy):
        line = card.lines.first()
        fine = ask(
            bo, "post", f"/scorecards/{card.pk}/benchmark", {"line_id": line.pk, "person_id": ana.pk, "value": "9"}
        )
        wrong = ask(
            bo, "post", f"/scorecards/{card.pk}/benchmark", {"line_id": line.pk, "person_id": cy.pk, "value": "9"}
        )

        assert (fine.status_code, wrong.status_code) == (200, 403)
        assert [(row.person, row.value) for row in line.benchmarks.all()] == [(ana, 9)]

    def test_propose_what_one_in_five_reached(self, ask, card, ana, bo, numbers):
        numbers("won_amount")
        answer = ask(bo, "get", f"/scorecards/{card.pk}/proposals").json()

        assert [(one["score"], one["metric"]) for one in answer["items"]][:2] == [
            ("activity", "new_deals"),
            ("activity", "won_count"),
        ]

    def test_explain_every_point(self, ask, card, ana, cy, bo, north, numbers):
        targets.use_scorecard(card, team=north, starts_on=date(2026, 3, 2), by=bo, at=MONDAY)
        numbers("won_amount")

        found = ask(ana, "get", "/scorecards/scores").json()["items"]

        assert {one["person_id"] for one in found} == {ana.pk}
        assert all(each["how"] for one in found for each in one["points"])
        assert ask(cy, "get", "/scorecards/scores").json() == {"items": [], "next": None}


class TestLeave:
    def test_is_noted_listed_and_taken_back(self, ask, ana, cy):
        made = ask(ana, "post", "/absences", {"first_on": "2026-04-01", "last_on": "2026-04-03", "kind": "sick"})
        key = made.json()["id"]

        assert (made.status_code, made.json()["owner_id"], made.json()["kind"]) == (201, ana.pk, "sick")
        assert [row["id"] for row in ask(ana, "get", "/absences").json()["items"]] == [key]
        assert ask(cy, "get", f"/absences/{key}").status_code == 404
        assert ask(ana, "post", f"/absences/{key}/withdraw").status_code == 200
        assert not Absence.objects.exists()


class TestADraft:
    def test_is_thrown_away(self, ask, draft, bo, cy):
        assert ask(cy, "post", f"/targets/{draft.pk}/discard").status_code in (403, 404)
        assert ask(bo, "post", f"/targets/{draft.pk}/discard").status_code == 200
        assert not Target.objects.exists()
        assert ask(bo, "post", f"/targets/{draft.pk}/discard").status_code == 404
