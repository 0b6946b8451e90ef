"""Targets are drafted, approved, superseded and locked, each by whoever may."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.analytics.goals import goal
from salesmode.kernel.holidays import workdays
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, NotAllowed, Stale
from salesmode.people import operations as people
from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets import queries
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.target import TargetNotApproved, TargetNotDraft
from tests.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


class TestSetTarget:
    def test_writes_a_draft_spread_over_twelve_months(self, draft, ana):
        assert (draft.status, draft.edition, draft.owner, draft.currency) == ("draft", 1, ana, "CNY")
        assert draft.base_months == [Decimal(100)] * 12

    def test_is_remembered_as_an_event(self, draft, ana, bo):
        event = EventRecord.objects.get(name="target.drafted")

        assert (event.subject_id, event.actor_id, event.facts["owner_id"]) == (draft.pk, bo.pk, ana.pk)

    def test_changes_the_draft_that_is_there(self, draft, bo, for_ana):
        again = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(2400), by=bo, at=TUESDAY)

        assert (again.pk, again.base, Target.objects.count()) == (draft.pk, 2400, 1)

    def test_makes_the_next_version_of_what_holds(self, approved, bo, for_ana):
        later = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(2400), by=bo, at=TUESDAY)

        approved.refresh_from_db()
        assert (later.edition, later.status, approved.status) == (2, "draft", "approved")

    def test_follows_the_fiscal_year(self, bo, for_ana, system):
        from salesmode.kernel import operations as kernel
        from salesmode.kernel.models import Company

        kernel.amend_company(Company.objects.current(), name="House", fiscal_year_starts_in=4, by=system, at=MONDAY)
        row = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(12), by=bo, at=MONDAY)

        assert (row.starts_on, row.year, row.year_label) == (date(2025, 4, 1), 2026, "FY2026")

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("metric", {"metric": "no_such_metric"}),
            ("metric", {"metric": "overdue_follow_ups", "unit": "product"}),
            ("year", {"year": 20260}),
            ("base", {"base": Decimal("-0.01")}),
            ("is_prorated", {"metric": "win_rate", "is_prorated": True, "base": Decimal("0.2")}),
            ("ramp", {"is_prorated": True, "ramp": [0, 200]}),
            ("distribution", {"distribution": "last_year"}),
        ],
    )
    def test_names_what_is_wrong_and_changes_nothing(self, field, given, for_ana, bo, di, numbers):
        numbers("won_amount")
        whose = Whose(given.pop("unit"), product=None) if "unit" in given else for_ana
        if whose.unit == "product":
            from salesmode.catalog import operations as catalog

            product = catalog.create_product(name="Pump", price=1, by=di, at=MONDAY)
            whose = Whose("product", product=product)
        asked = {"metric": "won_amount", "year": 2026, "base": Decimal(5)} | given

        with pytest.raises(Invalid) as refusal:
            targets.set_target(whose=whose, **asked, by=di, at=MONDAY)
        assert list(refusal.value.fields) == [field]
        assert not Target.objects.exists()

    def test_is_refused_to_sellers_strangers_and_auditors(self, ana, cy, fay, gil, for_ana):
        for person in (ana, cy, fay, gil):
            with pytest.raises(NotAllowed):
                targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(1), by=person, at=MONDAY)
        assert not Target.objects.exists()

    def test_lets_a_manager_aim_for_the_team_but_not_for_the_company_or_another_team(self, bo, north, south):
        targets.set_target(
            metric="won_amount", year=2026, whose=Whose("team", team=north), base=Decimal(1), by=bo, at=MONDAY
        )
        for whose in (Whose(), Whose("team", team=south), Whose("region", region="North")):
            with pytest.raises(NotAllowed):
                targets.set_target(metric="won_amount", year=2026, whose=whose, base=Decimal(1), by=bo, at=MONDAY)

    def test_counts_only_the_time_somebody_is_there(self, ana, bo, for_ana, system):
        people.amend_person(ana, started_on=date(2026, 7, 1), by=system, at=MONDAY)
        for_ana = Whose("person", person=ana)
        row = targets.set_target(
            metric="won_amount",
            year=2026,
            whose=for_ana,
            base=Decimal(1200),
            is_prorated=True,
            ramp=[0, 50, 100],
            by=bo,
            at=MONDAY,
        )

        assert row.base_months == [Decimal(n) for n in [0] * 7 + [50] + [100] * 4]
        assert (row.base, row.whole()) == (450, 1200)

    def test_keeps_own_months_as_they_were_given(self, client, ana, bo, system):
        people.amend_person(ana, started_on=date(2026, 10, 1), by=system, at=MONDAY)
        given = [Decimal(n) for n in (1, 1, 1, 2, 2, 2, 2, 2, 2, 4, 4, 4)]
        row = targets.set_target(
            metric="won_count", year=2026, whose=Whose("person", person=ana), distribution="months", months=given,
            is_prorated=True, ramp=[25, 50], by=bo, at=MONDAY,
        )  # fmt: skip

        again = targets.amend_target(row, note="Talked about", by=bo, at=MONDAY)
        client.force_login(bo)

        assert again.base_months == [0] * 9 + [1, 2, 4]
        assert (again.base, again.whole(), again.asked_months) == (7, 27, given)
        form = client.get(f"/targets/{row.pk}/edit").context["form"]
        assert form.initial["months"] == "1 1 1 2 2 2 2 2 2 4 4 4"
        page = client.get(f"/targets/{row.pk}").content.decode()
        assert "Of 27 asked for a whole year" in page
        assert "25 → 50 percent" in page

    def test_leaves_the_time_of_leave_out(self, ana, bo, for_ana):
        targets.note_absence(
            person=ana, first_on=date(2026, 6, 1), last_on=date(2026, 6, 30), kind_of="parental", by=bo, at=MONDAY
        )
        row = targets.set_target(
            metric="won_amount", year=2026, whose=for_ana, base=Decimal(1200), is_prorated=True, by=bo, at=MONDAY
        )

        assert (row.base_months[5], row.base) == (0, 1100)


class TestAmendTarget:
    def test_changes_what_is_named_and_leaves_the_rest(self, draft, bo):
        targets.amend_target(draft, stretch=Decimal(1500), by=bo, at=TUESDAY, version=1)

        draft.refresh_from_db()
        assert (draft.base, draft.stretch, sum(draft.stretch_months)) == (1200, 1500, 1500)

    def test_refuses_a_version_that_was_overtaken(self, draft, bo):
        targets.amend_target(draft, base=Decimal(5), by=bo, at=TUESDAY)
        with pytest.raises(Stale):
            targets.amend_target(draft, base=Decimal(6), by=bo, at=TUESDAY, version=1)

    def test_refuses_what_holds(self, approved, bo):
        with pytest.raises(TargetNotDraft):
            targets.amend_target(approved, base=Decimal(6), by=bo, at=TUESDAY)

    def test_throws_a_draft_away_and_leaves_what_holds(self, approved, bo, for_ana):
        later = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(7), by=bo, at=TUESDAY)
        targets.discard_target(later, by=bo, at=TUESDAY)

        assert list(Target.objects.values_list("pk", "status")) == [(approved.pk, "approved")]
        with pytest.raises(TargetNotDraft):
            targets.discard_target(approved, by=bo, at=TUESDAY)


class TestApproveTarget:
    def test_supersedes_the_version_before_and_keeps_it(self, approved, bo, for_ana):
        later = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(2400), by=bo, at=TUESDAY)
        targets.approve_target(later, by=bo, at=TUESDAY)

        approved.refresh_from_db()
        assert (approved.status, approved.base, later.status) == ("superseded", 1200, "approved")

    def test_is_refused_for_oneself(self, bo, di):
        own = targets.set_target(
            metric="won_amount", year=2026, whose=Whose("person", person=bo), base=Decimal(1), by=bo, at=MONDAY
        )
        with pytest.raises(NotAllowed):
            targets.approve_target(own, by=bo, at=MONDAY)
        assert targets.approve_target(own, by=di, at=MONDAY).status == "approved"

    def test_is_refused_twice(self, approved, bo):
        with pytest.raises(TargetNotDraft):
            targets.approve_target(approved, by=bo, at=TUESDAY)

    def test_cannot_replace_what_is_locked_unless_by_a_head(self, approved, bo, di, for_ana):
        targets.lock_target(approved, by=di, at=MONDAY)
        later = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(5), by=bo, at=TUESDAY)
        with pytest.raises(NotAllowed):
            targets.approve_target(later, by=bo, at=TUESDAY)
        later.refresh_from_db()
        assert (later.status, Target.objects.get(pk=approved.pk).status) == ("draft", "locked")

        targets.approve_target(later, by=di, at=TUESDAY)
        assert Target.objects.get(pk=approved.pk).status == "superseded"

    def test_of_many_takes_those_that_one_may(self, draft, bo):
        own = targets.set_target(
            metric="won_amount", year=2026, whose=Whose("person", person=bo), base=Decimal(1), by=bo, at=MONDAY
        )
        done = targets.approve_targets([own, draft], by=bo, at=MONDAY)

        assert [row.pk for row in done] == [draft.pk]


class TestLockTarget:
    def test_is_for_heads_and_for_what_is_approved(self, draft, bo, di):
        with pytest.raises(TargetNotApproved):
            targets.lock_target(draft, by=di, at=MONDAY)
        targets.approve_target(draft, by=bo, at=MONDAY)
        with pytest.raises(NotAllowed):
            targets.lock_target(draft, by=bo, at=MONDAY)
        assert targets.lock_target(draft, by=di, at=MONDAY).status == "locked"


class TestGoal:
    def test_is_the_sum_of_the_months_of_what_holds(self, approved, ana):
        def asked(period: str):
            return goal("won_amount", Period.parse(period), unit="person", key=ana.pk)

        assert [asked(each) for each in ("2026-03", "2026-Q2", "2026", "2027", "2025-12-01..2026-01-31")] == [
            100,
            300,
            1200,
            None,
            None,
        ]

    def test_counts_part_of_a_month_by_its_working_days(self, approved, ana):
        # March 2026 has 22 working days in China, five of them from the 2nd to the 6th.
        found = goal("won_amount", Period.parse("2026-03-02..2026-03-06"), unit="person", key=ana.pk)
        assert found == (Decimal(500) / 22).quantize(Decimal("0.0001"))

    def test_is_unknown_for_a_draft_for_others_and_for_another_level(self, draft, ana, cy):
        month = Period.parse("2026-03")
        assert goal("won_amount", month, unit="person", key=ana.pk) is None
        targets.approve_target(draft, by=draft.owner.team.lead, at=MONDAY)
        assert goal("won_amount", month, unit="person", key=cy.pk) is None
        assert goal("won_amount", month) is None
        assert goal("won_amount", month, unit="person", key=ana.pk, level="stretch") is None
        assert queries.goals(None, month, unit="person") == {("won_amount", str(ana.pk)): 100}

    def test_of_a_rate_is_its_mean(self, ana, bo, for_ana):
        row = targets.set_target(metric="win_rate", year=2026, whose=for_ana, base=Decimal("0.3"), by=bo, at=MONDAY)
        targets.approve_target(row, by=bo, at=MONDAY)
        for period in ("2026-03", "2026", "2026-03-02..2026-03-06"):
            assert goal("win_rate", Period.parse(period), unit="person", key=ana.pk) == Decimal("0.3")


class TestAttainment:
    def test_measures_what_was_won_against_the_pace(self, approved, renewal, ana, numbers):
        selling.amend_deal(renewal, amount=Decimal(60), by=ana, at=MONDAY)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        numbers("won_amount")

        one = queries.attainment_of(approved, Period.parse("2026-03"), today=date(2026, 3, 16))

        # Ten of March's 22 working days are over: 60 % were won in 45 % of the time.
        assert (one.pace.attainment, one.pace.elapsed, one.pace.total) == (Decimal("0.6"), 10, 22)
        assert one.pace.projection == Decimal(132)
        assert one.pace.required_daily == Decimal(40) / 12
        assert one.pace.status == "on_track"
        assert "/deals" in one.url

    def test_of_somebody_new_counts_the_days_since_their_targets_begin(self, ana, bo, system, numbers):
        people.amend_person(ana, started_on=date(2026, 7, 1), by=system, at=MONDAY)
        whose = Whose("person", person=ana)
        row = targets.set_target(
            metric="won_amount", year=2026, whose=whose, base=Decimal(1200), is_prorated=True, by=bo, at=MONDAY
        )
        numbers("won_amount")
        july, year = Period.parse("2026-07"), Period.parse("2026")

        before = queries.attainment_of(row, year, today=date(2026, 6, 1))
        soon = queries.attainment_of(row, year, today=date(2026, 7, 8))

        assert before.pace.status == "not_begun"
        assert soon.pace.elapsed == 5
        assert soon.pace.total == workdays(date(2026, 7, 1), date(2027, 1, 1))
        assert queries.attainment_of(row, july, today=date(2026, 7, 8)).pace.elapsed == 5
        assert queries.attainment_of(row, Period.parse("2026-06"), today=date(2026, 7, 8)).pace.total == 0

    def test_of_many_is_measured_at_once(
        self, approved, renewal, ana, north, bo, numbers, django_assert_max_num_queries
    ):
        team = targets.set_target(
            metric="won_amount", year=2026, whose=Whose("team", team=north), base=Decimal(2400), by=bo, at=MONDAY
        )
        selling.win_deal(renewal, by=ana, at=MONDAY)
        numbers("won_amount")

        with django_assert_max_num_queries(8):
            found = queries.attainments([approved, team], Period.parse("2026-03"), today=date(2026, 4, 1))
        assert [one.pace.attainment for one in found] == [12, 6]


class TestQuota:
    def test_adds_up_what_people_are_to_win(self, approved, renewal, ana, bo, cy, for_ana, numbers):
        selling.amend_deal(renewal, amount=Decimal(60), by=ana, at=MONDAY)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        later = targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(2400), by=bo, at=TUESDAY)
        targets.approve_target(later, by=bo, at=TUESDAY)

        assert numbers("quota").value == 200
        assert numbers("quota", "2026-Q1").value == 600
        assert numbers("quota_attainment").value == 0.3
        assert [(one.key, one.value) for one in numbers("quota", by="team").breakdown] == [(ana.team_id, 200)]
        assert [(one.key, one.value) for one in numbers("quota_attainment", by="person").breakdown] == [(ana.pk, 0.3)]


class TestCoverage:
    @pytest.fixture
    def pipeline(self, renewal, ana, northwind):
        """60 won in March, 80 open and due in March, 500 due later."""
        selling.amend_deal(renewal, amount=Decimal(60), by=ana, at=MONDAY)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        for amount, day in ((80, date(2026, 3, 20)), (500, date(2026, 6, 20))):
            selling.open_deal(
                title="More", customer=northwind, owner=ana, amount=Decimal(amount), closes_on=day, by=ana, at=MONDAY
            )

    def test_is_what_is_due_over_what_is_left_of_the_quota(self, pipeline, approved, numbers):
        assert numbers("pipeline_due").value == 80
        assert numbers("coverage").value == pytest.approx(80 / (100 - 60))

    def test_without_a_quota_is_over_what_was_won(self, pipeline, numbers):
        assert numbers("coverage").value == pytest.approx(80 / 60)

    def test_is_unknown_once_the_quota_is_reached(self, pipeline, approved, renewal, ana, northwind, numbers):
        more = selling.open_deal(title="Big", customer=northwind, owner=ana, amount=Decimal(90), by=ana, at=MONDAY)
        selling.win_deal(more, by=ana, at=MONDAY)
        assert numbers("coverage").value is None


class TestManyDrafts:
    def test_are_proposed_from_last_year(self, renewal, ana, north, di, numbers):
        selling.amend_deal(renewal, amount=Decimal(1000), by=ana, at=MONDAY)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        numbers("won_amount")

        made = targets.propose_targets(metric="won_amount", year=2027, growth=Decimal(10), by=di, at=TUESDAY)

        assert [(row.unit, row.base) for row in made] == [("company", 1100), ("team", 1100), ("person", 1100)]
        assert all(row.base_months[2] == 1100 for row in made)

    def test_are_copied_with_a_percentage_in_the_same_shape(self, approved, bo):
        made = targets.copy_targets(year=2027, growth=Decimal("-5"), by=bo, at=TUESDAY)

        assert [(row.year, row.base, row.base_months[0]) for row in made] == [(2027, 1140, 95)]

    def test_are_pasted_all_or_none(self, ana, bo, for_ana):
        from salesmode.targets.operations.many import Pasted

        rows = [
            Pasted(for_ana, {"base": Decimal(1200)}, 1),
            Pasted(Whose("person", person=bo), {"base": Decimal(-1)}, 2),
        ]
        with pytest.raises(Invalid) as refusal:
            targets.set_targets(rows, metric="won_amount", year=2026, by=bo, at=MONDAY)
        assert list(refusal.value.fields) == ["table"]
        assert not Target.objects.exists()

    def test_refuse_a_growth_that_is_none(self, di):
        with pytest.raises(Invalid) as refusal:
            targets.propose_targets(metric="won_amount", year=2027, growth=Decimal(-100), by=di, at=MONDAY)
        assert list(refusal.value.fields) == ["growth"]


class TestVisibility:
    def test_keeps_to_own_subtree_and_company_wide_roles(self, approved, ana, bo, cy, di, fay, gil, north):
        targets.set_target(metric="won_amount", year=2026, base=Decimal(9), by=di, at=MONDAY)
        targets.set_target(
            metric="won_amount", year=2026, whose=Whose("team", team=north), base=Decimal(9), by=bo, at=MONDAY
        )
        seen = {
            person.name: sorted(Target.objects.visible_to(person).values_list("unit", flat=True))
            for person in (ana, bo, cy, di, fay)
        }
        assert seen == {
            "Ana": ["person"],
            "Bo": ["person", "team"],
            "Cy": [],
            "Di": ["company", "person", "team"],
            "Fay": ["company", "person", "team"],
        }
