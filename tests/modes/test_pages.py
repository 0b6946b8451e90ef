"""The pages of modes: open to whom they concern, working by plain POST, silent to strangers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import Adoption, Effect, Watch
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Rhythm
from tests.conftest import MONDAY, TUESDAY, today

PAGES = ["overview", "compare", "practices", "sheets"]


@pytest.fixture(autouse=True)
def warehouse(settings, tmp_path):
    """No numbers yet: pages say so instead of failing."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"


class TestThePages:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("who", ["ana", "bo", "di", "fay", "gil"])
    def test_open_for_everybody(self, client, page, who, request, di, north, ana, adopt):
        adopt(by=di, team=north, mode="performance")
        client.force_login(request.getfixturevalue(who))

        assert client.get(reverse(f"modes:{page}")).status_code == 200

    @pytest.mark.parametrize("page", ["/modes/compare", "/modes/mode/performance"])
    def test_hold_modes_against_the_numbers_that_somebody_answers_for(self, client, page, bo, ana, di):
        said = {}
        for person in (bo, ana, di):
            client.force_login(person)
            said[person.pk] = client.get(page).content.decode()

        assert "Does it fit us? · North" in said[bo.pk]
        assert "Does it fit us?" in said[di.pk]
        assert "Does it fit us?" not in said[ana.pk]

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_tell_modes_and_practices_in_both_languages(self, client, di, language):
        di.language = language
        di.save(update_fields=["language"])
        client.force_login(di)

        for mode in queries.library().modes.values():
            page = client.get(reverse("modes:mode", args=[mode.code])).content.decode()
            assert (mode.name.zh if language.startswith("zh") else mode.name.en) in page
        for practice in queries.library().practices.values():
            assert client.get(reverse("modes:practice", args=[practice.code])).status_code == 200

    @pytest.mark.parametrize(
        "address", ["/modes/mode/joy", "/modes/practices/joy", "/modes/effect/joy", "/modes/adoptions/99"]
    )
    def test_there_is_nothing_where_there_is_nothing(self, client, di, address):
        client.force_login(di)

        assert client.get(address).status_code == 404

    def test_the_overview_says_what_each_team_runs(self, client, di, north, ana, adopt):
        adopt(by=di, team=north, mode="performance")
        client.force_login(ana)

        page = client.get(reverse("modes:overview")).content.decode()

        assert "Performance mode" in page
        assert "North" in page

    def test_a_seller_does_not_see_other_teams(self, client, di, north, south, cy, ana, adopt):
        adoption = adopt(by=di, team=north, mode="performance")
        client.force_login(cy)

        assert client.get(reverse("modes:adoption", args=[adoption.pk])).status_code == 404
        assert "North" not in client.get(reverse("modes:overview")).content.decode()


