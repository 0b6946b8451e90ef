"""Every page and every form, given what no browser sends: a sentence comes back, never a stack trace."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from salesmode.kernel.lists import LISTINGS
from tests.belongings import address
from tests.test_permissions import STREAMS, pages
from tests.test_permissions import made as made

NASTY = [
    "",
    "\x00",
    "'\"; drop table selling_deal; --",
    "<script>window.__x=1</script>",
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "٣٤",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31T23:59",
    "{{7*7}}{% load x %}",
    "../../etc/passwd",
    "99999999999999999999",
    "é" * 5_000,
    "[]",
    "%00%ff",
]
# Django's own limit is beyond that of a column.
LONG_ADDRESS = f"{'a' * 250}@example.com"
# Names by which pages are narrowed, paged and told where to go back to, on lists and elsewhere.
PARAMETERS = [
    "q", "sort", "after", "before", "limit", "columns", "part", "tab", "group", "next", "view", "period",
    "scope", "by", "compare", "from", "to", "kind", "owner", "team", "process", "closes", "format", "day",
    "on", "person",
]  # fmt: skip
EACH = 5


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and which fields they have."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("method", "get").lower() == "post"
            if self._open:
                self.found.append((given.get("action", ""), {}))
        elif self._open and tag in ("input", "select", "textarea", "button") and given.get("name"):
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def _forms(client: Client, there: str) -> Iterator[tuple[str, dict[str, str]]]:
    answer = client.get(there)
    if answer.status_code != 200 or answer.streaming or b"<form" not in answer.content:
        return
    parser = _Forms()
    parser.feed(answer.content.decode())
    for action, fields in parser.found:
        fields.pop("csrfmiddlewaretoken", None)
        target = action or there
        if target.startswith("/") and not target.startswith(LEFT_ALONE):
            yield target, fields


# Libraries' own pages; and the door that would end the session that tries the others.
LEFT_ALONE = ("/accounts/", "/language", "/setup")


def _looked_at(made: dict[str, Any]) -> list[str]:
    found = [there for name, path in pages() if name not in STREAMS and (there := address(name, path, made))]
    return sorted({*found})


@pytest.mark.django_db
class TestNothingBreaks:
    def test_by_what_stands_in_an_address(self, client, made, ed):
        client.force_login(ed)
        client.raise_request_exception = False
        broken = []
        for place, there in enumerate(_looked_at(made)):
            for number in range(EACH):
                name, value = (
                    PARAMETERS[(place * EACH + number) % len(PARAMETERS)],
                    NASTY[(place + number) % len(NASTY)],
                )
                if client.get(there, {name: value}).status_code >= 500:
                    broken.append(f"{there}?{name}={value[:20]!r}")
        for kind, listing in LISTINGS.items():
            for number, each in enumerate(listing.filters):
                for value in NASTY[number % EACH :: EACH]:
                    if client.get("/export", {"kind": kind, each.name: value}).status_code >= 500:
                        broken.append(f"{kind}: {each.name}={value[:20]!r}")
        assert not broken, "\n".join(broken)

    @pytest.mark.parametrize("persona", ["ed", "ana"])
    def test_by_what_a_form_says(self, client, made, persona, request):
        client.force_login(request.getfixturevalue(persona))
        client.raise_request_exception = False
        broken, tried = [], set()
        for there in _looked_at(made):
            for target, fields in list(_forms(client, there)):
                if (target, tuple(fields)) in tried:
                    continue
                tried.add((target, tuple(fields)))
                for number, name in enumerate(fields):
                    value = NASTY[(number + len(tried)) % len(NASTY)]
                    if client.post(target, fields | {name: value}).status_code >= 500:
                        broken.append(f"{target}: {name}={value[:20]!r}")
                for name in (name for name in fields if "email" in name):
                    if client.post(target, fields | {name: LONG_ADDRESS}).status_code >= 500:
                        broken.append(f"{target}: {name}, long but right")
                if client.post(target, {}).status_code >= 500:
                    broken.append(f"{target}: nothing")
        assert not broken, "\n".join(broken)
        assert len(tried) > 5
