"""Bringing a file in: every row judged by itself, nothing twice, nothing lost."""

import itertools
import sys
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from salesmode.catalog.models import Product
from salesmode.customers.models import Contact, Customer
from salesmode.exchange import operations
from salesmode.exchange.failed_rows import write_failed_rows
from salesmode.exchange.models import ImportLine, ImportNotReady, ImportRun
from salesmode.exchange.preview import preview
from salesmode.exchange.reading import UnreadableFile, open_table
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.selling.models import Deal
from tests.conftest import MONDAY, TUESDAY
from tests.exchange.conftest import csv_of

advancing = sys.modules["salesmode.exchange.operations.advance_import"]
HEADERS = ("客户名称", "客户级别", "邮箱", "负责人", "创建时间", "联系人", "手机")


def names() -> list[str]:
    return sorted(Customer.objects.values_list("name", flat=True))


class TestBringIn:
    def test_makes_records_through_the_operations_with_owner_author_and_date(self, bring_in, ana):
        run = bring_in(
            csv_of(HEADERS, ("华为", "A", "a@huawei.com", "ana@example.com", "2024-01-05", "张三", "13800138000"))
        )

        customer = Customer.objects.get()
        assert (run.created, run.failed, run.status) == (1, 0, "done")
        assert (customer.name, customer.grade, customer.owner) == ("华为", "A", ana)
        assert customer.created_at.date().isoformat() in ("2024-01-04", "2024-01-05")
        assert (Contact.objects.get().name, Contact.objects.get().customer) == ("张三", customer)
        assert EventRecord.objects.filter(name="customer.created", subject_id=customer.pk).count() == 1

    def test_is_never_bound_to_the_importer(self, bring_in, ed):
        bring_in(csv_of(("客户名称",), ("无主",)), by=ed)

        assert Customer.objects.get().owner is None

    def test_reports_a_bad_row_with_every_reason_and_goes_on(self, bring_in):
        run = bring_in(csv_of(HEADERS, ("A", "Z", "nonsense", "nobody@x.cn", "soon"), ("B",), ("", "A")))

        assert names() == ["B"]
        assert (run.created, run.failed) == (1, 2)
        reason = ImportLine.objects.get(run=run, number=2).reason
        assert all(word in reason for word in ("Z", "nonsense", "soon"))

    def test_a_failed_row_leaves_no_parents(self, bring_in):
        run = bring_in(csv_of(("客户名称", "联系人", "手机"), ("新客户", "张" * 119, "1" * 61)))

        assert run.failed == 1
        assert not Customer.objects.exists()
        assert not Contact.objects.exists()

    def test_keeps_in_the_notes_what_has_no_column(self, bring_in):
        bring_in(csv_of(("客户名称", "备注", "QQ"), ("甲", "老客户", "12345")))

        assert Customer.objects.get().notes == "老客户\nQQ: 12345"

    def test_parts_that_repeat_a_key_in_one_file_are_one_record(self, bring_in):
        run = bring_in(
            csv_of(("客户名称", "城市"), ("甲", "上海"), ("乙", "北京"), ("甲", "广州")), mode="upsert", keys=["name"]
        )

        assert names() == ["乙", "甲"]
        assert (run.created, run.updated) == (2, 1)
        assert Customer.objects.get(name="甲").city == "广州"

    def test_a_parent_may_stand_in_the_same_file(self, bring_in):
        run = bring_in(csv_of(("客户名称", "母公司"), ("集团", ""), ("子公司", "集团")), keys=["name"])

        assert run.failed == 0
        assert Customer.objects.get(name="子公司").parent.name == "集团"


class TestPeople:
    def test_whose_address_looks_like_another_one_do_not_come_in(self, bring_in, ana):
        rows = [("Ana", "\u0430na@example.com"), ("Hal", "hal@example.com"), ("Ivy", "an\u200ba@example.com")]

        run = bring_in(csv_of(("Name", "E-mail"), *rows), sheet="person")

        assert (run.created, run.failed) == (1, 2), list(run.lines.values())
        assert not get_user_model().objects.filter(name="Ivy").exists()


