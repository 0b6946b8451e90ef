"""The company's own fields come in and go out like any other column."""

from django.http import QueryDict

from salesmode.customers.models import Customer
from salesmode.exchange.taking_out import take_out
from salesmode.kernel.operations import define_custom_field
from tests.conftest import MONDAY
from tests.exchange.conftest import csv_of


def define(ed, key: str, label: str, kind: str, **more) -> None:
    """Give customers a field of the company's own."""
    define_custom_field(
        kind="customer", key=key, label_zh=label, label_en=key.title(), type=kind, by=ed, at=MONDAY, **more
    )


def test_they_are_found_by_their_label_and_checked(bring_in, ed):
    define(ed, "fleet", "车队规模", "number")
    define(ed, "tier", "渠道", "choice", choices=["直营", "代理"])
    define(ed, "since", "合作日期", "date")

    run = bring_in(
        csv_of(
            ("客户名称", "车队规模", "渠道", "合作日期"),
            ("甲", "1200", "直营", "2024年1月5日"),
            ("乙", "many", "直营", ""),
        )
    )

    assert (run.created, run.failed) == (1, 1)
    assert Customer.objects.get().custom == {
        "fleet": "1200",
        "tier": "直营",
        "since": "2024-01-05",
    } or Customer.objects.get().custom == {
        "fleet": 1200,
        "tier": "直营",
        "since": "2024-01-05",
    }


def test_they_go_out_and_come_in_unchanged(bring_in, ed, tmp_path):
    define(ed, "fleet", "车队规模", "number")
    define(ed, "tags", "渠道", "multi", choices=["直营", "代理"])
    bring_in(csv_of(("客户名称", "车队规模", "渠道"), ("甲", "1200", "直营；代理")))
    before = Customer.objects.values().get()
    path = tmp_path / "customers.xlsx"
    take_out("customer", QueryDict(), seen_by=ed, complete=True).write(path, "xlsx")

    run = bring_in(path.read_bytes(), name="customers.xlsx", mode="upsert", keys=["name"])

    assert run.unchanged == 1, list(run.lines.values())
    assert Customer.objects.values().get() == before
