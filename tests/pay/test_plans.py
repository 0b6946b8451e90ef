"""Plans: versions and assignments that never overlap, and which of them holds."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models import PayPlan, PlanAssignment, PlanVersion
from salesmode.pay.models.plan import VersionIsPublished
from salesmode.people import operations as people
from tests.api.conftest import call, token  # noqa: F401
from tests.conftest import MONDAY
from tests.pay.conftest import APRIL, JANUARY, MARCH, make_plan


class TestDefinePlan:
    def test_keeps_a_typed_document(self, gil):
        plan = pay.define_plan(
            name="Tiers", terms={"style": "cumulative", "tiers": [{"starts_at": 0, "rate": 3}]}, by=gil, at=MONDAY
        )

        assert plan.versions.get().document.tiers[0].rate == 3

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"style": "flat"}, "rate"),
            ({"style": "cumulative"}, "tiers"),
            ({"style": "cumulative", "tiers": [{"starts_at": 5, "rate": 1}]}, "tiers"),
            ({"style": "levels", "target_pay": 1, "levels": [{"attainment": 100, "payout": 100}]}, "quota_from"),
            ({"style": "levels", "quota_from": "fixed", "quota": 5, "levels": []}, "levels"),
            ({"rate": 5, "hold_back": 50}, "hold_back"),
            ({"rate": -1}, "rate"),
            ({"rate": 5, "surprise": 1}, "surprise"),
            ({"rate": 5, "kickers": [{"kind": "new_customer"}]}, "kickers"),
        ],
    )
    def test_names_the_field_that_does_not_fit(self, gil, terms, field):
        with pytest.raises(Invalid) as refused:
            pay.define_plan(name="Plan", terms=terms, by=gil, at=MONDAY)

        assert field in refused.value.fields
        assert not PayPlan.objects.exists()

    @pytest.mark.parametrize("somebody", ["ana", "bo", "fay"])
    def test_is_refused_to_others(self, somebody, request):
        with pytest.raises(NotAllowed):
            pay.define_plan(name="Mine", terms={"rate": 99}, by=request.getfixturevalue(somebody), at=MONDAY)


class TestVersions:
    def test_never_overlap(self, plan, gil):
        pay.amend_plan(plan, terms={"rate": 6}, by=gil, at=MONDAY)
        draft = plan.versions.get(status="draft")

        with pytest.raises(Invalid) as refused:
            pay.publish_version(draft, valid_from=APRIL, by=gil, at=MONDAY)

        assert "End it" in refused.value.fields["valid_from"][0]
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanVersion.objects.filter(pk=draft.pk).update(status="published", valid_from=APRIL)

    def test_take_over_from_each_other_when_asked_to(self, plan, gil):
        first = plan.versions.get()
        pay.amend_plan(plan, terms={"rate": 6}, by=gil, at=MONDAY)

        pay.publish_version(plan.versions.get(status="draft"), valid_from=APRIL, replacing=True, by=gil, at=MONDAY)

        first.refresh_from_db()
        assert first.valid_until == APRIL
        assert [row.valid_from for row in plan.versions.order_by("number")] == [JANUARY, APRIL]

    def test_never_take_over_from_one_that_begins_no_earlier(self, plan, gil):
        pay.amend_plan(plan, terms={"rate": 6}, by=gil, at=MONDAY)

        with pytest.raises(Invalid) as refused:
            pay.publish_version(
                plan.versions.get(status="draft"), valid_from=JANUARY, replacing=True, by=gil, at=MONDAY
            )

        assert "valid_from" in refused.value.fields
        assert plan.versions.get(status="published").valid_until is None

    def test_follow_each_other(self, plan, gil):
        pay.end_version(plan.versions.get(), valid_until=APRIL, by=gil, at=MONDAY)
        pay.amend_plan(plan, terms={"rate": 6}, by=gil, at=MONDAY)
        pay.publish_version(plan.versions.get(status="draft"), valid_from=APRIL, by=gil, at=MONDAY)

        held = queries.Holding()
        assert [held.plan_on(gil.pk, day).terms.rate for day in (MARCH, APRIL)] == [5, 6]

    def test_are_never_rewritten(self, plan, gil):
        with pytest.raises(VersionIsPublished):
            pay.publish_version(plan.versions.get(), valid_from=APRIL, by=gil, at=MONDAY)

    def test_are_changed_from_the_newest_page(self, plan, gil):
        pay.amend_plan(plan, name="Other", version=plan.version, by=gil, at=MONDAY)
        with pytest.raises(Stale):
            pay.amend_plan(plan, name="Third", version=1, by=gil, at=MONDAY)


class TestAssignPlan:
    def test_refuses_an_overlap_at_the_field(self, plan, gil):
        with pytest.raises(Invalid) as refused:
            pay.assign_plan(plan, valid_from=MARCH, by=gil, at=MONDAY)

        assert "until further notice" in refused.value.fields["valid_from"][0]
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanAssignment.objects.create(plan=plan, valid_from=MARCH, created_at=MONDAY, updated_at=MONDAY)

    def test_replaces_what_holds_when_asked_to(self, plan, gil):
        other = pay.define_plan(name="Other", terms={"rate": 7}, by=gil, at=MONDAY)

        pay.assign_plan(other, valid_from=MARCH, replacing=True, by=gil, at=MONDAY)

        held = [queries.plan_held_by_team(None, on=day).plan for day in (JANUARY, MARCH)]
        assert held == [plan, other]

    def test_can_be_taken_back(self, plan, gil):
        pay.withdraw_plan(plan.assignments.get(), valid_until=MARCH, by=gil, at=MONDAY)

        assert queries.plan_held_by_team(None, on=MARCH) is None

    def test_holds_for_the_person_before_the_team_above_and_the_company(self, plan, gil, ana, cy, north, south, ed):
        inner = people.create_team(name="Inner", parent=north, by=ed, at=MONDAY)
        people.amend_person(ana, team=inner, by=ed, at=MONDAY)
        of_north = make_plan(gil, name="North", team=north)

        def held(person):
            return queries.plan_held_by_person(person, on=MONDAY.date()).plan

        assert (held(ana), held(cy)) == (of_north, plan)
        assert queries.plan_held_by_team(inner, on=MARCH).plan == of_north
        own = make_plan(gil, name="Ana's", person=ana)
        assert held(ana) == own

    def test_is_refused_to_a_manager(self, plan, bo):
        with pytest.raises(NotAllowed):
            pay.assign_plan(plan, person=bo, valid_from=MARCH, by=bo, at=MONDAY)


class TestTheNextVersion:
    def test_asks_before_totals_begin_from_zero_within_a_month(self, client, gil):
        tiers = [{"starts_at": 0, "rate": 3}, {"starts_at": 100, "rate": 4}]
        plan = make_plan(gil, style="cumulative", tiers=tiers)
        pay.amend_plan(plan, terms={"style": "cumulative", "tiers": tiers[:1]}, by=gil, at=MONDAY)
        draft = plan.versions.get(number=2)
        client.force_login(gil)
        address = reverse("pay:publish_version", args=[draft.pk])
        given = {"valid_from": "2026-05-12", "replacing": "on", "version": draft.version}

        asked = client.post(address, given)
        draft.refresh_from_db()

        assert asked.status_code == 422
        assert draft.is_draft
        assert "What was sold before 12 May 2026 would not count" in asked.content.decode()
        assert "Choose 1 Jun 2026" in asked.content.decode()
        assert client.post(address, given | {"from_zero": "on"}).status_code == 302
        assert plan.versions.get(number=2).valid_from == date(2026, 5, 12)

    def test_asks_programs_too(self, call, token, gil):  # noqa: F811
        plan = make_plan(gil, cap=100, frequency="quarter")
        pay.amend_plan(plan, terms={"rate": 6, "cap": 100, "frequency": "quarter"}, by=gil, at=MONDAY)
        pay.end_version(plan.versions.get(number=1), valid_until=date(2026, 6, 1), by=gil, at=MONDAY)
        key, given = token(gil), {"valid_from": "2026-06-01"}

        refused = call(key, "post", f"/pay-plans/{plan.pk}/publish", given)

        assert refused.status_code == 422
        assert {error["field"] for error in refused.json()["errors"]} == {"valid_from", "from_zero"}
        assert "Choose 1 Jul 2026" in refused.content.decode()
        assert plan.versions.get(number=2).is_draft
        meant = given | {"from_zero": True}
        assert call(key, "post", f"/pay-plans/{plan.pk}/publish", meant).status_code == 200

    def test_is_not_asked_about_where_nothing_counted_before_it(self, plan, gil):
        pay.end_version(plan.versions.get(), valid_until=APRIL, by=gil, at=MONDAY)
        pay.amend_plan(plan, terms={"rate": 6, "cap": 100}, by=gil, at=MONDAY)

        pay.publish_version(plan.versions.get(number=2), valid_from=date(2026, 5, 12), by=gil, at=MONDAY)

        assert plan.versions.get(number=2).valid_from == date(2026, 5, 12)

    def test_that_begins_with_a_month_is_not_asked_about(self, client, gil):
        plan = make_plan(gil, cap=100)
        pay.amend_plan(plan, terms={"rate": 6, "cap": 100}, by=gil, at=MONDAY)
        draft = plan.versions.get(number=2)
        client.force_login(gil)
        given = {"valid_from": "2026-06-01", "replacing": "on", "version": draft.version}

        assert client.post(reverse("pay:publish_version", args=[draft.pk]), given).status_code == 302