class TestAmounts:
    def test_of_a_file_lose_the_noise_of_arithmetic_and_nothing_else(self, bring_in, process, rates):
        rows = [
            ("even", "1000", "JPY"),
            ("noisy", "1000.0000000001", "JPY"),
            ("odd", "1000.5", "JPY"),
            ("fils", "1.234", "KWD"),
            ("less", "1.2345", "KWD"),
            ("sum", "0.30000000000000004", "CNY"),
            ("mills", "0.305", "CNY"),
        ]
        run = bring_in(csv_of(("Deal", "Amount", "Currency"), *rows), sheet="deal")

        assert {deal.title: str(deal.amount) for deal in Deal.objects.all()} == {
            "even": "1000.000",
            "noisy": "1000.000",
            "fils": "1.234",
            "sum": "0.300",
        }
        failed = dict(run.lines.filter(verdict="failed").order_by("number").values_list("number", "reason"))
        assert [reason.split(" ")[0] for reason in failed.values()] == ["JPY", "KWD", "CNY"], failed

    def test_of_one_piece_have_six_decimals_at_most(self, bring_in):
        rows = [("A", "0.0125"), ("B", "0.123456"), ("C", "0.1234567"), ("D", "0.30000000000000004")]

        run = bring_in(csv_of(("产品名称", "单价"), *rows), sheet="product")

        prices = {product.name: str(product.price) for product in Product.objects.all()}
        assert prices == {"A": "0.012500", "B": "0.123456", "D": "0.300000"}
        assert "6" in run.lines.get(verdict="failed").reason


class TestModes:
    @pytest.fixture
    def here(self, northwind):
        return csv_of(("客户名称", "城市"), ("Northwind", "上海"), ("New", "北京"))

    def test_create_leaves_existing_ones_as_they_are(self, bring_in, here, northwind):
        run = bring_in(here, mode="create", keys=["name"])

        northwind.refresh_from_db()
        assert (run.created, run.skipped, northwind.city) == (1, 1, "")

    def test_update_adds_none(self, bring_in, here, northwind):
        run = bring_in(here, mode="update", keys=["name"])

        northwind.refresh_from_db()
        assert (run.updated, run.failed, northwind.city, names()) == (1, 1, "上海", ["Northwind"])

    def test_upsert_does_both_and_a_second_time_nothing(self, bring_in, here, northwind):
        first = bring_in(here, mode="upsert", keys=["name"])
        second = bring_in(here, mode="upsert", keys=["name"])

        assert (first.created, first.updated) == (1, 1)
        assert (second.created, second.updated, second.unchanged) == (0, 0, 2)

    def test_empty_cells_change_nothing(self, bring_in, northwind):
        bring_in(csv_of(("客户名称", "城市"), ("Northwind", "上海")), mode="upsert", keys=["name"])
        bring_in(csv_of(("客户名称", "城市", "行业"), ("Northwind", "", "IT")), mode="upsert", keys=["name"])

        northwind.refresh_from_db()
        assert (northwind.city, northwind.industry) == ("上海", "IT")

    def test_changing_needs_a_key(self, receive, ed):
        run = receive(csv_of(("客户名称", "城市"), ("A", "B")))

        with pytest.raises(Invalid) as refusal:
            operations.prepare_import(run, mode="upsert", keys=[], by=ed, at=MONDAY)
        assert "keys" in refusal.value.fields


class TestPermissions:
    def test_each_row_asks_for_itself(self, bring_in, northwind, cy, ana, south):
        theirs = Customer.objects.get()
        run = bring_in(
            csv_of(("客户名称", "城市"), ("Northwind", "上海"), ("Mine", "北京")), by=cy, mode="upsert", keys=["name"]
        )

        theirs.refresh_from_db()
        assert theirs.city == ""
        assert Customer.objects.get(name="Mine").owner == cy
        assert run.updated == 0

    def test_a_shared_name_is_no_way_to_change_what_is_only_seen(self, bring_in, northwind, di, fay, receive):
        with pytest.raises(NotAllowed):
            receive(csv_of(("客户名称",), ("X",)), by=fay)

    def test_an_import_is_its_owners_alone(self, receive, ana, bo, ed):
        run = receive(csv_of(("客户名称",), ("X",)), by=ana)

        assert not ImportRun.objects.visible_to(bo).exists()
        with pytest.raises(NotAllowed):
            operations.request_import(run, by=bo, at=MONDAY)

    def test_references_find_only_what_the_person_sees(self, bring_in, northwind, cy, process):
        run = bring_in(csv_of(("商机名称", "客户名称", "商机金额"), ("D", "Northwind", "100")), sheet="deal", by=cy)
        missing = bring_in(csv_of(("商机名称", "客户名称", "商机金额"), ("D", "Nowhere", "100")), sheet="deal", by=cy)

        reasons = [ImportLine.objects.get(run=each).reason.replace("Nowhere", "Northwind") for each in (run, missing)]
        assert run.failed == missing.failed == 1
        assert reasons[0] == reasons[1]


