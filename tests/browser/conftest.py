"""A real Chromium in front of a real server."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PASSWORD

# Playwright keeps an event loop in this thread; the tests' own queries are still plain ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
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
        page.click("button.btn-primary")
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
