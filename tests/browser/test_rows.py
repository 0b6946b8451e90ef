"""Tables in forms take as many rows as somebody needs."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


class TestATableInAForm:
    def test_takes_one_more_row_and_counts_it(self, signed_in, renewal):
        page = signed_in(f"/deals/{renewal.pk}/lines")
        rows = page.locator("[data-rows] tbody tr")
        there = rows.count()

        page.click("[data-add-row]")

        expect(rows).to_have_count(there + 1)
        expect(page.locator("[name$=-TOTAL_FORMS]")).to_have_value(str(there + 1))
        expect(rows.last.locator(f"[name*='-{there}-']").first).to_be_focused()

    def test_offers_nothing_more_where_no_script_runs(self, signed_in, renewal):
        page = signed_in(f"/deals/{renewal.pk}/lines", script=False)

        expect(page.locator("[data-rows] tbody tr").first).to_be_visible()
        expect(page.locator("[data-add-row]")).to_be_hidden()
