"""Before somebody is erased, a human is told where reports and meetings name them."""

from datetime import date

import pytest

from salesmode.customers import operations as customers
from salesmode.reviews import operations as reviews
from tests.conftest import MONDAY

DAY = date(2026, 3, 2)


@pytest.fixture
def nora(northwind, ana):
    """Somebody at Northwind's."""
    return customers.create_contact(customer=northwind, name="Nora Quill", mobile="13912345678", by=ana, at=MONDAY)


class TestTheErasurePage:
    def test_lists_the_reports_and_meetings_that_name_them(self, client, nora, ana, bo, di):
        named = reviews.submit_report(kind="daily", day=DAY, done="Called nora quill", by=ana, at=MONDAY)
        other = reviews.submit_report(kind="weekly", day=DAY, done="Called Norbert", by=ana, at=MONDAY)
        meeting = reviews.plan_meeting(kind="one_to_one", person=ana, planned_on=DAY, by=bo, at=MONDAY)
        reviews.agree_action(meeting, text="Ring 13912345678", owner=ana, due_on=date(2026, 3, 9), by=bo, at=MONDAY)
        client.force_login(di)

        page = client.get(f"/contacts/{nora.pk}/erase").content.decode()

        assert f'href="/reports/{named.pk}"' in page
        assert f'href="/meetings/{meeting.pk}"' in page
        assert f'href="/reports/{other.pk}"' not in page

    def test_says_nothing_where_nobody_names_them(self, client, nora, di):
        client.force_login(di)

        assert "Look at these yourself" not in client.get(f"/contacts/{nora.pk}/erase").content.decode()