class TestNothingTwice:
    def test_the_same_file_again(self, bring_in):
        content = csv_of(("客户名称", "城市"), *((f"客户{n}", "上海") for n in range(50)))
        bring_in(content)
        second = bring_in(content)

        assert (second.created, second.skipped, Customer.objects.count()) == (0, 50, 50)

    def test_rows_without_a_key_are_known_again(self, bring_in, northwind):
        content = csv_of(
            ("跟进时间", "跟进方式", "客户名称", "跟进内容"),
            ("2024-01-05 10:00", "电话", "Northwind", "您好"),
            ("2024-01-05 10:00", "拜访", "Northwind", "您好"),
        )
        first = bring_in(content, sheet="interaction")
        second = bring_in(content, sheet="interaction")

        assert (first.created, second.created, second.skipped) == (2, 0, 2)

    def test_a_request_sent_twice(self, receive, ed):
        run = receive(csv_of(("客户名称",), ("X",)))
        operations.request_import(run, by=ed, at=MONDAY)

        with pytest.raises(ImportNotReady):
            operations.request_import(run, by=ed, at=MONDAY)


@pytest.mark.django_db(transaction=True)
class TestCrash:
    @pytest.fixture(autouse=True)
    def _system(self, transactional_db):
        get_user_model().objects.get_or_create(
            role="system",
            defaults={
                "email": "system@salesmode.invalid",
                "name": "Salesmode",
                "created_at": MONDAY,
                "updated_at": MONDAY,
            },
        )

    def test_a_worker_that_dies_between_or_within_batches_loses_and_doubles_nothing(self, receive, ed, monkeypatch):
        monkeypatch.setattr(advancing, "BATCH", 7)
        monkeypatch.setattr(advancing, "LARGE_BATCH", 7)
        rows = [(f"客户{n}", "bad" if n % 10 == 0 else f"c{n}@example.com") for n in range(100)]
        run = receive(csv_of(("客户名称", "邮箱"), *rows))
        operations.request_import(run, attended=True, by=ed, at=MONDAY)
        deaths, writing = itertools.count(), advancing._report

        def dies_often(*args):
            writing(*args)
            if next(deaths) % 3 != 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(advancing, "_report", dies_often)
        while ImportRun.objects.get().is_active:
            try:
                operations.advance_import(ImportRun.objects.get(), by=ed, at=TUESDAY)
            except KeyboardInterrupt:
                advancing._under_way.clear()

        run.refresh_from_db()
        assert (run.created, run.failed, run.done) == (90, 10, 100)
        assert Customer.objects.count() == 90
        assert max(Counter(ImportLine.objects.values_list("number", flat=True)).values()) == 1
        assert ImportLine.objects.count() == 100

    def test_a_row_that_cannot_be_read_stops_it_no_sooner_than_its_batch(self, receive, ed, monkeypatch):
        monkeypatch.setattr(advancing, "LARGE_BATCH", 7)
        run = receive(csv_of(("客户名称",), *((f"客户{n}",) for n in range(30))))
        operations.request_import(run, attended=True, by=ed, at=MONDAY)
        with run.path.open("ab") as file:
            lines = run.path.read_bytes().split(b"\r\n")
            lines[10] = b'"' + b"x" * 200_000
            file.truncate(0)
            file.write(b"\r\n".join(lines))
        operations.advance_import(run, by=ed, at=MONDAY)
        assert (run.created, Customer.objects.count()) == (7, 7)

        with pytest.raises(UnreadableFile):
            operations.advance_import(run, by=ed, at=MONDAY)
        run.refresh_from_db()
        assert (run.created, run.reached, Customer.objects.count()) == (7, 8, 7)

    def test_in_the_background_batch_follows_batch(self, receive, ed, monkeypatch):
        monkeypatch.setattr(advancing, "BATCH", 7)
        monkeypatch.setattr(advancing, "LARGE_BATCH", 7)
        run = receive(csv_of(("客户名称",), *((f"客户{n}",) for n in range(30))))
        operations.request_import(run, by=ed, at=MONDAY)

        run_waiting_jobs()

        run.refresh_from_db()
        assert (run.status, run.created) == ("done", 30)
        assert run.finished_at > datetime(2026, 3, 3, tzinfo=UTC)

    def test_what_stopped_it_is_told_in_the_language_of_whoever_asked(self, receive, ed, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(advancing, "_report", broken)
        get_user_model().objects.filter(pk=ed.pk).update(language="zh-hans")
        run = receive(csv_of(("客户名称",), ("客户",)))
        operations.request_import(run, by=ed, at=MONDAY)

        with translation.override("en"):
            run_waiting_jobs()

        run.refresh_from_db()
        assert run.status == "failed"
        assert any("一" <= letter <= "鿿" for letter in run.message), run.message

    def test_cancelled_it_stops_and_goes_on_later_where_it_was(self, receive, ed, monkeypatch):
        monkeypatch.setattr(advancing, "BATCH", 7)
        monkeypatch.setattr(advancing, "LARGE_BATCH", 7)
        run = receive(csv_of(("客户名称",), *((f"客户{n}",) for n in range(30))))
        operations.request_import(run, attended=True, by=ed, at=MONDAY)
        operations.advance_import(run, by=ed, at=MONDAY)
        operations.cancel_import(run, by=ed, at=MONDAY)
        operations.advance_import(run, by=ed, at=MONDAY)
        assert Customer.objects.count() == 7

        operations.request_import(run, by=ed, at=TUESDAY)
        run_waiting_jobs()

        run.refresh_from_db()
        assert (run.status, run.created, Customer.objects.count()) == ("done", 30, 30)


class TestPreview:
    def test_says_what_will_become_of_each_row_and_keeps_nothing(self, receive, bring_in, northwind, ed):
        content = csv_of(("客户名称", "客户级别"), ("Northwind", "B"), ("New", "C"), ("Bad", "Z"), ("New", "C"))
        run = receive(content)
        operations.prepare_import(run, mode="upsert", keys=["name"], by=ed, at=MONDAY)
        before = EventRecord.objects.count()

        with translation.override(ed.language):
            seen = preview(run, seen_by=ed, at=MONDAY)

        assert Customer.objects.count() == 1
        assert EventRecord.objects.count() == before
        done = bring_in(content, mode="upsert", keys=["name"])
        told = list(ImportLine.objects.filter(run=done).order_by("number").values_list("number", "verdict", "reason"))
        assert [(row.number, str(outcome.verdict), outcome.reason) for row, outcome in seen.rows] == told

    def test_offers_a_meaning_for_unknown_words(self, receive, ed, bring_in):
        content = csv_of(("客户名称", "客户级别"), ("A", "重点客户"), ("B", "重点户"), ("C", "???"))
        run = receive(content)

        (unknown,) = preview(run, seen_by=ed, at=MONDAY).unknown
        assert [(word.text, word.rows, word.meant) for word in unknown.words] == [("重点户", 1, "A"), ("???", 1, "")]
        bring_in(content, choices={"grade": {"重点户": "A", "???": ""}})
        assert dict(Customer.objects.values_list("name", "grade")) == {"A": "A", "B": "A", "C": ""}


class TestFailedRows:
    def test_can_be_put_right_and_handed_in_again(self, bring_in, tmp_path):
        run = bring_in(csv_of(("客户名称", "客户级别"), ("A", "Z"), ("B", "B")))
        path = tmp_path / "errors.xlsx"

        assert write_failed_rows(run, path, "xlsx") == 1
        table = open_table(path)
        assert table.headers[:2] == ["客户名称", "客户级别"]
        assert next(table.rows())[1][:2] == ["A", "Z"]
        assert "Z" in next(table.rows())[1][2]

    @pytest.mark.parametrize(("theirs", "other"), [("en", "zh-hans"), ("zh-hans", "en")])
    def test_say_why_in_the_language_of_whoever_reads_them(self, bring_in, ed, tmp_path, theirs, other):
        type(ed).objects.filter(pk=ed.pk).update(language=theirs)
        rows = [
            ("客户名称", "客户级别", "员工人数", "负责人"),
            ("A", "Z", "1", ""),
            ("B", "A", "many", ""),
            ("C", "A", "1", "X?"),
        ]
        run = bring_in(csv_of(*rows))
        texts = {}

        for language in (theirs, other):
            with translation.override(language):
                texts[language] = [line.said for line in run.lines.order_by("number")]
                write_failed_rows(run, tmp_path / f"{language}.csv", "csv")

        assert run.failed == 3
        assert texts["en"][0] == 'Grade: "Z" is not one of the choices.'
        assert texts["zh-hans"][0] == "等级: “Z”不在选项之内。"
        assert len({*texts["en"], *texts["zh-hans"]}) == 6
        for language, said in texts.items():
            assert all(
                text.replace('"', '""') in (tmp_path / f"{language}.csv").read_text("utf-8-sig") for text in said
            )

    def test_say_what_an_operation_refused_in_both_and_leave_nothing_of_it(self, bring_in, ed):
        bring_in(csv_of(("客户名称", "信用代码"), ("A", "91310000132234567X")))
        run = bring_in(csv_of(("客户名称", "电话"), ("B", "1" * 200), ("C", "021-1234567")), keys=[])

        line = run.lines.get(verdict="failed")
        with translation.override("zh-hans"):
            chinese = line.said
        with translation.override("en"):
            assert line.said != chinese
        assert set(Customer.objects.values_list("name", flat=True)) == {"A", "C"}
