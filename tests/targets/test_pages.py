"""The pages of targets and scorecards: what is wrong stays at its field, what is others' is hidden."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.catalog import operations as catalog
from salesmode.customers import operations as customers
from salesmode.selling import operations as selling
from salesmode.targets import operations as targets
from salesmode.targets.models import Target, Whose
from tests.conftest import MONDAY, today
from tests.targets.cards import ACTIVITY, OBJECTIVE

pytestmark = pytest.mark.django_db


class TestTheSheet:
    def test_shows_the_tree_with_what_those_below_carry(self, client, approved, north, di, bo):
        team = targets.set_target(
            metric="won_amount", year=2026, whose=Whose("team", team=north), base=Decimal(1000), by=di, at=MONDAY
        )
        targets.approve_target(team, by=di, at=MONDAY)
        client.force_login(bo)
        page = client.get("/targets/?metric=won_amount&year=2026").content.decode()

        assert "Ana" in page
        assert "+20.0%" in page

    def test_shows_a_seller_only_their_own(self, client, approved, ana, cy):
        client.force_login(cy)
        assert "Ana" not in client.get("/targets/?year=2026").content.decode()
        client.force_login(ana)
        assert f"/targets/{approved.pk}" in client.get("/targets/?year=2026").content.decode()


class TestATarget:
    def test_is_drafted_approved_and_shown(self, client, ana, bo, numbers):
        client.force_login(bo)
        sent = client.post(
            f"/targets/set?metric=won_amount&year=2026&unit=person&key={ana.pk}",
            {"base": "2400", "distribution": "even"},
        )
        made = Target.objects.get()
        client.post(f"/targets/{made.pk}/approve", {"version": made.version})
        page = client.get(sent["Location"])

        made.refresh_from_db()
        assert (made.status, made.base, page.status_code) == ("approved", 2400, 200)

    def test_can_be_thrown_away_while_it_is_a_draft(self, client, draft, bo):
        client.force_login(bo)
        assert "Throw away" in client.get(f"/targets/{draft.pk}").content.decode()
        answer = client.post(f"/targets/{draft.pk}/discard", {"version": draft.version})

        assert answer["Location"] == "/targets/?metric=won_amount&year=2026"
        assert not Target.objects.exists()

    def test_takes_a_ramp_from_the_form(self, client, ana, bo):
        client.force_login(bo)
        sent = {"base": "1200", "distribution": "even", "is_prorated": "on", "ramp": "25 50"}
        client.post(f"/targets/set?metric=won_amount&year=2026&unit=person&key={ana.pk}", sent)

        assert Target.objects.get().ramp == [25, 50]

    def test_stands_on_the_first_page_of_whose_it_is(self, client, ana, cy, bo, numbers):
        year = today().year
        whose = Whose("person", person=ana)
        made = targets.set_target(metric="won_amount", year=year, whose=whose, base=Decimal(1200), by=bo, at=MONDAY)
        targets.approve_target(made, by=bo, at=MONDAY)
        numbers("won_amount")
        client.force_login(ana)
        page = client.get("/").content.decode()
        assert f"/targets/{made.pk}" in page
        assert "At this pace" in page
        client.force_login(cy)
        assert f"/targets/{made.pk}" not in client.get("/").content.decode()

    def test_keeps_what_is_wrong_at_its_field(self, client, ana, bo):
        client.force_login(bo)
        answer = client.post(
            f"/targets/set?unit=person&key={ana.pk}",
            {"base": "10", "distribution": "shares", "shares": "50 40"},
        )

        assert answer.status_code == 422
        assert "Give twelve percentages" in answer.content.decode()
        assert not Target.objects.exists()

    def test_of_a_year_that_has_not_begun_says_so(self, client, ana, bo, numbers):
        year = today().year + 1
        row = targets.set_target(
            metric="won_amount", year=year, whose=Whose("person", person=ana), base=Decimal(1200), by=bo, at=MONDAY
        )
        targets.approve_target(row, by=bo, at=MONDAY)
        client.force_login(bo)
        page = client.get(f"/targets/{row.pk}").content.decode()

        assert "Not begun" in page
        assert "On track" not in page

    def test_shows_its_months_by_name_and_its_quarters(self, client, approved, renewal, ana, bo, numbers):
        selling.win_deal(renewal, by=ana, at=MONDAY)
        numbers("won_amount")
        client.force_login(bo)
        page = client.get(f"/targets/{approved.pk}").content.decode()

        assert "Mar 2026" in page
        assert "Q1 2026" in page
        assert "2026-03<" not in page

    def test_leads_on_to_pasting_copying_and_proposing_also_where_nothing_is_chosen(self, client, di, draft):
        client.force_login(di)
        page = client.get("/targets/").content.decode()
        chosen = client.get("/targets/?year=2026").content.decode()

        for name in ("paste", "copy", "propose"):
            assert f'href="/targets/{name}"' in page
            assert f'href="/targets/{name}?year=2026"' in chosen

    def test_of_a_product_is_named_and_asks_for_nobodys_presence(self, client, di, ed, numbers):
        product = catalog.create_product(name="GTX Pro", code="GTX", by=ed, at=MONDAY)
        client.force_login(di)
        address = f"/targets/set?metric=won_amount&year=2026&unit=product&key={product.pk}"
        page = client.get(address).content.decode()
        sent = client.post(address, {"base": "3000", "distribution": "even"})

        assert f"{product.name} · Won amount 2026" in page
        assert "is_prorated" not in page
        assert sent["Location"] == f"/targets/{Target.objects.get(unit='product').pk}"

    def test_is_drafted_and_approved_for_regions_on_their_own_sheet(
        self, client, renewal, northwind, ana, di, draft, numbers
    ):
        customers.amend_customer(northwind, province="Guangdong", by=ana, at=MONDAY)
        selling.win_deal(renewal, by=ana, at=MONDAY)
        numbers("won_amount")
        client.force_login(di)
        sent = client.post(
            "/targets/propose", {"metric": "won_amount", "year": "2027", "growth": "10", "groups": "region"}
        )
        made = Target.objects.get(unit="region")
        client.post("/targets/approve?metric=won_amount&year=2027&group=org")
        made.refresh_from_db()
        kept = made.status
        client.post("/targets/approve?metric=won_amount&year=2027&group=region")
        made.refresh_from_db()

        offered = "Approve the drafts" in client.get(sent["Location"]).content.decode()
        assert sent["Location"] == "/targets/?metric=won_amount&year=2027&group=region"
        assert not offered
        assert (made.key, kept, made.status) == ("Guangdong", "draft", "approved")


class TestScores:
    def test_explain_every_point_to_who_may_see_them(self, client, ana, bo, cy, di, numbers):
        card = targets.define_scorecard(name="Card", lines=[*ACTIVITY, *OBJECTIVE], by=di, at=MONDAY)
        targets.use_scorecard(card, starts_on=min(date(2026, 3, 2), today()), by=di, at=MONDAY)
        numbers("won_amount")
        client.force_login(ana)

        assert "Card" in client.get("/scorecards/").content.decode()
        assert "Won deals" in client.get(f"/scorecards/people/{ana.pk}").content.decode()
        client.force_login(cy)
        assert client.get(f"/scorecards/people/{ana.pk}").status_code == 404
