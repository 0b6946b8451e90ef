"""What somebody can observe does not depend on records that they may not see: every page and endpoint."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from salesmode.analytics import loader
from salesmode.analytics.metrics import REGISTRY
from salesmode.catalog import operations as catalog
from salesmode.catalog.models import Product
from salesmode.customers import operations as customers
from salesmode.kernel import operations as kernel
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.lists import LISTINGS
from salesmode.orders import operations as orders
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.reviews.queries.boards import KINDS
from salesmode.selling import operations as selling
from salesmode.selling.models import LossReason
from salesmode.workspace import operations as workspace
from tests.belongings import address, make_all
from tests.conftest import MONDAY, TUESDAY
from tests.test_permissions import STREAMS, endpoints, pages

CANARY = "Zqxjkvb"
# What every answer says anew: tokens, marks of a moment, the number under which a request is logged.
FICKLE = [
    re.compile(rb"[A-Za-z0-9_-]{22,}"),
    re.compile(rb'name="once" value="[^"]*"'),
    re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+\d\d:\d\d)?"),
    re.compile(rb"\d\d:\d\d(:\d\d)?"),
    re.compile(rb"just now|\d+ minutes? ago"),
    re.compile(rb'"instance":"[^"]*"'),
    re.compile(rb"\d+:\d+:(\d+(,\d+)*)?"),
]
# These are asked by all their dimensions; the others, which share their code, by one.
BY_EVERYTHING = ("won_amount", "open_pipeline", "interactions", "payments_received")
LIMITED = ("cy", "bo")


def _addresses(made: dict[str, Any]) -> Iterator[str]:
    """Yield everything that can be looked at: pages, lists in every order, files, searches, figures, endpoints."""
    for name, path in pages():
        if name not in STREAMS and (there := address(name, path, made)) is not None and not name.endswith("poll"):
            yield there
            for word in ("q", "text"):
                if "pick" in name or "search" in name or "alike" in name:
                    yield f"{there}?{word}={CANARY[:4]}"
    for kind, listing in LISTINGS.items():
        if kind in ("import", "export"):
            continue
        yield f"/export?kind={kind}&format=csv"
        yield f"/export?kind={kind}&format=csv&q={CANARY}"
        for sort in listing.sorts:
            yield f"/export?kind={kind}&format=csv&sort={sort}"
    for kind in KINDS:
        yield f"/leaderboards?period=2026-03&by={kind}"
        yield f"/leaderboards?period=2026-03&by={kind}&metric=interactions&with=won_amount"
    for code, metric in REGISTRY.items():
        yield f"/api/v1/metrics/{code}?period=2026-03"
        for by in metric.dimensions if code in BY_EVERYTHING else metric.dimensions[:1]:
            yield f"/api/v1/metrics/{code}?period=2026-03&by={by}"
    for name, method, path in endpoints():
        if method == "get" and name != "list_exports" and (there := address(name, path, made)) is not None:
            yield f"/api/v1{there}"
            if "{" not in path:
                yield f"/api/v1{there}?limit=1"
                yield f"/api/v1{there}?q={CANARY}"


def _observed(client: Client, secret: str, there: str) -> tuple[int, bytes]:
    given = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if there.startswith("/api/v1") else {}
    answer = client.get(there, **given)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for mark in FICKLE:
        content = mark.sub(b"*", content)
    return answer.status_code, content


@pytest.fixture
def wu(system) -> Person:
    """Sells in the west, which neither the north nor the south may look into."""
    west = people.create_team(name="West", by=system, at=MONDAY)
    return people.create_person(email="wu@example.com", name="Wu", role="seller", team=west, by=system, at=MONDAY)


def _live(wu: Person, system: Person, word: str = CANARY, times: int = 12) -> None:
    """Let a lot happen in the west, under a name that nobody else has."""
    reason, product = LossReason.objects.get(name="Price"), Product.objects.get(name="Valve")
    for number in range(times):
        at = MONDAY + timedelta(hours=number)
        named = f"{word} {number}"
        customer = customers.create_customer(
            name=named, owner=wu, grade="A", industry=word, source=word, province=word, by=wu, at=at
        )
        contact = customers.create_contact(customer=customer, name=named, mobile=f"1390000{number:04d}", by=wu, at=at)
        customers.log_interaction(customer, contact=contact, content=f"{named} @Cy @Bo", by=wu, at=at)
        lines = [selling.LineDraft(product=product, quantity=1, price=number + 1)]
        deal = selling.open_deal(title=named, customer=customer, owner=wu, lines=lines, source=word, by=wu, at=at)
        if number % 3 == 0:
            selling.win_deal(deal, by=wu, at=TUESDAY)
        elif number % 3 == 1:
            selling.lose_deal(deal, reason=reason, competitor=word, by=wu, at=TUESDAY)
        selling.create_lead(name=named, company_name=named, owner=wu, source=word, by=wu, at=at)
        order = orders.draft_order(customer=customer, title=named, amount=100 + number, by=wu, at=at)
        orders.sign_order(order, on=MONDAY.date(), by=wu, at=at)
        orders.receive_payment(order, amount=10, received_on=TUESDAY.date(), by=system, at=TUESDAY)
        kernel.attach_file(deal, name=f"{named}.txt", content=BytesIO(named.encode()), by=wu, at=at)
    workspace.save_view(list_kind="deal", name=word, query="", by=wu, at=MONDAY)
    people.create_token(wu, name=word, by=wu, at=MONDAY)


@pytest.mark.django_db
class TestWhatSomebodyObserves:
    @pytest.fixture
    def made(self, renewal, northwind, ana, north, bo, system, tmp_path, settings) -> dict[str, Any]:
        settings.MEDIA_ROOT, settings.WAREHOUSE_DIR = tmp_path / "files", tmp_path / "warehouse"
        cast = {"ana": ana, "bo": bo, "north": north, "system": system, "northwind": northwind, "renewal": renewal}
        return make_all(cast)

    @pytest.mark.parametrize("persona", LIMITED)
    def test_does_not_depend_on_what_they_may_not_see(
        self, client, made, persona, request, cy, bo, wu, process, system
    ):
        person = request.getfixturevalue(persona)
        assert seen_owner_ids(person) is not None
        secret = people.create_token(person, name="Looks", scope="read", days=30, by=person, at=_now())[1]
        client.force_login(person)
        _prepare(wu, system)
        run_waiting_jobs()
        loader.load_once(own=True)
        there = list(dict.fromkeys(_addresses(made)))
        _observed(client, secret, "/api/v1/me")
        before = {each: _observed(client, secret, each) for each in there}

        _live(wu, system)
        run_waiting_jobs()
        loader.load_once(own=True)

        after = {each: _observed(client, secret, each) for each in there}
        assert [each for each in there if CANARY.encode() in after[each][1] and CANARY not in each] == []
        moved = [
            f"{each}: {_first_difference(before[each], after[each])}" for each in there if before[each] != after[each]
        ]
        assert not moved, "\n".join(moved)
        assert len(there) > 300

    def test_does_depend_on_what_they_may_see(self, client, made, di, wu, process, system):
        """The control: who directs all sales sees the west change."""
        client.force_login(di)
        _prepare(wu, system)
        before = _observed(client, "", "/deals/")

        _live(wu, system)

        assert _observed(client, "", "/deals/") != before


def _now() -> Any:
    from django.utils.timezone import now

    return now()


def _prepare(wu: Person, system: Person) -> None:
    """What everybody may know of the west is there before: its people, its product, the reason for losing.

    That the company ever won or lost anything is no secret either: it makes a 0 of what is unknown.
    """
    catalog.create_product(name="Valve", price=1, by=system, at=MONDAY)
    selling.define_loss_reason(name="Price", by=system, at=MONDAY)
    _live(wu, system, word="West", times=3)


def _first_difference(before: tuple[int, bytes], after: tuple[int, bytes]) -> str:
    if before[0] != after[0]:
        return f"{before[0]} → {after[0]}"
    place = next(
        (number for number, (one, other) in enumerate(zip(before[1], after[1], strict=False)) if one != other),
        min(len(before[1]), len(after[1])),
    )
    return f"…{before[1][max(0, place - 60) : place + 60]!r} → {after[1][max(0, place - 20) : place + 60]!r}"
