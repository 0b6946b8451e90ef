"""The board, lists and the palette in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from salesmode.customers.models import Interaction
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def others(ana, northwind, renewal) -> list[Deal]:
    """Three more deals of Ana's."""
    return [
        selling.open_deal(
            title=f"Other {number}",
            customer=northwind,
            owner=ana,
            amount=number,
            by=ana,
            at=MONDAY + timedelta(hours=number),
        )
        for number in (1, 2, 3)
    ]


def _stage_of(deal: Deal) -> str:
    return Deal.objects.select_related("stage").get(pk=deal.pk).stage.name


class TestTheBoard:
    def test_moves_a_card_by_keyboard_and_updates_the_sums(self, signed_in, renewal, others):
        page = signed_in("/deals/board")
        card = page.locator(f'[data-card="{renewal.pk}"]')

        card.focus()
        for key in (" ", "ArrowRight", " "):
            page.keyboard.press(key)
        page.wait_for_selector(".lane:nth-child(2) .lane-head .count:text-is('1')")

        assert _stage_of(renewal) == "Discover"
        expect(page.locator(".lane:nth-child(1) .lane-head .count")).to_have_text("3")

    def test_moves_a_card_by_dragging_and_takes_it_back(self, signed_in, renewal):
        page = signed_in("/deals/board")
        card = page.locator(f'[data-card="{renewal.pk}"]').bounding_box()
        there = page.locator(".lane:nth-child(3)").bounding_box()

        page.mouse.move(card["x"] + 20, card["y"] + 60)
        page.mouse.down()
        page.mouse.move(card["x"] + 60, card["y"] + 70, steps=4)
        page.mouse.move(there["x"] + 80, there["y"] + 100, steps=10)
        page.mouse.up()
        page.wait_for_selector(".lane:nth-child(3) .lane-head .count:text-is('1')")
        assert _stage_of(renewal) == "Present"
        page.click(".toast-line button:has-text('Undo')")
        page.wait_for_selector(".lane:nth-child(1) .lane-head .count:text-is('1')")

        assert _stage_of(renewal) == "Identify"

    def test_puts_a_refused_card_back_and_says_why_on_it(self, signed_in, renewal, ana):
        page = signed_in("/deals/board")
        selling.win_deal(renewal, by=ana, at=MONDAY)
        card = page.locator(f'[data-card="{renewal.pk}"]')

        card.focus()
        for key in (" ", "ArrowRight", " "):
            page.keyboard.press(key)

        expect(page.locator(f'.lane:nth-child(1) [data-card="{renewal.pk}"] [data-refusal]')).to_have_count(1)


class TestTheList:
    def test_is_walked_and_selected_by_keyboard(self, signed_in, others):
        page = signed_in("/deals/")

        for key in ("j", "j", "x"):
            page.keyboard.press(key)

        expect(page.locator("tr.picked")).to_have_count(1)
        expect(page.locator("[data-bulk-bar]")).to_be_visible()

    def test_changes_a_cell_in_place(self, signed_in, renewal):
        page = signed_in("/deals/")

        page.locator('td[data-edit$="/amount"]').dblclick()
        page.fill("[data-inline] [name=amount]", "4321")
        page.keyboard.press("Enter")
        page.wait_for_selector("td:has-text('4,321.00')")

        renewal.refresh_from_db()
        assert renewal.amount == 4321

    def test_goes_on_working_after_a_fact_was_changed_in_place(self, signed_in, renewal):
        page = signed_in(f"/deals/{renewal.pk}")

        page.locator(".next-step .fact-edit").click()
        page.fill("[data-inline] [name=next_step]", "Send the offer")
        page.keyboard.press("Enter")
        expect(page.locator(".next-step")).to_contain_text("Send the offer")
        renewal.refresh_from_db()
        expect(page.locator(f'form[action$="/{renewal.pk}/win"] [name=version]')).to_have_value(str(renewal.version))
        page.locator(f'form[action$="/{renewal.pk}/win"] button').click()

        expect(page.locator(".record-chips")).to_contain_text("Won")

    def test_is_filtered_without_javascript(self, signed_in, others):
        page = signed_in("/deals/", script=False)

        page.click("summary:has-text('Filter')")
        page.click(".filter-line summary:has-text('Amount')")
        page.fill(".filter-line[open] [name=amount_to]", "2")
        page.click(".filter-line[open] button")

        expect(page.locator("tbody tr")).to_have_count(2)

    def test_fits_a_phone(self, signed_in, others):
        page = signed_in("/deals/", width=390)

        assert page.evaluate("document.documentElement.scrollWidth") == 390


