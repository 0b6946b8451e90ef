"""The designer: what is wrong stays where it was typed, proposals are offered, cards are put in use and taken out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets.models import Absence, Scorecard, ScorecardUse
from tests.conftest import MONDAY, today
from tests.targets.cards import ACTIVITY, OBJECTIVE

pytestmark = pytest.mark.django_db


def filled(lines, **more):
    """What the designer sends for these lines."""
    sent = {"name": "Hunters", "description": "", "ramp": ""}
    for score in ("activity", "objective"):
        sent |= {f"{score}-TOTAL_FORMS": "5", f"{score}-INITIAL_FORMS": "0"}
        mine = [line for line in lines if line.score == score]
        for number, line in enumerate(mine):
            values = {"metric": line.metric, "weight": line.weight, "benchmark": line.benchmark}
            values |= {"cap": line.cap or "", "floor": line.floor or ""}
            sent |= {f"{score}-{number}-{name}": str(value) for name, value in values.items()}
    return sent | more


@pytest.fixture
def card(bo) -> Scorecard:
    """Bo's scorecard, not in use."""
    return targets.define_scorecard(name="Hunters", lines=[*ACTIVITY, *OBJECTIVE], by=bo, at=MONDAY)


@pytest.fixture
def won_deals(ana, northwind, process):
    """Ana won two deals in each of the last three months."""
    for back in (1, 2, 3):
        at = now().replace(day=15, hour=4) - timedelta(days=31 * back - 3 * (back - 1))
        for _each in range(2):
            deal = selling.open_deal(title="Deal", customer=northwind, owner=ana, amount=Decimal(100), by=ana, at=at)
            selling.win_deal(deal, by=ana, at=at)


class TestTheDesigner:
    def test_makes_a_scorecard(self, client, bo):
        client.force_login(bo)
        answer = client.post("/scorecards/designs/new", filled([*ACTIVITY, *OBJECTIVE], ramp="25 50"))

        made = Scorecard.objects.get()
        assert answer["Location"] == f"/scorecards/designs/{made.pk}"
        assert [line.draft() for line in made.lines.order_by("position")] == [*ACTIVITY, *OBJECTIVE]
        assert made.ramp == [25, 50]

    def test_says_at_the_score_when_weights_are_not_100(self, client, bo):
        client.force_login(bo)
        answer = client.post("/scorecards/designs/new", filled(ACTIVITY, **{"activity-0-weight": "40"}))

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "The weights of Activity score add up to 90, not to 100." in page
        assert 'value="40"' in page
        assert not Scorecard.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("activity-0-metric", "nonsense", "Select a valid choice"),
            ("activity-1-benchmark", "-3", "A benchmark is above zero."),
            ("activity-1-benchmark", "", "Fill this in, or empty the line."),
            ("activity-2-cap", "", "Where lower is better a cap is needed"),
            ("activity-0-weight", "0", "A weight lies above 0 and is at most 100."),
        ],
    )
    def test_says_at_the_line_what_is_wrong_with_it(self, client, bo, field, value, sentence):
        client.force_login(bo)
        answer = client.post("/scorecards/designs/new", filled(ACTIVITY, **{field: value}))

        page = answer.content.decode()
        at = page.index(f'id="id_{field}"')
        assert answer.status_code == 422
        assert sentence in page[at : page.index("</td>", at)]
        assert not Scorecard.objects.exists()

    def test_proposes_benchmarks_and_keeps_what_is_typed(self, client, ana, bo, won_deals, numbers):
        numbers("won_amount")
        client.force_login(bo)
        empty = {"objective-0-benchmark": "", "propose": "all"}
        answer = client.post("/scorecards/designs/new", filled(OBJECTIVE, **empty))

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Proposed" in page
        assert 'name="objective-1-benchmark" value="20000"' in page
        assert 'name="objective-0-benchmark" value="2"' in page
        assert not Scorecard.objects.exists()

    def test_asks_about_a_benchmark_far_below_what_was_reached(self, client, bo, won_deals, numbers):
        numbers("won_amount")
        line = next(each for each in OBJECTIVE if each.metric == "won_amount")
        cards = [
            targets.define_scorecard(
                name=name, lines=[replace(line, weight=Decimal(100), benchmark=Decimal(asks))], by=bo, at=MONDAY
            )
            for name, asks in (("Low", 1), ("Meant", 150))
        ]
        client.force_login(bo)

        low, meant = (client.get(f"/scorecards/designs/{card.pk}").content.decode() for card in cards)

        assert "lately. Is this benchmark meant?" in low
        assert "lately. Is this benchmark meant?" not in meant

    def test_changes_one_that_was_never_in_use(self, client, card, bo):
        client.force_login(bo)
        sent = filled(ACTIVITY, name="Gatherers", version=str(card.version))
        client.post(f"/scorecards/designs/{card.pk}/edit", sent)

        card.refresh_from_db()
        assert (card.name, card.lines.count()) == ("Gatherers", 3)

    def test_copies_one_as_its_next_version(self, client, card, bo):
        client.force_login(bo)
        page = client.get(f"/scorecards/designs/new?from={card.pk}").content.decode()

        assert 'value="Hunters 2"' in page
        assert 'name="activity-0-weight" value="50"' in page

    def test_is_not_for_sellers(self, client, card, ana):
        client.force_login(ana)

        assert client.get("/scorecards/designs/new").status_code == 403
        page = client.get(f"/scorecards/designs/{card.pk}").content.decode()
        assert "Put in use" not in page

    def test_keeps_the_lines_of_what_people_are_measured_by(self, client, card, north, bo):
        targets.use_scorecard(card, team=north, starts_on=date(2026, 3, 2), by=bo, at=MONDAY)
        client.force_login(bo)
        answer = client.post(f"/scorecards/designs/{card.pk}/edit", filled(ACTIVITY, version=str(card.version)))

        assert answer.status_code == 409
        assert card.lines.count() == 6


