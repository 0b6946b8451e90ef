"""Lists: declared once, narrowed by known names, paged by key."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from salesmode.kernel import here
from salesmode.kernel.lists import COUNTED_UP_TO, Column, Filter, Listing
from salesmode.kernel.lists_refusals import UnknownName, UnknownValue
from salesmode.kernel.models import CustomField
from salesmode.people import operations as people
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY

DEALS = Listing(
    kind="deal",
    title="Deals",
    model=Deal,
    base=lambda person: Deal.objects.visible_to(person).select_related("customer", "owner", "stage"),
    columns=[
        Column("title", "Deal", sort="title"),
        Column("customer", "Customer", path="customer.name", sort="customer__name"),
        Column("amount", "Amount", kind="money", sort="company_amount"),
        Column("closes_on", "Expected close", kind="date", sort="closes_on"),
        Column("created_at", "Created", kind="datetime", sort="created_at"),
    ],
    filters=[
        Filter("stage", "Stage", kind="reference", field="stage_id"),
        Filter("customer", "Customer", kind="reference", field="customer_id"),
        Filter("owner", "Owner", kind="person", field="owner_id"),
        Filter("amount", "Amount", kind="number"),
        Filter("closes_on", "Expected close", kind="date"),
        Filter("outcome", "Outcome"),
    ],
    groups={"customer": "customer__name"},
)


@pytest.fixture
def answering(db):
    """What is read once for each request is read once."""
    with here.in_company():
        yield


@pytest.fixture
def many(ana, northwind, process) -> list[Deal]:
    """Twenty-three deals of Ana's with ties, gaps and repeated names."""
    return [
        selling.open_deal(
            title=f"Deal {number % 5}",
            customer=northwind if number % 3 else None,
            owner=ana,
            amount=Decimal(number % 4 * 100),
            closes_on=None if number % 4 == 0 else date(2026, 3, 1 + number % 6),
            by=ana,
            at=MONDAY + timedelta(hours=number // 2),
        )
        for number in range(23)
    ]


def _walk(params: dict, person) -> list[list[int]]:
    """Page from the first to the last page."""
    pages, after = [], None
    while True:
        page = DEALS.page(params | {"after": after}, seen_by=person, limit=5)
        pages.append([row.pk for row in page.rows])
        after = page.next
        if after is None:
            return pages


class TestPaging:
    @pytest.mark.parametrize("group", ["", "customer"])
    @pytest.mark.parametrize(
        "sort", ["title", "-title", "customer", "-customer", "amount", "closes_on", "-closes_on", "-created_at"]
    )
    def test_shows_every_row_once(self, many, ana, sort, group):
        shown = [pk for page in _walk({"sort": sort, "group": group}, ana) for pk in page]

        assert sorted(shown) == sorted(deal.pk for deal in many)

    @pytest.mark.parametrize("sort", ["-created_at", "closes_on", "-closes_on", "-customer"])
    def test_leads_back_over_the_same_pages(self, many, ana, sort):
        pages = _walk({"sort": sort}, ana)
        second = DEALS.page(
            {"sort": sort, "after": DEALS.page({"sort": sort}, seen_by=ana, limit=5).next}, seen_by=ana, limit=5
        )

        first = DEALS.page({"sort": sort, "before": second.previous}, seen_by=ana, limit=5)

        assert [row.pk for row in first.rows] == pages[0]
        assert first.previous is None

    @pytest.mark.parametrize("sort", ["closes_on", "-closes_on"])
    def test_puts_rows_without_a_value_last(self, many, ana, sort):
        rows = DEALS.page({"sort": sort}, seen_by=ana, limit=50).rows

        assert [row.closes_on for row in rows][-6:] == [None] * 6

    def test_neither_repeats_nor_skips_when_somebody_adds_a_row_in_front(self, many, ana, process):
        first = DEALS.page({"sort": "-created_at"}, seen_by=ana, limit=5)
        selling.open_deal(title="New", owner=ana, amount=Decimal(1), by=ana, at=MONDAY + timedelta(days=9))

        second = DEALS.page({"sort": "-created_at", "after": first.next}, seen_by=ana, limit=5)

        assert [row.pk for row in [*first.rows, *second.rows]] == [pk for page in _walk({}, ana) for pk in page][1:11]

    @pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "9" * 3000, "W1siLWNyZWF0ZWRfYXQiLCItaWQiXSwieCIsMV0"])
    def test_refuses_a_cursor_that_is_none(self, many, ana, cursor):
        with pytest.raises(UnknownValue):
            DEALS.page({"after": cursor}, seen_by=ana)

    def test_refuses_a_cursor_of_another_order(self, many, ana):
        cursor = DEALS.page({"sort": "title"}, seen_by=ana, limit=5).next

        with pytest.raises(UnknownValue):
            DEALS.page({"sort": "amount", "after": cursor}, seen_by=ana)

    def test_costs_two_queries_at_most(self, many, ana, answering, django_assert_max_num_queries):
        DEALS.all_columns()

        with django_assert_max_num_queries(2):
            DEALS.page({"sort": "-created_at"}, seen_by=ana, limit=20)