class TestThePalette:
    def test_finds_a_customer_and_opens_it(self, signed_in, northwind):
        page = signed_in("/")

        page.keyboard.press("Control+k")
        page.keyboard.type("northw")
        page.wait_for_selector("#palette-found a")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/customers/{northwind.pk}*")

    def test_switches_the_language(self, signed_in, ana):
        page = signed_in("/")

        page.keyboard.press("/")
        page.keyboard.type("中文")
        page.keyboard.press("Enter")
        page.wait_for_selector('html[lang="zh-hans"]')


class TestTheComposer:
    def test_sends_once_what_is_sent_twice_in_haste(self, signed_in, northwind):
        page = signed_in(f"/customers/{northwind.pk}")
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

        page.fill("#composer [name=content]", "Asked for the price list")
        page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('#composer').requestSubmit()")

        expect(page.locator(".moment", has_text="Asked for the price list")).to_have_count(1)
        expect(page.locator("#composer [name=content]")).to_have_value("")
        assert len(sent) == 1
        assert Interaction.objects.filter(content="Asked for the price list").count() == 1

    def test_keeps_once_what_reaches_the_server_twice(self, signed_in, northwind):
        """A phone that heard no answer sends the same form again: it carries the same key."""
        page = signed_in(f"/customers/{northwind.pk}")

        page.fill("#composer [name=content]", "Asked for the price list")
        page.evaluate("""async () => {
            const form = document.querySelector("#composer");
            const again = () => fetch(form.action, { method: "POST", body: new FormData(form) });
            await Promise.all([again(), again(), again()]);
        }""")

        assert Interaction.objects.filter(content="Asked for the price list").count() == 1


class TestTheSidePanel:
    def test_sends_once_what_is_sent_twice_in_haste(self, signed_in, process):
        page = signed_in("/deals/board")
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

        page.click("[data-create]")
        page.fill("dialog.panel [name=title]", "Once")
        page.evaluate(
            "for (const _ of [1, 2, 3]) document.querySelector('dialog.panel form[method=post]').requestSubmit()"
        )
        page.wait_for_url(re.compile(r"/deals/\d+$"))

        assert len(sent) == 1
        assert Deal.objects.filter(title="Once").count() == 1

    def test_shows_where_the_form_will_be_while_the_line_is_slow(self, signed_in, process):
        page = signed_in("/deals/board")
        held = []
        page.route("**/deals/new*", lambda route: held.append(route))

        page.click("[data-create]")
        expect(page.locator("dialog.panel .skeleton")).to_have_count(4)
        expect(page.locator("dialog.panel .skeleton").first).to_be_visible()
        held[0].continue_()

        expect(page.locator("dialog.panel [name=title]")).to_be_visible()
        expect(page.locator("dialog.panel .skeleton")).to_have_count(0)

    def test_keeps_what_was_typed_when_something_is_wrong(self, signed_in, process):
        page = signed_in("/deals/board")

        page.click("[data-create]")
        page.fill("dialog.panel [name=next_step]", "Call them")
        page.click("dialog.panel .btn-primary")
        page.wait_for_selector("dialog.panel .errors")

        assert page.input_value("dialog.panel [name=next_step]") == "Call them"


class TestTheStageBar:
    @pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
    def test_takes_a_move_back(self, signed_in, renewal, script):
        page = signed_in(f"/deals/{renewal.pk}", script=script)

        with page.expect_navigation():
            page.click(".stages button:has-text('Present')")
        assert _stage_of(renewal) == "Present"
        with page.expect_navigation():
            page.click("[data-toast] button:has-text('Undo')")

        assert _stage_of(renewal) == "Identify"

    def test_takes_nothing_back_that_changed_meanwhile(self, signed_in, renewal, ana):
        page = signed_in(f"/deals/{renewal.pk}", script=False)
        with page.expect_navigation():
            page.click(".stages button:has-text('Present')")
        selling.amend_deal(Deal.objects.get(pk=renewal.pk), amount=5, by=ana, at=MONDAY)

        with page.expect_navigation():
            page.click("[data-toast] button:has-text('Undo')")

        assert _stage_of(renewal) == "Present"


class TestTheKeyE:
    def test_edits_the_open_deal_at_the_side(self, signed_in, renewal):
        page = signed_in(f"/deals/{renewal.pk}")

        page.keyboard.press("e")

        expect(page.locator("dialog.panel [name=title]")).to_have_value(renewal.title)

    def test_edits_the_open_customer(self, signed_in, northwind):
        page = signed_in(f"/customers/{northwind.pk}")

        page.keyboard.press("e")

        expect(page).to_have_url(re.compile(rf"/customers/{northwind.pk}/edit$"))