class TestTheWizard:
    def test_previews_and_writes_nothing(self, client, di, north, mark_of_everything):
        client.force_login(di)
        client.get(reverse("modes:overview"))
        before = mark_of_everything()

        page = client.get(
            reverse("modes:adopt"),
            {"practice": "individuals_watch", "team": north.pk, "from_day": "2026-03-02",
             "individuals_watch.most_percent": 44, "individuals_watch.months": 6},
        )  # fmt: skip

        assert page.status_code == 200
        assert "more than 44%" in page.content.decode()
        assert mark_of_everything() == before

    def test_confirms_what_was_seen(self, client, di, north):
        client.force_login(di)
        given = {
            "practice": "individuals_watch", "team": north.pk, "from_day": "2026-03-02",
            "individuals_watch.most_percent": 44, "individuals_watch.months": 6,
        }  # fmt: skip
        seen = client.get(reverse("modes:adopt"), given).context["preview"].mark

        answer = client.post(reverse("modes:adopt"), given | {"confirm": 1, "seen": seen})

        adoption = Adoption.objects.get()
        assert answer.headers["Location"] == reverse("modes:adoption", args=[adoption.pk])
        assert Watch.objects.in_force().get(team=north).most_percent == 44
        assert "44%" in client.get(reverse("modes:adoption", args=[adoption.pk])).content.decode()

    def test_tells_a_manager_that_a_setting_is_not_theirs(self, client, bo, ed, north):
        reviews.define_review_template(
            name="Quarter", lines=[reviews.LineDraft(Decimal(100), name="Teamwork", anchors=["1", "2", "3", "4", "5"])],
            by=ed, at=MONDAY,
        )  # fmt: skip
        client.force_login(bo)
        given = {
            "practice": "periodic_review", "team": north.pk, "from_day": "2026-03-02", "periodic_review.grain": "month",
        }  # fmt: skip
        seen = client.get(reverse("modes:adopt"), given).context["preview"].mark

        answer = client.post(reverse("modes:adopt"), given | {"confirm": 1, "seen": seen})

        assert answer.status_code == 403
        assert "Ask a director" in answer.content.decode()
        assert not Adoption.objects.exists()

    def test_a_manager_switches_reports_on_for_the_own_team(self, client, bo, ana, north):
        client.force_login(bo)
        given = {
            "practice": "daily_report", "team": north.pk, "from_day": "2026-03-02", "daily_report.clock": "20:00",
        }  # fmt: skip
        seen = client.get(reverse("modes:adopt"), given).context["preview"].mark

        client.post(reverse("modes:adopt"), given | {"confirm": 1, "seen": seen})

        assert Rhythm.objects.get(team=north).due_time.hour == 20

    def test_shows_the_preview_again_when_something_moved(self, client, di, north):
        client.force_login(di)
        given = {
            "practice": "individuals_watch", "team": north.pk, "from_day": "2026-03-02",
            "individuals_watch.most_percent": 44, "individuals_watch.months": 6,
        }  # fmt: skip
        seen = client.get(reverse("modes:adopt"), given).context["preview"].mark
        modes.set_watch(team=north, most_percent=77, from_day=MONDAY.date(), by=di, at=MONDAY)

        answer = client.post(reverse("modes:adopt"), given | {"confirm": 1, "seen": seen})

        assert answer.status_code == 409
        assert "77%" in answer.content.decode()
        assert not Adoption.objects.exists()

    @pytest.mark.parametrize("wrong", [{"from_day": "soon"}, {"individuals_watch.months": "900"}, {"team": "99999"}])
    def test_names_what_is_wrong(self, client, di, north, wrong):
        client.force_login(di)
        given = {
            "practice": "individuals_watch", "team": north.pk, "from_day": "2026-03-02",
            "individuals_watch.most_percent": 44, "individuals_watch.months": 6,
        }  # fmt: skip

        assert client.get(reverse("modes:adopt"), given | wrong).status_code == 422

    def test_is_closed_to_sellers(self, client, ana):
        client.force_login(ana)

        assert client.get(reverse("modes:adopt")).status_code == 403


class TestTakingBack:
    def test_by_form(self, client, di, north, adopt):
        adoption = adopt(by=di, team=north, practices=["individuals_watch"])
        client.force_login(di)
        address = reverse("modes:take_back_adoption", args=[adoption.pk])
        assert "Nothing of its own" in client.get(address).content.decode()

        client.post(address, {"on": "2026-03-09"})

        assert not Watch.objects.in_force().exists()

    def test_asks_about_later_changes(self, client, di, north, adopt):
        adoption = adopt(by=di, team=north, practices=["individuals_watch"])
        modes.set_watch(team=north, most_percent=77, from_day=MONDAY.date(), by=di, at=TUESDAY)
        change = adoption.practices.get().changes.get()
        client.force_login(di)
        address = reverse("modes:take_back_adoption", args=[adoption.pk])

        assert client.post(address, {"on": "2026-03-09"}).status_code == 409
        client.post(address, {"on": "2026-03-09", f"moved.{change.pk}": "keep"})

        assert Watch.objects.in_force().get().most_percent == 77
        assert not Adoption.objects.get().is_in_force


