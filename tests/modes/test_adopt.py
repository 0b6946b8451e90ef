"""Adopting: seen before it is done, all of it or nothing, and taken back without a trace."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import PARTS, AdoptedPractice, Adoption, NotInForce, Watch
from salesmode.modes.operations import AlreadyAdopted, ChangedSince, PreviewStale
from tests.conftest import MONDAY, TUESDAY
from tests.modes.conftest import FIRST

WATCH = ["individuals_watch"]


class TestTheModeOfATeam:
    def test_holds_since_its_first_practices_whatever_was_added_later(self, north, di, adopt):
        first = adopt(by=di, team=north, mode="performance", practices=["deal_care"])
        adopt(by=di, team=north, mode="performance", practices=["weekly_report"], from_day=FIRST + timedelta(days=7))

        assert queries.adoption_of(north.pk, FIRST + timedelta(days=9)) == first

    def test_begins_anew_with_another_mode(self, north, di, adopt):
        adopt(by=di, team=north, mode="performance", practices=["deal_care"])
        other = adopt(by=di, team=north, mode="traditional", practices=["thanks"], from_day=FIRST + timedelta(days=7))

        assert queries.adoption_of(north.pk, FIRST + timedelta(days=9)) == other


class TestThePreview:
    def test_tells_what_goes_on_beside_it(self, north, di, adopt):
        adopt(by=di, team=north, practices=["deal_care", "weekly_report"])
        adopt(by=di, practices=["thanks"])

        found = queries.preview(team=north, practices=["quick_answers", "deal_care"], from_day=FIRST)

        assert {each.code for each in found.goes_on} == {"weekly_report", "thanks"}
        assert [each.code for each in found.already] == ["deal_care"]

    def test_shows_every_setting_before_and_after(self, north):
        shown = queries.preview(team=north, practices=WATCH, from_day=FIRST)

        assert [(each.before, each.after) for each in shown.changes] == [(None, {"most_percent": 35, "months": 12})]
        assert "35%" in shown.changes[0].says_after

    @pytest.mark.parametrize("mode", ["traditional", "performance"])
    def test_changes_nothing(self, north, mode, mark_of_everything):
        before = mark_of_everything()

        shown = queries.preview(team=north, mode=mode, from_day=FIRST)

        assert shown.changes
        assert mark_of_everything() == before

    def test_a_change_would_be_seen(self, north, di, mark_of_everything):
        before = mark_of_everything()

        modes.set_watch(team=north, most_percent=50, from_day=FIRST, by=di, at=MONDAY)

        assert mark_of_everything() != before

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"mode": "joyful"}, "mode"),
            ({"practices": ["joy"]}, "practices"),
            ({}, "practices"),
            ({"practices": WATCH, "parameters": {"individuals_watch": {"most_percent": 900}}},
             "parameters.individuals_watch.most_percent"),
            ({"practices": WATCH, "parameters": {"individuals_watch": {"joy": 1}}}, "parameters.individuals_watch.joy"),
        ],
    )  # fmt: skip
    def test_refuses_what_there_is_not(self, north, wanted, field):
        with pytest.raises(Invalid) as refusal:
            queries.preview(team=north, from_day=FIRST, **wanted)

        assert field in refusal.value.fields


class TestAdopt:
    def test_sets_what_the_preview_showed(self, north, di, adopt):
        adopt(by=di, team=north, practices=WATCH, parameters={"individuals_watch": {"most_percent": 50}})

        assert Watch.objects.in_force().get(team=north).most_percent == 50

    def test_takes_every_practice_of_the_mode_up(self, north, di, adopt):
        adoption = adopt(by=di, team=north, mode="performance")

        codes = set(adoption.practices.values_list("code", flat=True))
        assert codes == set(queries.library().modes["performance"].practices)
        assert queries.mode_of(north.pk, FIRST).code == "performance"

    def test_is_remembered_as_events(self, north, di, adopt):
        adoption = adopt(by=di, team=north, practices=WATCH)

        made = EventRecord.objects.get(name="adoption.made")
        assert (made.subject_id, made.actor_id, made.facts["team_id"]) == (adoption.pk, di.pk, north.pk)
        assert EventRecord.objects.get(name="practice.adopted").facts["code"] == "individuals_watch"

    def test_refuses_a_preview_that_is_not_true_any_more(self, north, di, mark_of_everything):
        seen = queries.preview(team=north, practices=WATCH, from_day=FIRST).mark
        modes.set_watch(team=north, most_percent=77, from_day=FIRST, by=di, at=MONDAY)
        before = mark_of_everything()

        with pytest.raises(PreviewStale):
            modes.adopt(team=north, practices=WATCH, from_day=FIRST, seen=seen, by=di, at=MONDAY)

        assert mark_of_everything() == before

    def test_changes_nothing_when_one_part_refuses(self, north, di, adopt, mark_of_everything, monkeypatch):
        def refuse(*given):
            raise Invalid({"part": ["No."]})

        monkeypatch.setitem(PARTS, "modes.watch", _with(PARTS["modes.watch"], apply=refuse))
        before = mark_of_everything()

        with pytest.raises(Invalid):
            adopt(by=di, team=north, mode="performance")

        assert mark_of_everything() == before

    def test_tells_apart_what_stays_as_it_is(self, north, di, adopt):
        modes.set_watch(team=north, most_percent=77, from_day=FIRST, by=di, at=MONDAY)
        other = adopt(by=di, team=north, practices=WATCH)
        modes.take_back_adoption(other, on=FIRST, by=di, at=TUESDAY)
        same = {"individuals_watch": {"most_percent": 77}}
        adoption = adopt(by=di, team=north, practices=WATCH, parameters=same, at=TUESDAY)

        assert not any(each.is_moved for each in queries.undo_of(list(adoption.practices.all()), FIRST))
        assert [each.is_same for each in queries.undo_of(list(adoption.practices.all()), FIRST)] == [True]
        assert [each.is_same for each in queries.undo_of(list(other.practices.all()), FIRST)] == [False]

    def test_twice_is_refused(self, north, di, adopt):
        adopt(by=di, team=north, practices=WATCH)

        with pytest.raises(AlreadyAdopted):
            adopt(by=di, team=north, practices=WATCH)

    def test_a_mode_leaves_alone_what_was_adopted_before(self, north, di, adopt):
        adopt(by=di, team=north, practices=WATCH)
        adoption = adopt(by=di, team=north, mode="performance")

        assert "individuals_watch" not in adoption.practices.values_list("code", flat=True)

    def test_a_manager_may_adopt_single_practices_for_the_own_team(self, north, bo, adopt):
        assert adopt(by=bo, team=north, practices=WATCH).by == bo

    @pytest.mark.parametrize("what", [{"mode": "performance"}, {"practices": WATCH}])
    def test_a_manager_may_not_for_others_or_whole_modes(self, south, north, bo, adopt, what, mark_of_everything):
        before = mark_of_everything()

        for team in [south, None] if "practices" in what else [north, south, None]:
            with pytest.raises(NotAllowed):
                adopt(by=bo, team=team, **what)

        assert mark_of_everything() == before

    @pytest.mark.parametrize("who", ["ana", "cy", "fay", "gil"])
    def test_is_refused_to_everybody_else(self, north, who, request, adopt, mark_of_everything):
        person = request.getfixturevalue(who)
        before = mark_of_everything()

        for what in ({"mode": "performance"}, {"practices": WATCH}):
            with pytest.raises(NotAllowed):
                adopt(by=person, team=north, **what)

        assert mark_of_everything() == before


class TestWhatRuns:
    def test_the_own_practice_comes_before_the_companys(self, north, south, di, adopt):
        adopt(by=di, practices=["deal_care"], parameters={"deal_care": {"a_week": 1}})
        adopt(by=di, team=north, practices=["deal_care"], parameters={"deal_care": {"a_week": 5}})

        assert [each.times for each in queries.running_for(north.pk, FIRST)] == [5]
        assert [each.times for each in queries.running_for(south.pk, FIRST)] == [1]

    def test_begins_on_its_day(self, north, di, adopt):
        adopt(by=di, team=north, practices=["deal_care"], from_day=FIRST + timedelta(days=7))

        assert queries.running_for(north.pk, FIRST) == []
        assert queries.running_for(north.pk, FIRST + timedelta(days=7))

    def test_brings_its_cards_to_the_cockpit(self, north, south, di, adopt):
        adopt(by=di, team=north, practices=["deal_care"])
        usual = ["won_amount", "open_pipeline", "win_rate", "new_customers"]

        assert queries.cockpit_cards([north.pk], usual, FIRST)[:2] == ["win_rate", "median_cycle"]
        assert queries.cockpit_cards([south.pk], usual, FIRST) == usual


class TestTakeBack:
    def test_restores_what_was_before(self, north, di, adopt):
        modes.set_watch(team=north, most_percent=77, from_day=FIRST, by=di, at=MONDAY)
        adoption = adopt(by=di, team=north, practices=WATCH)

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert Watch.objects.in_force().get(team=north).most_percent == 77
        assert not AdoptedPractice.objects.in_force().exists()
        assert EventRecord.objects.get(name="adoption.taken_back").facts["settings_restored"] == 1

    def test_asks_about_what_somebody_changed_since(self, north, di, adopt, mark_of_everything):
        adoption = adopt(by=di, team=north, practices=WATCH)
        modes.set_watch(team=north, most_percent=60, from_day=FIRST, by=di, at=TUESDAY)
        before = mark_of_everything()

        with pytest.raises(ChangedSince) as refusal:
            modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert [each.change.after["most_percent"] for each in refusal.value.undone] == [35]
        assert mark_of_everything() == before

    @pytest.mark.parametrize(("answer", "left"), [("keep", [60]), ("restore", [])])
    def test_does_with_it_what_was_answered(self, north, di, adopt, answer, left):
        adoption = adopt(by=di, team=north, practices=WATCH)
        modes.set_watch(team=north, most_percent=60, from_day=FIRST, by=di, at=TUESDAY)
        moved = [each.change.pk for each in queries.undo_of(list(adoption.practices.all()), FIRST) if each.is_moved]

        modes.take_back_adoption(adoption, on=FIRST, **{answer: moved}, by=di, at=TUESDAY)

        assert list(Watch.objects.in_force().values_list("most_percent", flat=True)) == left

    def test_twice_is_refused(self, north, di, adopt):
        adoption = adopt(by=di, team=north, practices=WATCH)
        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        with pytest.raises(NotInForce):
            modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

    def test_of_one_practice_leaves_the_others(self, north, di, adopt):
        adoption = adopt(by=di, team=north, mode="performance")
        row = adoption.practices.get(code="individuals_watch")

        modes.take_back_practice(row, on=FIRST, by=di, at=TUESDAY)

        assert not Watch.objects.in_force().exists()
        assert adoption.practices.filter(ended_at=None).count() == adoption.practices.count() - 1
        assert queries.mode_of(north.pk, FIRST).code == "performance"

    @pytest.mark.parametrize("who", ["ana", "cy", "fay", "bo"])
    def test_of_a_mode_is_refused_to_others(self, north, di, who, request, adopt, mark_of_everything):
        adoption = adopt(by=di, team=north, mode="performance")
        person = request.getfixturevalue(who)
        before = mark_of_everything()

        with pytest.raises(NotAllowed):
            modes.take_back_adoption(adoption, on=FIRST, by=person, at=TUESDAY)

        assert mark_of_everything() == before


class TestAnySetOfPractices:
    @given(data=st.data())
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_taken_up_and_back_leaves_every_setting_as_it_was(self, north, di, adopt, data):
        practices = data.draw(st.lists(st.sampled_from(sorted(queries.library().practices)), min_size=1, unique=True))
        team = data.draw(st.sampled_from([north, None]))
        percent = data.draw(st.integers(5, 100))
        former = data.draw(st.booleans())
        if former:
            modes.set_watch(team=team, most_percent=percent, from_day=FIRST, by=di, at=MONDAY)
        try:
            before = _settings(team, practices)
            adoption = adopt(by=di, team=team, practices=practices)
        except Invalid:
            return

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert _settings(team, practices) == before
        if former:
            modes.end_watch(Watch.objects.in_force().get(team=team), on=FIRST, by=di, at=TUESDAY)


class TestAdjust:
    def test_goes_on_with_other_parameters(self, north, di, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()
        shown = queries.adjustment(row, {"most_percent": 20}, FIRST)

        modes.adjust_practice(row, parameters={"most_percent": 20}, from_day=FIRST, seen=shown.mark, by=di, at=TUESDAY)

        assert Watch.objects.in_force().get(team=north).most_percent == 20
        assert EventRecord.objects.get(name="practice.adjusted").facts["former_parameters"]["most_percent"] == 35

    def test_taking_back_afterwards_restores_what_was_before_the_adoption(self, north, di, adopt):
        adoption = adopt(by=di, team=north, practices=WATCH)
        row = adoption.practices.get()
        shown = queries.adjustment(row, {"most_percent": 20}, FIRST)
        modes.adjust_practice(row, parameters={"most_percent": 20}, from_day=FIRST, seen=shown.mark, by=di, at=TUESDAY)

        modes.take_back_adoption(adoption, on=FIRST, by=di, at=TUESDAY)

        assert not Watch.objects.in_force().exists()

    def test_leaves_out_what_the_file_no_longer_lets_be_set(self, north, di, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()
        row.parameters["former"] = 1
        row.save(update_fields=["parameters"])

        assert queries.adjustment(row, {"most_percent": 20}, FIRST).parameters == {"most_percent": 20, "months": 12}

    def test_refuses_what_was_not_looked_at(self, north, di, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()

        with pytest.raises(PreviewStale):
            modes.adjust_practice(row, parameters={"most_percent": 20}, from_day=FIRST, seen="", by=di, at=TUESDAY)

    def test_is_refused_to_others(self, north, di, cy, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()

        with pytest.raises(NotAllowed):
            modes.adjust_practice(row, parameters={"most_percent": 20}, from_day=FIRST, seen="", by=cy, at=TUESDAY)


class TestDecide:
    def test_is_remembered_with_its_note(self, north, di, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()

        modes.decide_on_practice(row, decision="keep", note="It helps.", by=di, at=TUESDAY)

        assert (row.decision, row.decision_note, row.decided_by) == ("keep", "It helps.", di)
        assert EventRecord.objects.get(name="practice.decided").facts["decision"] == "keep"

    def test_refuses_what_is_no_decision(self, north, di, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()

        with pytest.raises(Invalid):
            modes.decide_on_practice(row, decision="perhaps", by=di, at=TUESDAY)

    def test_is_refused_to_others(self, north, di, ana, adopt):
        row = adopt(by=di, team=north, practices=WATCH).practices.get()

        with pytest.raises(NotAllowed):
            modes.decide_on_practice(row, decision="keep", by=ana, at=TUESDAY)


class TestVisibility:
    def test_a_seller_sees_the_own_teams_and_the_companys(self, north, south, di, ana, adopt):
        adopt(by=di, team=north, practices=["deal_care"])
        adopt(by=di, team=south, practices=["deal_care"])
        adopt(by=di, practices=["new_customers"])

        seen = Adoption.objects.all().visible_to(ana)

        assert {each.team_id for each in seen} == {north.pk, None}


def _settings(team, practices) -> list:
    shown = queries.preview(team=team, practices=practices, from_day=FIRST)
    return [(each.part.code, each.slot, each.before) for each in shown.changes]


def _with(part, **changes):
    from dataclasses import replace

    return replace(part, **changes)