class TestNarrowing:
    def test_takes_several_values_of_one_filter(self, many, ana, process):
        first, second, *_rest = process.stages.order_by("position")
        selling.move_deal(many[0], stage=second, by=ana, at=MONDAY + timedelta(days=2))

        assert DEALS.count({"stage": [first.pk, second.pk]}, seen_by=ana) == 23
        assert DEALS.count({"stage": second.pk}, seen_by=ana) == 1

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"amount_from": "200"}, 11),
            ({"amount_from": "100", "amount_to": "200"}, 12),
            ({"closes_on_from": "2026-03-02", "closes_on_to": "2026-03-02"}, 4),
            ({"closes_on": "none"}, 6),
            ({"customer": "none"}, 8),
            ({"owner": "me"}, 23),
            ({"outcome": "won"}, 0),
        ],
    )
    def test_narrows_by_ranges_words_and_absence(self, many, ana, params, expected):
        assert DEALS.count(params, seen_by=ana) == expected

    @pytest.mark.parametrize(
        "name",
        ["owner__password", "owner__email__startswith", "stage__in", "_connector", "pk", "title", "sort_", "order_by"],
    )
    def test_refuses_names_that_are_not_declared(self, many, ana, name):
        with pytest.raises(UnknownName) as refused:
            DEALS.page({name: "x"}, seen_by=ana)

        assert refused.value.status == 400

    @pytest.mark.parametrize("sort", ["owner__password", "?", "-", "id;drop", "created_at,id"])
    def test_refuses_orders_that_are_not_declared(self, many, ana, sort):
        with pytest.raises(UnknownName):
            DEALS.page({"sort": sort}, seen_by=ana)

    @pytest.mark.parametrize(
        "params",
        [
            {"stage": "x"},
            {"stage": "9" * 40},
            {"amount_from": "NaN"},
            {"amount_from": "1e400"},
            {"closes_on": "soon"},
            {"closes_on_from": "2026-13-40"},
            {"limit": "0"},
            {"limit": "201"},
            {"q": "\x00"},
        ],
    )
    def test_refuses_values_that_do_not_fit(self, many, ana, params):
        with pytest.raises(UnknownValue) as refused:
            DEALS.page(params, seen_by=ana)

        assert refused.value.status == 400

    def test_searches_through_the_index(self, many, ana):
        assert DEALS.count({"q": "Deal 1"}, seen_by=ana) == 5

    def test_counts_to_ten_thousand_and_one_at_most(self, many, ana, answering, django_assert_num_queries):
        DEALS.all_columns()

        with django_assert_num_queries(1) as queries:
            DEALS.count({}, seen_by=ana)

        assert f"LIMIT {COUNTED_UP_TO + 1}" in queries[0]["sql"]


class TestNaming:
    def test_calls_an_owner_who_has_left_by_name(self, client, many, ana, bo, ed):
        people.deactivate_person(ana, by=ed, at=MONDAY)
        client.force_login(bo)
        page = client.get(f"/deals/?owner={ana.pk}").content.decode()

        assert f'value="{ana.pk}" checked' in page
        assert re.search(rf"Owner[^<]*(<[^>]*>\s*)*{ana.name}", page)


class TestTheCompanysOwnFields:
    @pytest.fixture
    def sized(self, many) -> list[Deal]:
        for key, kind in (("size", "number"), ("colour", "choice")):
            CustomField.objects.create(
                kind="deal",
                key=key,
                label_zh=key,
                label_en=key,
                type=kind,
                choices=["red", "blue"],
                created_at=MONDAY,
                updated_at=MONDAY,
            )
        for number, deal in enumerate(many):
            if number % 3:
                deal.custom = {"size": str(number % 7 * 5), "colour": ["red", "blue"][number % 2]}
                deal.save()
        return many

    @pytest.mark.parametrize("sort", ["custom.size", "-custom.size", "custom.colour"])
    def test_sort_and_page_like_any_column(self, sized, ana, sort):
        shown = [pk for page in _walk({"sort": sort}, ana) for pk in page]

        assert sorted(shown) == sorted(deal.pk for deal in sized)
        by_key = {deal.pk: deal.custom.get(sort.lstrip("-").removeprefix("custom.")) for deal in sized}
        assert [by_key[pk] for pk in shown][-8:] == [None] * 8

    def test_sort_numbers_as_numbers(self, sized, ana):
        rows = DEALS.page({"sort": "-custom.size"}, seen_by=ana, limit=3).rows

        assert rows[0].custom["size"] == "30"

    def test_narrow_like_any_filter(self, sized, ana):
        assert DEALS.count({"custom.colour": ["red", "blue"]}, seen_by=ana) == 15
        assert DEALS.count({"custom.colour": "none"}, seen_by=ana) == 8
        assert DEALS.count({"custom.size_from": "30"}, seen_by=ana) == len(
            [d for d in sized if d.custom.get("size") == "30"]
        )

    def test_refuse_unknown_keys(self, sized, ana):
        with pytest.raises(UnknownName):
            DEALS.count({"custom.weight": "1"}, seen_by=ana)


class TestChoosingRows:
    def test_leaves_out_what_the_person_may_not_see(self, many, cy, ana):
        assert DEALS.selected(QueryDict(f"ids={many[0].pk}&ids={many[1].pk}"), seen_by=cy) == []
        assert DEALS.selected(QueryDict(f"ids={many[0].pk}"), seen_by=ana) == [many[0]]

    def test_can_mean_everything_that_the_list_shows(self, many, ana):
        chosen = DEALS.selected(QueryDict("all=1&query=amount_from%3D300"), seen_by=ana)

        assert {deal.amount for deal in chosen} == {Decimal(300)}
        assert len(chosen) == 5