@pytest.mark.usefixtures("numbers")
class TestACompanyWhoseFiguresAreOld:
    @pytest.fixture(autouse=True)
    def long_ago(self, ana, northwind, process):
        """Ana won a deal in each of three months of 2017, and nobody anything since."""
        for month in (10, 11, 12):
            at = datetime(2017, month, 15, 4, tzinfo=UTC)
            deal = selling.open_deal(title="Old", customer=northwind, owner=ana, amount=Decimal(100), by=ana, at=at)
            selling.win_deal(deal, by=ana, at=at)

    def test_is_scored_as_on_the_day_of_its_last_decision(self, client, di):
        client.force_login(di)

        assert client.get("/scorecards/").context["day"] == date(2017, 12, 15)
        assert client.get("/scorecards/?on=2018-02-01").context["day"] == date(2018, 2, 1)

    def test_is_offered_to_use_a_card_from_the_beginning_of_that_year(self, client, card, di):
        client.force_login(di)

        page = client.get(f"/scorecards/designs/{card.pk}")

        assert page.context["use_form"]["starts_on"].value() == date(2017, 1, 1)

    def test_looks_at_the_targets_of_that_year(self, client, di):
        client.force_login(di)

        shown = client.get("/targets/").context

        assert (shown["year"], shown["figures_until"]) == (2017, date(2017, 12, 15))


class TestWhereItHolds:
    def test_begins_for_a_team_and_stops(self, client, card, north, bo):
        client.force_login(bo)
        first = today() - timedelta(days=30)
        client.post(f"/scorecards/designs/{card.pk}/use", {"team": str(north.pk), "starts_on": f"{first}"})

        use = ScorecardUse.objects.get()
        assert (use.team, use.starts_on, use.ends_on) == (north, first, None)

        client.post(f"/scorecards/designs/{card.pk}/stop", {"team": str(north.pk), "ends_on": f"{today()}"})

        use.refresh_from_db()
        assert use.ends_on == today()

    def test_is_refused_for_a_team_of_others(self, client, card, south, bo):
        client.force_login(bo)
        answer = client.post(f"/scorecards/designs/{card.pk}/use", {"team": str(south.pk), "starts_on": "2026-03-02"})

        assert answer.status_code == 422
        assert not ScorecardUse.objects.exists()

    def test_measures_one_person_against_another_benchmark(self, client, card, ana, bo):
        client.force_login(bo)
        line = card.lines.first()
        sent = {"line": str(line.pk), "whose": f"person:{ana.pk}", "value": "9"}
        client.post(f"/scorecards/designs/{card.pk}/benchmark", sent)

        assert [(row.person, row.value) for row in line.benchmarks.all()] == [(ana, 9)]

        answer = client.post(f"/scorecards/designs/{card.pk}/benchmark", {**sent, "value": "-1"})
        assert answer.status_code == 422
        assert "A benchmark is above zero." in answer.content.decode()


