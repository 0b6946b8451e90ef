"""Pages as the server makes them, beside their own queries sent bare."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from salesmode.analytics import bench, loader, manifest, remembered
from salesmode.config.bench import Figure, p95
from salesmode.customers.models import Customer
from salesmode.forecasts.queries import waterfall
from salesmode.kernel import search
from salesmode.people.models import Person
from salesmode.people.search import find
from salesmode.selling.models import Stage


def _queries(work: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Return the queries that some work sends."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return [(sql, params) for sql, params in sent if sql.lstrip()[:6].lower() in ("select", "(selec")]


def _bare(queries: list[tuple[str, Any]]) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            for sql, params in queries:
                cursor.execute(sql, params)
                cursor.fetchall()

    return run


def figures(times: int, *, peers: bool) -> Iterator[Figure]:
    """Measure list, board, page of a customer and search, as the director sees them."""
    director, opens = _director()
    busiest = Stage.objects.order_by("position")[1]
    seller = Person.objects.filter(role=Person.Role.SELLER).earliest("id")
    somebody = Customer.objects.filter(owner__isnull=False, merged_into=None).earliest("id")
    board, narrow, deep = (60, 9, 25) if peers else (80, 80, 80)
    narrowed = f"/deals/?owner={seller.pk}&stage={busiest.pk}&sort=-amount"
    pages: list[tuple[str, str, float | None]] = [
        ("board", "/deals/board", board),
        ("list by owner and stage", narrowed, narrow),
        ("list by owner and stage, its table alone", f"{narrowed}&part=table", None),
        ("list, sorted by amount", "/deals/?sort=-amount", board),
        ("list, deep page", f"/deals/?sort=-amount&after={_deep_mark(director)}", deep),
        ("customer page", f"/customers/{somebody.pk}", 100),
        ("cockpit page", "/performance?period=last-12-months", 300),
    ]
    loader.load_once()
    for name, url, target in pages:
        work = opens(url)
        work()
        bare = _bare(_queries(work))
        yield Figure(name, p95(work, times), "ms, p95", target, p95(bare, times), "its queries, bare")
    yield Figure("cockpit page, nothing remembered", p95(work, times, remembered.forget), "ms, p95", 300)
    for name, text in (("two characters", somebody.name[2:4]), ("initials", "hwkj")):
        condition, _recheck = search._condition(search.plain(text))
        index = _bare([("select id from kernel_searchentry where words @@ %s::tsquery limit 20", [condition])])
        ours = p95(lambda text=text: find(text, director), times)  # type: ignore[misc]
        yield Figure(f"search, {name}", ours, "ms, p95", 15 if peers else 30, p95(index, times), "bare index query")


def cockpit_of_many(folder: Path, size: str, times: int) -> Iterator[Figure]:
    """Measure the cockpit of the people there are, and where the pipeline went, over made-up deals of theirs."""
    sellers = list(Person.objects.filter(role=Person.Role.SELLER).values_list("pk", flat=True))
    _person, opens = _director()
    with manifest.kept_in(folder / "many"):
        deals = bench.build(size, owners=sellers)["stage_entries"]
        work = opens("/performance?period=2025")
        name = f"cockpit of {len(sellers):,} sellers, {deals:,} deals"
        yield Figure(name, p95(work, times), "ms, p95", 300)
        yield Figure(f"{name}, nothing remembered", p95(work, times, remembered.forget), "ms, p95", 300)
        for when, before in (
            ("after a restart", partial(remembered.forget, files=False)),
            ("after one more event", bench.go_on),
        ):
            yield Figure(f"{name}, {when}", p95(work, times, before), "ms, p95", 300)
        for title, first in (("a quarter", date(2025, 9, 30)), ("a year", date(2024, 12, 31))):
            took = p95(partial(waterfall, first, date(2025, 12, 31)), times, remembered.forget)
            yield Figure(f"waterfall over {title}, {deals:,} deals, nothing remembered", took, "ms, p95")


def _director() -> tuple[Person, Callable[[str], Callable[[], Any]]]:
    """Return the director, and how pages are opened by that person."""
    director = Person.objects.filter(role=Person.Role.DIRECTOR).earliest("id")
    client = Client(SERVER_NAME="localhost")
    client.force_login(director)

    def opens(url: str) -> Callable[[], Any]:
        def work() -> Any:
            answer = client.get(url)
            if answer.status_code != 200:
                raise RuntimeError(f"{url} answered {answer.status_code}.")
            return answer

        return work

    return director, opens


def _deep_mark(person: Person) -> str:
    """Return the mark of a page four tenths down the list, at most row 79,920."""
    from salesmode.kernel.lists_paging import write_cursor
    from salesmode.selling.models import Deal

    order = ("-company_amount", "-id")
    rows = Deal.objects.visible_to(person)
    return write_cursor(rows.order_by(*order)[min(79_920, rows.count() * 4 // 10)], order)
