"""Lists taken out: no formula in them, nobody else's rows, and the same data when they come in again."""

import csv
import io
import os
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.exchange import cells
from salesmode.exchange.custom import columns_of
from salesmode.exchange.mapping import propose
from salesmode.exchange.models import ListExport
from salesmode.exchange.reading import Table, open_table
from salesmode.exchange.sheet import SHEETS
from salesmode.exchange.taking_out import take_out
from salesmode.exchange.writing import write_table
from salesmode.kernel.lists_refusals import UnknownName
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import NotAllowed
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY

HARMFUL = [
    "=1+1",
    "+86 138 0013 8000",
    "-5.00",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=cmd|"/c calc"!A1',
    "'=1",
    "''=1",
    "'",
    "''",
    "007",
    "123456789012345678901",
    "1e5",
    "TRUE",
    "2024-01-05",
    "😀",
    "a,b;c\td",
    'say "hi"',
    "two\nlines",
]
ROUND_TRIPS = int(os.environ.get("SALESMODE_ROUND_TRIPS", "200"))


def there_and_back(tmp_path, form: str, rows: list[list]) -> list[list]:
    path = tmp_path / f"list.{form}"
    headers = [f"column {position}" for position in range(len(rows[0]))]
    assert write_table(path, form, headers, rows) == len(rows)
    table = open_table(path)
    assert table.headers == headers
    return [read for _number, read in table.rows()]


class TestFormulas:
    @pytest.mark.parametrize("text", HARMFUL)
    def test_no_cell_of_a_csv_begins_like_one(self, tmp_path, text):
        path = tmp_path / "list.csv"
        write_table(path, "csv", ["name", text], [["x", text]])

        for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")):
            assert not any(cell and cell[0] in cells.DANGEROUS for cell in row)

    def test_no_cell_of_a_workbook_is_one(self, tmp_path):
        path = tmp_path / "list.xlsx"
        write_table(path, "xlsx", ["name", "=1"], [[text, text] for text in HARMFUL])

        with zipfile.ZipFile(path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_and_every_text_comes_back_as_it_was(self, tmp_path, form):
        found = there_and_back(tmp_path, form, [["x", text] for text in HARMFUL])

        assert [cells.as_text(row[1]) for row in found] == [
            cells.as_text(text) if text[0] != "'" else text for text in HARMFUL
        ]


text_as_kept = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\"\n,;＝ 华为"), max_size=30
).map(lambda text: text.strip())


def _without_our_number(path) -> dict[str, str]:
    """How a file's columns are read, as if it came from another Salesmode."""
    guesses = propose(open_table(path), SHEETS["deal"])
    return {guess.header: "" if guess.target == "id" else guess.target for guess in guesses}