class TestAdjusting:
    def test_by_form_after_a_preview(self, client, di, north, adopt):
        row = adopt(by=di, team=north, practices=["individuals_watch"]).practices.get()
        client.force_login(di)
        address = reverse("modes:adjust_practice", args=[row.pk])
        given = {"from_day": "2026-03-09", "individuals_watch.most_percent": 25, "individuals_watch.months": 12}
        seen = client.post(address, given).context["preview"].mark

        client.post(address, given | {"confirm": 1, "seen": seen})

        assert Watch.objects.in_force().get().most_percent == 25


class TestDeciding:
    @pytest.mark.parametrize(
        ("decision", "onward"), [("keep", "effect"), ("adjust", "adjust_practice"), ("take_back", "take_back_practice")]
    )
    def test_leads_to_where_it_is_done(self, client, di, north, ana, adopt, decision, onward):
        row = adopt(by=di, team=north, practices=["deal_care"]).practices.get()
        client.force_login(di)

        answer = client.post(
            reverse("modes:decide_on_practice", args=[row.pk]),
            {f"row{row.pk}-decision": decision, f"row{row.pk}-note": "so", "version": row.version},
        )

        key = "practice:deal_care" if onward == "effect" else row.pk
        assert answer.headers["Location"] == reverse(f"modes:{onward}", args=[key])
        assert "so" in client.get(reverse("modes:effect", args=["practice:deal_care"])).content.decode()


class TestTheEffectPage:
    def test_waits_until_it_is_worked_out(self, client, di, north, ana, adopt):
        adopt(by=di, team=north, practices=["deal_care"])
        client.force_login(di)
        address = reverse("modes:effect", args=["practice:deal_care"])
        assert "Not evaluated yet" in client.get(address).content.decode()

        client.post(reverse("modes:request_effect", args=["practice:deal_care"]))

        assert Effect.objects.get().is_awaited
        assert "being worked out" in client.get(address).content.decode()

    def test_is_closed_to_managers_whose_teams_do_not_do_it(self, client, di, north, south, ana, cy, bo, adopt):
        adopt(by=di, team=south, practices=["deal_care"])
        client.force_login(bo)

        assert client.get(reverse("modes:effect", args=["practice:deal_care"])).status_code == 404


class TestToday:
    def test_shows_what_the_mode_asks(self, client, di, north, ana, adopt):
        adopt(by=di, team=north, mode="performance", from_day=today() - timedelta(days=400))
        client.force_login(ana)

        page = client.get(reverse("workspace:today")).content.decode()

        assert "What our mode asks today" in page
        assert "Performance mode" in page

    def test_says_from_when_it_counts_what_was_adopted_just_now(self, client, di, north, ana, adopt):
        monday = today() - timedelta(days=today().weekday())
        adopt(by=di, team=north, practices=["deal_care"], from_day=monday + timedelta(days=1))
        client.force_login(ana)

        page = client.get(reverse("workspace:today")).content.decode()

        assert "Adopted just now: it is counted from" in page
        assert "Nothing of it is due today" not in page

    def test_is_silent_without_a_mode(self, client, ana):
        client.force_login(ana)

        assert "What our mode asks today" not in client.get(reverse("workspace:today")).content.decode()


class TestTheCockpit:
    def test_takes_its_cards_from_the_teams_practices(self, client, di, north, ana, adopt):
        adopt(by=di, team=north, practices=["quick_answers"])
        client.force_login(di)

        def cards(scope: str) -> list[str]:
            page = client.get(reverse("workspace:cockpit"), {"scope": scope})
            return [card.metric.code for card in page.context["cards"]]

        assert cards(f"team:{north.pk}")[:2] == ["lead_conversion", "first_response"]
        assert cards("company")[0] == "won_amount"

    def test_opens_for_the_lead_of_a_team_with_the_cards_of_its_practices(self, client, di, bo, north, adopt):
        adopt(by=di, team=north, practices=["quick_answers"])
        client.force_login(bo)

        page = client.get(reverse("workspace:cockpit"))

        found = [card.metric.code for card in page.context["cards"]]
        assert found[:2] == ["lead_conversion", "first_response"]
