"""A real Chromium in front of a real server."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from salesmode.people.models import Person
from tests.conftest import PASSWORD

# Playwright keeps an event loop in this thread; the tests' own queries are still plain ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; without one the browser tests fail, in one line."""
    found = os.environ.get("SALESMODE_CHROMIUM") or shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is missing: install the system's package (apt-get install chromium).", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def signed_in(chromium, live_server, ana) -> Iterator[Callable[..., Page]]:
    """Open pages as Ana; whatever the browser complains about fails the test."""
    ana.set_password(PASSWORD)
    ana.save()
    contexts, complaints = [], []

    def open_page(address: str, *, width: int = 1440, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", java_script_enabled=script
        )
        contexts.append(context)
        # The tests' server is a plain synchronous one: a live channel would hold its thread for ever.
        context.route("**/live?*", lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.goto(f"{live_server.url}/accounts/login/")
        page.fill("[name=login]", ana.email)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("button.btn-primary")
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(line: ConsoleMessage) -> bool:
    """Say whether the browser complains; that the live channel is silent in these tests is no fault."""
    return line.type == "error" and line.text != "[object Event]"


@dataclass
class Visitor:
    """Somebody with a browser who goes from page to page; what the browser complains about is noted."""

    server: str
    client: Client
    page: Page
    complaints: list[str] = field(default_factory=list)

    def is_shown(self, address: str) -> bool:
        """Say whether an address answers with a whole page: no download, no piece of one, no refusal."""
        answer = self.client.get(address)
        return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content[:200]

    def goes_to(self, address: str) -> bool:
        """Open an address; says whether a whole page came."""
        self.complaints.clear()
        answer = self.page.goto(self.server + address, wait_until="load")
        return answer is not None and answer.status == 200


@pytest.fixture
def visitor(chromium, live_server) -> Iterator[Callable[..., Visitor]]:
    """Somebody who is signed in already, with one browser for as many pages as a test likes."""
    contexts = []

    def start(person: Person, *, width: int = 1440, language: str = "en", **more: Any) -> Visitor:
        Person.objects.filter(pk=person.pk).update(language=language)
        client = Client()
        client.force_login(person)
        context = chromium.new_context(viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        # The tests' server is a plain synchronous one: a live channel would hold its thread for ever.
        context.route("**/live?*", lambda route: route.fulfill(status=204))
        page = context.new_page()
        page.set_default_timeout(15_000)
        it = Visitor(live_server.url, client, page)
        page.on("pageerror", lambda error: it.complaints.append(str(error)))
        page.on("console", lambda line: it.complaints.append(line.text) if _is_complaint(line) else None)
        page.on("dialog", lambda dialog: (it.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        return it

    yield start
    for context in contexts:
        context.close()
