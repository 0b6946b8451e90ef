"""Required target sheets: who lacks a target, who is reminded, confirmed once a quarter, taken back to what was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models import TargetSheet, TargetSheetCheck, Whose
from salesmode.targets.operations.target_sheets import CheckedAlready, NoSheetRequired, TargetsMissing
from tests.conftest import MONDAY
from tests.targets.test_scorecard_api import ask

__all__ = ["ask"]
FIRST = MONDAY.date()
MAY = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def required(north, bo):
    """North is to have approved targets, and Ana with it."""
    return targets.require_target_sheet(team=north, starts_on=FIRST, by=bo, at=MONDAY)


def aim(whose, by, *, year=2026, at=MONDAY, approve=True):
    """Draft a target, and approve it."""
    drafted = targets.set_target(metric="won_amount", year=year, whose=whose, base=Decimal(1200), by=by, at=at)
    return targets.approve_target(drafted, by=by, at=at) if approve else drafted


class TestRequiring:
    def test_holds_for_the_team_and_those_below_it_from_the_day_on(self, required, system, north, south, bo, di):
        inner = people.create_team(name="Inner", parent=north, by=system, at=MONDAY)
        company = targets.require_target_sheet(metric="won_count", with_people=False, starts_on=FIRST, by=di, at=MONDAY)

        assert queries.target_sheet_for(inner.pk, FIRST) == required
        assert queries.target_sheet_for(south.pk, FIRST) == company
        assert queries.target_sheet_for(north.pk, date(2026, 3, 1)) is None

    def test_is_remembered_and_the_same_again_changes_nothing(self, required, north, bo):
        again = targets.require_target_sheet(team=north, starts_on=date(2026, 4, 1), by=bo, at=MONDAY)

        assert again == required
        assert EventRecord.objects.filter(name="target_sheet.required").count() == 1

    def test_another_takes_its_place_and_the_past_stays(self, required, north, bo):
        targets.require_target_sheet(team=north, metric="won_count", starts_on=date(2026, 4, 1), by=bo, at=MONDAY)

        assert queries.target_sheet_for(north.pk, date(2026, 3, 31)).metric == "won_amount"
        assert queries.target_sheet_for(north.pk, date(2026, 4, 1)).metric == "won_count"

    @pytest.mark.parametrize("metric", ["nothing", "gini"])
    def test_is_refused_at_the_field_for_a_number_without_targets(self, metric, north, bo):
        with pytest.raises(Invalid) as refused:
            targets.require_target_sheet(team=north, metric=metric, starts_on=FIRST, by=bo, at=MONDAY)

        assert set(refused.value.fields) == {"metric"}
        assert not TargetSheet.objects.exists()

    def test_is_refused_to_sellers_and_strangers(self, north, south, ana, bo, gil):
        for team, person in ((north, ana), (south, bo), (None, bo), (north, gil)):
            with pytest.raises(NotAllowed):
                targets.require_target_sheet(team=team, starts_on=FIRST, by=person, at=MONDAY)
        assert not TargetSheet.objects.exists()

    def test_taken_back_leaves_what_the_company_requires(self, required, north, bo, di):
        company = targets.require_target_sheet(starts_on=FIRST, by=di, at=MONDAY)

        targets.release_target_sheet(team=north, ends_on=date(2026, 4, 1), by=bo, at=MONDAY)

        assert queries.target_sheet_for(north.pk, date(2026, 4, 1)) == company
        with pytest.raises(NoSheetRequired):
            targets.release_target_sheet(team=north, ends_on=date(2026, 4, 2), by=bo, at=MONDAY)


class TestWhatIsDue:
    def test_names_whoever_has_no_approved_target(self, required, north, ana, bo, di):
        aim(Whose("person", person=ana), bo, approve=False)

        due = queries.sheet_due(north, FIRST)
        assert (due.names, due.drafted, due.asked) == (["North", "Ana"], 1, 2)
        assert [each.team for each in queries.sheets_due(bo, FIRST)] == [north]
        assert [each.team for each in queries.sheets_due(di, FIRST)] == [north]

    def test_a_target_of_another_year_or_number_is_none(self, required, north, ana, bo, di):
        aim(Whose("person", person=ana), bo, year=2027)
        aim(Whose("team", team=north), di)

        assert queries.sheet_due(north, FIRST).names == ["Ana"]

    def test_a_lead_is_reminded_until_it_is_confirmed_and_a_head_of_gaps_only(self, required, north, ana, bo, di):
        aim(Whose("person", person=ana), bo), aim(Whose("team", team=north), di)
        assert [each.team for each in queries.sheets_due(bo, FIRST)] == [north]
        assert queries.sheets_due(di, FIRST) == []

        targets.confirm_target_sheet(north, by=bo, at=MONDAY)

        assert queries.sheets_due(bo, FIRST) == []
        assert [each.team for each in queries.sheets_due(bo, MAY.date())] == [north]

    def test_nobody_else_hears_of_it(self, required, ana, cy, fay):
        assert [queries.sheets_due(person, FIRST) for person in (ana, cy)] == [[], []]


class TestConfirming:
    def test_is_refused_while_somebody_has_no_target(self, required, north, ana, bo, di):
        aim(Whose("team", team=north), di)

        with pytest.raises(TargetsMissing, match="Ana"):
            targets.confirm_target_sheet(north, by=bo, at=MONDAY)
        assert not TargetSheetCheck.objects.exists()

    def test_is_once_a_quarter_and_remembered(self, required, north, ana, bo, di):
        aim(Whose("person", person=ana), bo), aim(Whose("team", team=north), di)
        targets.confirm_target_sheet(north, by=bo, at=MONDAY)

        with pytest.raises(CheckedAlready):
            targets.confirm_target_sheet(north, by=di, at=MONDAY)
        targets.confirm_target_sheet(north, by=bo, at=MAY)

        events = EventRecord.objects.filter(name="target_sheet.confirmed").order_by("pk")
        assert [(each.facts["first_on"], each.facts["targets"], each.facts["owner_id"]) for each in events] == [
            ("2026-01-01", 2, bo.pk),
            ("2026-04-01", 2, bo.pk),
        ]

    def test_is_refused_to_a_seller_and_to_anothers_lead(self, required, north, ana, cy, fay):
        for person in (ana, cy, fay):
            with pytest.raises(NotAllowed):
                targets.confirm_target_sheet(north, by=person, at=MONDAY)

    def test_is_refused_where_nothing_is_required(self, north, bo):
        with pytest.raises(NoSheetRequired):
            targets.confirm_target_sheet(north, by=bo, at=MONDAY)


class TestThePages:
    @pytest.fixture
    def now_required(self, north, bo, system):
        """From this year on, as the pages see it."""
        return targets.require_target_sheet(team=north, starts_on=localdate(), by=bo, at=now())

    def test_today_says_who_is_missing_and_offers_to_confirm_when_nobody_is(
        self, client, now_required, north, ana, bo, di
    ):
        client.force_login(bo)
        address = reverse("targets:confirm_target_sheet", args=[north.pk])
        page = client.get(reverse("workspace:today")).content.decode()
        assert "have no approved target: North, Ana" in page
        assert address not in page

        year = localdate().year
        aim(Whose("person", person=ana), bo, year=year), aim(Whose("team", team=north), di, year=year)
        assert address in client.get(reverse("workspace:today")).content.decode()

        assert client.post(address).status_code == 302
        assert address not in client.get(reverse("workspace:today")).content.decode()

    def test_a_stranger_finds_no_team_to_confirm(self, client, now_required, south, north, bo, ana):
        client.force_login(bo)
        assert client.post(reverse("targets:confirm_target_sheet", args=[south.pk])).status_code == 404

    def test_programs_require_read_and_take_back(self, ask, now_required, north, bo, ana):
        read = ask(bo, "get", f"/target-sheets?team_id={north.pk}").json()
        assert (read["metric"], read["missing"], read["is_confirmed"]) == ("won_amount", ["North", "Ana"], False)

        wrong = {"team_id": north.pk, "metric": "nothing", "starts_on": "2030-01-01"}
        refused = ask(bo, "post", "/target-sheets/require", wrong)
        assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["metric"])

        assert ask(ana, "get", f"/target-sheets?team_id={north.pk}").json()["missing"] == []
        assert ask(bo, "post", "/target-sheets/confirm", {"team_id": north.pk}).status_code == 409
        released = ask(bo, "post", "/target-sheets/release", {"team_id": north.pk, "ends_on": "2030-01-01"})
        assert (released.status_code, released.json()["metric"]) == (200, None)