class TestThereAndBack:
    @settings(max_examples=ROUND_TRIPS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        form=st.sampled_from(["csv", "xlsx"]),
        rows=st.lists(
            st.tuples(
                text_as_kept,
                st.decimals(-(10**12), 10**12, places=3, allow_nan=False),
                st.dates(date(1901, 1, 1), date(2200, 1, 1)),
            ),
            min_size=10,
            max_size=10,
        ),
    )
    def test_texts_amounts_and_days_are_equal(self, tmp_path, form, rows):
        found = there_and_back(tmp_path, form, [["row", *row] for row in rows])

        for (text, amount, day), (_name, read_text, read_amount, read_day) in zip(rows, found, strict=True):
            assert cells.as_text(read_text) == text
            assert (
                cells.as_number(read_amount) == pytest.approx(amount, rel=Decimal("1e-12"))
                if form == "xlsx"
                else cells.as_number(read_amount) == amount
            )
            assert cells.as_date(read_day) == day

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_a_list_taken_out_complete_changes_nothing_when_it_comes_in(self, bring_in, ana, ed, tmp_path, form):
        for text in HARMFUL[:12]:
            customers.create_customer(
                name=f"{text} {HARMFUL.index(text)}",
                owner=ana,
                phone="+86 138 0013 8000",
                address=text.strip() or "x",
                annual_revenue=Decimal("1234.5"),
                grade="A",
                tags=["重点", "b"],
                by=ana,
                at=MONDAY,
            )
        before = list(Customer.objects.order_by("id").values())
        path = tmp_path / f"customers.{form}"
        assert take_out("customer", QueryDict(), seen_by=ed, complete=True).write(path, form) == 12

        run = bring_in(path.read_bytes(), mode="upsert", keys=["name"], name=path.name)

        assert (run.unchanged, run.failed, run.created, run.updated) == (12, 0, 0, 0), list(run.lines.values())
        assert list(Customer.objects.order_by("id").values()) == before

    def test_deals_are_known_again_by_our_number(self, bring_in, renewal, ed, tmp_path):
        path = tmp_path / "deals.xlsx"
        take_out("deal", QueryDict(), seen_by=ed, complete=True).write(path, "xlsx")

        run = bring_in(path.read_bytes(), sheet="deal", mode="upsert", name=path.name)
        path.write_bytes(b"Salesmode number,Deal,Next step\r\n%d,Renewal,Call\r\n999999,Other,Call\r\n" % renewal.pk)
        changed = bring_in(path.read_bytes(), sheet="deal", mode="upsert")

        renewal.refresh_from_db()
        assert (run.keys, run.unchanged, run.created) == (["id"], 1, 0), list(run.lines.values())
        assert (changed.updated, changed.failed, changed.created, renewal.next_step) == (1, 1, 0, "Call")

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_amounts_come_back_as_they_were_in_every_currency(self, bring_in, ana, ed, process, rates, tmp_path, form):
        amounts = {"JPY": "1234567", "KWD": "98765.432", "CNY": "0.07", "USD": "1234567890.12"}
        for currency, amount in amounts.items():
            selling.open_deal(title=currency, amount=Decimal(amount), currency=currency, owner=ana, by=ana, at=MONDAY)
        path = tmp_path / f"deals.{form}"
        take_out("deal", QueryDict(), seen_by=ed, complete=True).write(path, form)
        Deal.objects.all().delete()

        run = bring_in(path.read_bytes(), sheet="deal", name=path.name, keys=[], mapping=_without_our_number(path))

        assert (run.created, run.failed) == (4, 0), list(run.lines.values())
        assert {deal.title: deal.amount for deal in Deal.objects.all()} == {
            currency: Decimal(amount) for currency, amount in amounts.items()
        }
        assert all(deal.currency == deal.title for deal in Deal.objects.all())

    @pytest.mark.django_db
    @pytest.mark.parametrize("sheet", ["person", "customer", "payment", "deal"])
    def test_another_systems_id_is_never_our_number(self, sheet):
        table = Table(path=None, form="csv", headers=["ID", "id", "Id"], header_row=1)

        assert "id" not in {guess.target for guess in propose(table, SHEETS[sheet], more=columns_of(sheet))}


class TestWhatIsTakenOut:
    def test_is_what_the_person_sees(self, northwind, renewal, ana, cy):
        assert len(list(take_out("deal", QueryDict(), seen_by=ana).rows)) == 1
        assert list(take_out("deal", QueryDict(), seen_by=cy).rows) == []

    def test_has_the_columns_and_filters_of_the_list(self, renewal, ana):
        taken = take_out("customer", QueryDict("columns=name&q=nothing-like-it"), seen_by=ana)

        assert len(taken.headers) == 1
        assert list(taken.rows) == []

    @pytest.mark.parametrize("query", ["columns=owner__password", "owner__password__startswith=a", "sort=password"])
    def test_knows_only_the_names_of_the_list(self, renewal, ana, query):
        with pytest.raises(UnknownName):
            take_out("deal", QueryDict(query), seen_by=ana)

    def test_ends_when_the_person_may_not_look_any_more(self, northwind, ana, monkeypatch):
        monkeypatch.setattr("salesmode.exchange.taking_out.CHUNK", 1)
        customers.create_customer(name="Second", owner=ana, by=ana, at=MONDAY)
        rows = take_out("customer", QueryDict(), seen_by=ana).rows
        next(rows)
        type(ana).objects.filter(pk=ana.pk).update(is_active=False)

        with pytest.raises(NotAllowed):
            list(rows)


class TestTheDoor:
    def test_hands_out_the_file_and_remembers_it(self, client, ana, northwind, monkeypatch):
        monkeypatch.setattr("salesmode.exchange.taking_out.CHUNK", 1)
        customers.create_customer(name="Second", owner=ana, by=ana, at=MONDAY)
        client.force_login(ana)

        answer = client.get("/export?kind=customer&format=csv")

        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "Northwind" in content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert ListExport.objects.get().rows == 2
        assert EventRecord.objects.get(name="export.made").facts["rows"] == 2

    @pytest.mark.parametrize(
        ("query", "status"),
        [("kind=nothing", 404), ("kind=customer&format=exe", 400), ("kind=customer&format=csv&nonsense=1", 400)],
    )
    def test_refuses_what_makes_no_sense(self, client, ana, northwind, query, status):
        client.force_login(ana)

        assert client.get(f"/export?{query}").status_code == status
        assert not ListExport.objects.exists()

    def test_is_closed_to_strangers(self, client, northwind):
        assert client.get("/export?kind=customer&format=csv").status_code == 302
