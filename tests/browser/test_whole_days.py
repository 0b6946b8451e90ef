"""Whole pieces of work in a real browser, as people do them."""

import re
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from django.conf import settings as current
from django.test import Client
from django.utils.timezone import now
from playwright.sync_api import Route, expect

from salesmode.analytics import loader
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead

pytestmark = pytest.mark.django_db(transaction=True)


class TestWithoutJavaScript:
    def test_a_lead_becomes_a_deal_that_is_won(self, visitor, ana, process):
        guest = visitor(ana, java_script_enabled=False)
        page = guest.page

        guest.goes_to("/leads/new")
        page.fill("form.form [name=name]", "Lena Ho")
        page.fill("form.form [name=company_name]", "Lena Ltd")
        page.check("form.form [name=mine]")
        page.click("form.form .btn-primary")
        page.wait_for_url(re.compile(r"/leads/\d+"))
        page.goto(f"{guest.server}/leads/{Lead.objects.get().pk}/convert")
        page.click("form.form .btn-primary")
        page.wait_for_url("**/deals/*")
        with page.expect_navigation():
            page.click(".stages button:has-text('Discover')")
        assert Deal.objects.get().stage.name == "Discover"
        with page.expect_navigation():
            page.click("form[action$='/win'] button")

        deal = Deal.objects.select_related("customer").get()
        assert (deal.outcome, deal.customer.name, deal.owner_id) == ("won", "Lena Ltd", ana.pk)
        assert guest.complaints == []


@pytest.fixture
def asgi() -> Iterator[str]:
    """The server that people have in front of them, live channel and all."""
    config = uvicorn.Config("salesmode.config.asgi:application", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join(20)


BROKE_OFF = {"status": 200, "content_type": "text/event-stream", "body": "retry: 50\n\n"}
REFUSED = {"status": 503, "body": ""}


class TestTheLiveBoard:
    @pytest.mark.parametrize("first", [BROKE_OFF, REFUSED], ids=["that broke off", "that was refused"])
    def test_catches_up_after_a_connection(self, chromium, asgi, renewal, process, ana, first):
        """What others do between two connections is told to nobody: the board has to ask for it."""
        client = Client()
        client.force_login(ana)
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        name = current.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": asgi}])
        asked = []

        def connect(route: Route) -> None:
            asked.append(route.request.url)
            if len(asked) == 1:
                route.fulfill(**first)
                return
            if len(asked) == 2:
                selling.move_deal(renewal, stage=process.stages.get(name="Discover"), by=ana, at=now())
            route.continue_()

        context.route("**/live?*", connect)
        page = context.new_page()
        page.goto(f"{asgi}/deals/board")

        there = page.locator(f'.lane:nth-child(2) [data-card="{renewal.pk}"]')
        expect(there).to_be_visible(timeout=30_000)
        expect(page.locator(".lane:nth-child(1) .lane-head .count")).to_have_text("0")
        assert len(asked) >= 2

        context.close()


class TestTheLiveCockpit:
    def test_shows_a_win_that_somebody_else_has_just_had(self, chromium, asgi, renewal, ana, di, settings, tmp_path):
        settings.WAREHOUSE_DIR = tmp_path / "warehouse"
        loader.load_once()
        Person.objects.filter(pk=di.pk).update(language="en")
        client = Client()
        client.force_login(di)
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        name = current.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": asgi}])
        page = context.new_page()
        with page.expect_response("**/live?*"):
            page.goto(f"{asgi}/performance")
        assert "1,200" not in page.inner_text("#figure-won_amount")
        page.wait_for_timeout(1_000)

        selling.win_deal(renewal, by=ana, at=now())
        loader.load_once()
        page.wait_for_selector("#figure-won_amount:has-text('1,200')")

        context.close()
