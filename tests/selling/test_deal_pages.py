"""The pages of deals: list, record, forms, and one door for each verb."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from salesmode.catalog import operations as catalog
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, LossReason
from tests.conftest import MONDAY, TUESDAY

POSTS = ("move", "win", "lose", "reopen", "hand-over", "edit", "lines")


@pytest.fixture
def reason(system):
    """Why deals are lost."""
    return selling.define_loss_reason(name="Budget", by=system, at=MONDAY)


@pytest.fixture
def router(system):
    """A product."""
    return catalog.create_product(name="Router", price=Decimal("19.99"), by=system, at=MONDAY)


class TestTheList:
    def test_shows_what_its_viewer_may_see(self, client, ana, cy, renewal):
        client.force_login(ana)
        assert b"Renewal" in client.get("/deals/").content

        client.force_login(cy)
        assert b"Renewal" not in client.get("/deals/").content

    @pytest.mark.parametrize("sort", ["amount", "-amount", "closes_on", "-created_at", "stage", "owner", "outcome"])
    def test_sorts_and_turns_pages(self, sort, ana, renewal):
        from salesmode.kernel.lists import LISTINGS

        for number in range(5):
            selling.open_deal(title=f"Deal {number}", amount=Decimal(number), owner=ana, by=ana, at=MONDAY)
        listing, seen, after = LISTINGS["deal"], [], ""
        while True:
            page = listing.page({"sort": sort, "after": after}, seen_by=ana, limit=2)
            seen += [row.pk for row in page.rows]
            after = page.next
            if not after:
                break

        assert sorted(seen) == sorted(Deal.objects.values_list("pk", flat=True))

    def test_filters_by_product_without_doubling(self, ana, renewal, router):
        from salesmode.kernel.lists import LISTINGS

        selling.set_deal_lines(
            renewal, lines=[selling.LineDraft(router), selling.LineDraft(router)], by=ana, at=TUESDAY
        )

        found = LISTINGS["deal"].page({"product": str(router.pk)}, seen_by=ana)
        assert [row.pk for row in found.rows] == [renewal.pk]


class TestTheRecord:
    def test_shows_the_way_the_facts_and_the_next_step(self, client, ana, renewal):
        client.force_login(ana)

        page = client.get(f"/deals/{renewal.pk}").content.decode()

        assert 'class="stages"' in page
        assert "Next step" in page
        assert "Northwind" in page

    def test_tells_its_story(self, client, ana, renewal):
        client.force_login(ana)

        assert "Deal opened in Identify" in client.get(f"/deals/{renewal.pk}?tab=timeline").content.decode()

    def test_writes_down_a_contact_where_one_reads_it(self, client, ana, renewal):
        client.force_login(ana)
        form = {"channel": "call", "content": "They asked for a demo", "next_in": "7"}

        page = client.get(f"/deals/{renewal.pk}").content.decode()
        assert f'action="/interactions/about/deal/{renewal.pk}"' in page
        answer = client.post(f"/interactions/about/deal/{renewal.pk}", form, follow=True)

        assert "They asked for a demo" in answer.content.decode()

    def test_narrows_its_story_to_a_kind(self, client, ana, renewal):
        client.force_login(ana)

        page = client.get(f"/deals/{renewal.pk}?tab=timeline&group=orders").content.decode()

        assert "Deal opened in Identify" not in page

    def test_has_no_tab_that_nobody_put_there(self, client, ana, renewal):
        client.force_login(ana)

        assert client.get(f"/deals/{renewal.pk}?tab=nonsense").status_code == 404

    def test_offers_an_auditor_nothing_to_press(self, client, fay, renewal):
        client.force_login(fay)

        page = client.get(f"/deals/{renewal.pk}").content.decode()

        assert f'action="/deals/{renewal.pk}/win"' not in page

    @pytest.mark.parametrize("verb", POSTS)
    def test_is_missing_for_strangers_at_every_door(self, verb, client, cy, renewal):
        client.force_login(cy)

        assert client.post(f"/deals/{renewal.pk}/{verb}", {"stage": renewal.stage_id}).status_code == 404
        assert client.get(f"/deals/{renewal.pk}").status_code == 404


class TestTheVerbs:
    def test_win_answers_with_a_redirect_or_a_fragment(self, client, ana, renewal):
        client.force_login(ana)

        answer = client.post(f"/deals/{renewal.pk}/win", headers={"HX-Request": "true"})

        assert (answer.status_code, b"<html" in answer.content) == (200, False)
        renewal.refresh_from_db()
        assert renewal.outcome == "won"

    def test_win_asks_for_a_missing_customer_and_takes_one(self, client, ana, northwind, process):
        deal = selling.open_deal(title="Somebody called", by=ana, at=MONDAY)
        client.force_login(ana)

        assert client.post(f"/deals/{deal.pk}/win", {"customer": ""}).status_code == 422
        client.post(f"/deals/{deal.pk}/win", {"customer": "Northwind"})

        deal.refresh_from_db()
        assert (deal.outcome, deal.customer, deal.account_owner) == ("won", northwind, ana)

    def test_win_says_no_to_an_older_look(self, client, ana, renewal):
        client.force_login(ana)

        answer = client.post(f"/deals/{renewal.pk}/win", {"version": 99})

        assert answer.status_code == 412

    def test_lose_asks_why(self, client, ana, renewal, reason):
        client.force_login(ana)

        assert client.post(f"/deals/{renewal.pk}/lose", {"reason": ""}).status_code == 422
        client.post(f"/deals/{renewal.pk}/lose", {"reason": reason.pk, "competitor": "Acme"})

        renewal.refresh_from_db()
        assert (renewal.outcome, renewal.loss_reason, renewal.competitor) == ("lost", reason, "Acme")

    def test_hand_over_leads_away_from_what_one_no_longer_sees(self, client, ana, cy, process):
        deal = selling.open_deal(title="Small", by=ana, at=MONDAY)
        client.force_login(ana)

        answer = client.post(f"/deals/{deal.pk}/hand-over", {"to": cy.pk})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/deals/")
        assert Deal.objects.get(pk=deal.pk).owner == cy

    def test_hand_over_offers_only_people_who_sell(self, client, ana, fay, renewal):
        client.force_login(ana)

        assert client.post(f"/deals/{renewal.pk}/hand-over", {"to": fay.pk}).status_code == 422

    def test_a_rule_about_a_field_is_said_at_the_field(self, client, ana, renewal):
        client.force_login(ana)

        form = {"title": "Renewal", "amount": "10", "currency": "QQQ", "category": "pipeline", "customer": "Northwind"}
        answer = client.post(f"/deals/{renewal.pk}/edit", form)

        assert answer.status_code == 422
        assert "QQQ" in answer.content.decode()

    @pytest.mark.parametrize(("currency", "amount"), [("JPY", "1000.5"), ("CNY", "1.005")])
    def test_an_amount_that_its_currency_cannot_pay_is_refused_at_the_field(
        self, client, ana, renewal, process, rates, currency, amount
    ):
        client.force_login(ana)
        form = {"title": "Odd", "amount": amount, "currency": currency, "category": "pipeline", "process": process.pk}
        lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}

        for path in ("/deals/new", f"/deals/{renewal.pk}/edit"):
            answer = client.post(path, form | lines)
            assert answer.status_code == 422
            assert list(answer.context["form"].errors) == ["amount"]
            assert currency in answer.context["form"].errors["amount"][0]
        assert list(Deal.objects.values_list("title", "amount")) == [("Renewal", Decimal("1200.00"))]

    @pytest.mark.parametrize(("currency", "amount"), [("JPY", "1000"), ("KWD", "1.234")])
    def test_an_amount_is_kept_to_the_last_decimal_of_its_currency(self, client, ana, process, rates, currency, amount):
        client.force_login(ana)
        form = {"title": "Even", "amount": amount, "currency": currency, "process": process.pk}

        answer = client.post("/deals/new", form | {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"})

        assert answer.status_code == 302
        assert Deal.objects.get().amount == Decimal(amount)

    def test_open_writes_deal_and_lines(self, client, ana, northwind, process, router):
        client.force_login(ana)
        management = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
        line = {"lines-0-product": router.pk, "lines-0-quantity": "3", "lines-0-discount": "10"}

        answer = client.post(
            "/deals/new",
            {"title": "New", "customer": "Northwind", "process": process.pk, "amount": "", **management, **line},
        )

        assert answer.status_code == 302
        assert Deal.objects.get(title="New").amount == Decimal("53.97")


class TestMany:
    def test_asks_once_and_says_what_became_of_each(self, client, ana, renewal, process):
        won = selling.win_deal(
            selling.open_deal(title="Won", customer=renewal.customer, by=ana, at=MONDAY), by=ana, at=TUESDAY
        )
        second = process.stages.in_order()[1]
        client.force_login(ana)

        asked = client.post("/deals/move", {"ids": [renewal.pk, won.pk]})
        answer = client.post(
            "/deals/move", {"ids": [renewal.pk, won.pk], "confirmed": "1", "stage": second.pk}, follow=True
        )

        assert b"2 are selected" in asked.content
        changed, refused = (str(message) for message in answer.context["messages"])
        assert changed.startswith("1 was changed")
        assert "already won" in refused
        renewal.refresh_from_db()
        assert renewal.stage == second

    def test_leaves_out_what_one_may_not_see(self, client, cy, renewal, reason):
        client.force_login(cy)

        client.post("/deals/lose", {"ids": [renewal.pk], "confirmed": "1", "reason": reason.pk})

        renewal.refresh_from_db()
        assert renewal.is_open


class TestTheSettings:
    def test_rename_reorder_add_and_retire_stages(self, client, ed, process):
        client.force_login(ed)
        stages = list(process.stages.in_order())
        rows = [(stages[1], 1, "First"), (stages[0], 2, "Second"), (stages[2], 3, ""), (stages[3], 4, "Four")]
        form = {"name": "Ours", "is_active": "on", "is_default": "on"}
        form |= {"stages-TOTAL_FORMS": "5", "stages-INITIAL_FORMS": "5"}
        for number, (stage, place, name) in enumerate(rows):
            form |= {
                f"stages-{number}-{key}": value for key, value in (("id", stage.pk), ("place", place), ("name", name))
            }
        form |= {"stages-4-name": "Fresh", "stages-4-place": "5"}

        answer = client.post(f"/settings/processes/{process.pk}", form)

        assert answer.status_code == 302
        assert [stage.name for stage in process.stages.in_use().in_order()] == ["First", "Second", "Four", "Fresh"]
        assert process.stages.filter(is_active=False).count() == 2

    def test_are_closed_to_sellers(self, client, ana, process):
        client.force_login(ana)

        assert client.get("/settings/processes").status_code == 403

    def test_add_and_rename_loss_reasons(self, client, ed, reason):
        client.force_login(ed)
        form = {"reasons-TOTAL_FORMS": "2", "reasons-INITIAL_FORMS": "1"}
        form |= {"reasons-0-id": reason.pk, "reasons-0-name": "No money", "reasons-0-is_active": "on"}
        form |= {"reasons-1-name": "Other", "reasons-1-is_active": "on"}

        client.post("/settings/loss-reasons", form)

        assert list(LossReason.objects.in_use().values_list("name", flat=True)) == ["No money", "Other"]


class TestTheFilesTab:
    def test_takes_files_and_shows_them(self, client, ana, renewal):
        client.force_login(ana)
        offer = SimpleUploadedFile("offer.txt", b"our offer")

        client.post(f"/files/on/deal/{renewal.pk}", {"file": offer, "next": f"/deals/{renewal.pk}?tab=files"})

        assert b"offer.txt" in client.get(f"/deals/{renewal.pk}?tab=files").content
