"""Modes for programs: the library, a preview, adopting, taking back, and what is known of effects."""

import json

import pytest
from django.utils.timezone import now

from salesmode.kernel.models import EventRecord
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import Adoption, Watch
from salesmode.people import operations as people
from tests.conftest import MONDAY

WANTED = {"practices": ["individuals_watch"], "from_day": "2026-03-02"}


@pytest.fixture(autouse=True)
def warehouse(settings, tmp_path):
    """No numbers yet."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"


@pytest.fixture
def ask(client):
    """Ask the API in somebody's name; the answer's status and its document."""

    def run(person, method: str, path: str, body: object = None, **headers: str):
        secret = people.create_token(person, name="Test", scope="write", days=30, by=person, at=now())[1]
        given = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        content = {} if body is None else {"data": json.dumps(body)}
        answer = getattr(client, method)(
            f"/api/v1{path}", content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {secret}", **content, **given
        )
        return answer.status_code, answer.json()

    return run


@pytest.fixture
def adopted(ask, di, north):
    """North watches its dependence on single people."""
    seen = ask(di, "post", "/adoptions/preview", WANTED | {"team_id": north.pk})[1]["seen"]
    return ask(di, "post", "/adoptions", WANTED | {"team_id": north.pk, "seen": seen, "note": "Try it."})[1]


class TestTheLibrary:
    def test_lists_both_modes_with_their_practices(self, ask, ana):
        status, found = ask(ana, "get", "/modes")

        assert status == 200
        assert [each["code"] for each in found["items"]] == ["traditional", "performance"]
        assert all(len(each["practices"]) >= 8 for each in found["items"])

    def test_tells_a_practice_with_its_parameters_and_parts(self, ask, ana):
        status, found = ask(ana, "get", "/practices/pace_alerts")

        assert status == 200
        assert (found["parameters"], found["parts"]) == ({"percent": 15, "team_percent": 10}, ["targets.pace"] * 2)

    @pytest.mark.parametrize("path", ["/modes/joy", "/practices/joy", "/adoptions/99", "/effects/99"])
    def test_knows_nothing_of_what_there_is_not(self, ask, di, path):
        assert ask(di, "get", path)[0] == 404


class TestAdoptions:
    def test_a_preview_writes_nothing(self, ask, di, north):
        status, found = ask(di, "post", "/adoptions/preview", WANTED | {"team_id": north.pk})

        assert status == 200
        assert [(each["part"], each["before"]) for each in found["changes"]] == [("modes.watch", None)]
        assert not Adoption.objects.exists()

    def test_adopts_what_was_previewed(self, adopted, north):
        assert (adopted["team_id"], adopted["note"], adopted["in_force"]) == (north.pk, "Try it.", True)
        assert [each["code"] for each in adopted["practices"]] == ["individuals_watch"]
        assert Watch.objects.in_force().get(team=north).most_percent == 35

    def test_refuses_what_was_not_looked_at(self, ask, di, north):
        status, problem = ask(di, "post", "/adoptions", WANTED | {"team_id": north.pk, "seen": "nothing"})

        assert (status, problem["status"]) == (409, 409)
        assert not Adoption.objects.exists()

    def test_the_same_key_adopts_once(self, ask, di, north):
        seen = queries.preview(team=north, practices=["deal_care"], from_day=MONDAY.date()).mark
        body = {"practices": ["deal_care"], "from_day": "2026-03-02", "team_id": north.pk, "seen": seen}

        first, again = (ask(di, "post", "/adoptions", body, idempotency_key="once") for _ in range(2))

        assert first == again
        assert first[0] == 201
        assert Adoption.objects.count() == 1

    def test_names_the_parameter_that_does_not_fit(self, ask, di, north):
        body = WANTED | {"team_id": north.pk, "parameters": {"individuals_watch": {"most_percent": 900}}}

        status, problem = ask(di, "post", "/adoptions/preview", body)

        assert status == 422
        assert "individuals_watch.most_percent" in json.dumps(problem)

    @pytest.mark.parametrize("who", ["ana", "fay"])
    def test_is_refused_to_who_leads_nobody(self, ask, who, request, north):
        person = request.getfixturevalue(who)

        assert ask(person, "post", "/adoptions/preview", WANTED | {"team_id": north.pk})[0] == 403
        assert not Adoption.objects.exists()

    def test_a_manager_finds_no_team_but_the_own_ones(self, ask, bo, north, south):
        assert ask(bo, "post", "/adoptions/preview", WANTED | {"team_id": south.pk})[0] == 422
        assert ask(bo, "post", "/adoptions/preview", WANTED | {"team_id": north.pk})[0] == 200

    def test_takes_it_back(self, ask, adopted, di):
        status, found = ask(di, "post", f"/adoptions/{adopted['id']}/take-back", {"on": "2026-03-02"})

        assert (status, found["in_force"], found["ended_on"]) == (200, False, "2026-03-02")
        assert not Watch.objects.in_force().exists()

    def test_asks_about_each_setting_that_was_changed_since(self, ask, adopted, di, north):
        modes.set_watch(team=north, most_percent=60, from_day=MONDAY.date(), by=di, at=MONDAY)
        path = f"/adoptions/{adopted['id']}/take-back"

        status, problem = ask(di, "post", path, {"on": "2026-03-02"})
        assert (status, len(problem["settings"])) == (409, 1)

        assert ask(di, "post", path, {"on": "2026-03-02", "keep": problem["settings"]})[0] == 200
        assert Watch.objects.in_force().get(team=north).most_percent == 60

    def test_lists_the_newest_first_page_by_page(self, ask, adopted, di, south, adopt):
        newer = adopt(by=di, team=south, practices=["deal_care"])

        first = ask(di, "get", "/adoptions?limit=1")[1]
        rest = ask(di, "get", f"/adoptions?limit=1&after={first['next']}")[1]

        assert [each["id"] for each in first["items"] + rest["items"]] == [newer.pk, adopted["id"]]
        assert rest["next"] is None

    def test_another_team_does_not_see_it(self, ask, adopted, cy):
        assert ask(cy, "get", f"/adoptions/{adopted['id']}")[0] == 404
        assert ask(cy, "get", "/adoptions")[1]["items"] == []

    @pytest.mark.parametrize("path", ["/adoptions?after=joy", "/adoptions?joy=1"])
    def test_refuses_a_question_it_does_not_know(self, ask, di, path):
        assert ask(di, "get", path)[0] == 400


class TestEffects:
    def test_are_asked_for_and_awaited(self, ask, adopted, di):
        status, found = ask(di, "post", "/effects", {"subject": "practice:individuals_watch"})

        assert (status, found["awaited"], found["metric"]) == (201, True, "top_seller_share")
        assert EventRecord.objects.filter(name="effect.requested").count() == 1

    def test_say_when_nobody_can_know(self, ask, adopted, di, system):
        effect = modes.request_effect("practice:individuals_watch", by=di, at=MONDAY)
        modes.measure_effect(effect, by=system, at=MONDAY)

        status, found = ask(di, "get", f"/effects/{effect.pk}")

        assert (status, found["verdict"], found["effect"]) == (200, "cannot_be_evaluated", None)
        assert found["reasons"]

    def test_of_what_there_is_not_are_refused(self, ask, di):
        assert ask(di, "post", "/effects", {"subject": "practice:joy"})[0] == 422

    def test_are_not_shown_to_who_leads_none_of_the_teams(self, ask, adopted, di, system, south):
        dee = people.create_person(
            email="dee@example.com", name="Dee", role="manager", team=south, by=system, at=MONDAY
        )  # fmt: skip
        effect = modes.request_effect("practice:individuals_watch", by=di, at=MONDAY)

        assert ask(dee, "get", f"/effects/{effect.pk}")[0] == 404
        assert ask(dee, "get", "/effects")[1]["items"] == []

    def test_are_closed_to_sellers(self, ask, adopted, ana):
        assert ask(ana, "get", "/effects")[0] == 403