class TestTheTeamPage:
    def test_shows_the_last_periods_and_their_average(self, client, card, ana, bo, north, numbers):
        targets.use_scorecard(card, team=north, starts_on=date(2026, 1, 1), by=bo, at=MONDAY)
        numbers("won_amount")
        client.force_login(bo)
        page = client.get(f"/scorecards/?score=activity&team={north.pk}").content.decode()

        assert "Average" in page
        assert page.count('class="numeric past"') >= 10

    def test_shows_nothing_of_others(self, client, card, ana, cy, bo, north, numbers):
        targets.use_scorecard(card, team=north, starts_on=date(2026, 1, 1), by=bo, at=MONDAY)
        numbers("won_amount")
        client.force_login(cy)

        assert "Ana" not in client.get(f"/scorecards/?team={north.pk}").content.decode()


class TestLeave:
    def test_is_noted_from_the_scorecard_and_taken_back(self, client, ana, bo):
        client.force_login(bo)
        assert f"/absences/new?person={ana.pk}" in client.get(f"/scorecards/people/{ana.pk}").content.decode()
        sent = {"person": str(ana.pk), "first_on": "2026-04-01", "last_on": "2026-04-03", "kind_of": "sick"}
        client.post("/absences/new", sent)

        made = Absence.objects.get()
        assert (made.owner, made.first_on, made.last_on) == (ana, date(2026, 4, 1), date(2026, 4, 3))
        assert "Ana" in client.get("/absences/").content.decode()

        client.post(f"/absences/{made.pk}/withdraw", {"version": made.version})

        assert not Absence.objects.exists()

    def test_says_at_the_field_that_it_ends_before_it_begins(self, client, ana):
        client.force_login(ana)
        sent = {"person": str(ana.pk), "first_on": "2026-04-03", "last_on": "2026-04-01", "kind_of": "leave"}
        answer = client.post("/absences/new", sent)

        assert answer.status_code == 422
        assert "The last day is not before the first." in answer.content.decode()
        assert not Absence.objects.exists()

    def test_of_others_is_hidden(self, client, ana, cy):
        away = targets.note_absence(person=ana, first_on=date(2026, 4, 1), last_on=date(2026, 4, 3), by=ana, at=MONDAY)
        client.force_login(cy)

        assert client.get(f"/absences/{away.pk}").status_code == 404
        sent = {"person": str(ana.pk), "first_on": "2026-04-01", "last_on": "2026-04-03", "kind_of": "leave"}
        assert client.post("/absences/new", sent).status_code == 422


class TestHowPointsAreSaid:
    def test_names_the_numbers_that_were_used(self, client, card, ana, bo, north, numbers):
        from django.utils import translation

        from salesmode.targets.models.scorecard import Points, ScorecardLine

        plain = ScorecardLine(score="activity", metric="won_count", weight=Decimal(30), benchmark=Decimal(4))
        capped = ScorecardLine(
            score="activity", metric="lost_count", weight=Decimal(20), benchmark=Decimal(1), cap=Decimal(150)
        )
        with translation.override("en"):
            half = Points(plain, Decimal(3), Decimal(4), Decimal("0.5")).how
            assert half == "3 ÷ 2 × 30 · benchmark 4 × 50.0% of the time"
            assert Points(capped, Decimal(0), Decimal(1)).how.endswith("capped at 150 percent of the benchmark")
            assert Points(plain, None, Decimal(4)).how == "Not known, so its weight does not count."
            assert Points(plain, Decimal(3), Decimal(4), Decimal(0)).how == "Away all the time: nothing is asked."
