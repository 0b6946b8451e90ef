"""Headers met in Chinese, Pipedrive and HubSpot files: every one that we have a place for finds it."""

import csv

import pytest

from salesmode.exchange.mapping import NOTES, propose
from salesmode.exchange.reading import Table, open_table
from salesmode.exchange.sheet import SHEETS
from tests.reference.conftest import reference

ENTITIES = {
    "客户": "customer",
    "线索": "lead",
    "联系人": "contact",
    "产品": "product",
    "商机": "deal",
    "合同": "order",
    "回款": "payment",
    "17": "interaction",
}
# What has no column of its own is kept in the notes, with its name.
NO_COLUMN = {
    "customer": {
        "QQ",
        "代理人传真",
        "代理人姓名",
        "代理人手机",
        "代理人电话",
        "代理人邮箱",
        "代理机构代码",
        "代理机构名称",
        "代理机构地址",
        "代理机构邮编",
        "传真",
        "创建人",
        "客户状态",
        "更新时间",
        "最近沟通时间",
        "档案数量",
        "沟通内容",
        "调阅次数",
        "账户状态",
        "邮政编码",
        "需求",
    },
    "lead": {"下次联系时间", "地址", "客户级别", "电话"},
    "contact": {
        "Associated Deal IDs",
        "Contact owner",
        "Last Modified Date",
        "Lead Source",
        "Lead Status",
        "Lifecycle Stage",
        "Record ID",
        "下次联系时间",
        "地址",
        "性别",
    },
    "order": {"合同类型", "客户签约人"},
    "payment": {"期数"},
    "interaction": {"合同编号", "客户满意度"},
}


def targets(headers: list[str], sheet: str) -> dict[str, str]:
    """Where each header goes in a file with these headers and no rows."""
    table = Table(path=None, form="csv", headers=headers, header_row=1)  # type: ignore[arg-type]
    return {guess.header: guess.target for guess in propose(table, SHEETS[sheet])}


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_wukong_labels(entity):
    with (reference("import-headers") / "wukong_crm_field_labels.csv").open(encoding="utf-8") as file:
        labels = [row["label_zh"] for row in csv.DictReader(file) if row["entity"] == entity]
    sheet = ENTITIES[entity]

    lost = {label for label, target in targets(labels, sheet).items() if target in ("", NOTES)}

    assert lost <= NO_COLUMN.get(sheet, set())


@pytest.mark.parametrize("position", range(6))
def test_chinese_header_rows(position):
    with (reference("import-headers") / "header_rows_seen.csv").open(encoding="utf-8") as file:
        headers = list(csv.DictReader(file))[position]["header_row"].split(",")

    lost = {header for header, target in targets(headers, "customer").items() if target in ("", NOTES)}

    assert lost <= NO_COLUMN["customer"]


def test_pipedrive_deal_fields():
    with (reference("import-headers") / "pipedrive_hubspot_header_rows_seen.csv").open(encoding="utf-8") as file:
        headers = list(csv.DictReader(file))[1]["header_row"].split(",")

    found = targets(headers, "deal")

    assert found["Deal - Title"] == "title"
    assert found["Organization*"] == "customer"
    assert found["Contact person*"] == "contact"
    assert found["Deal - Stage (pipeline)"] == "stage"
    assert found["Deal - Expected close date"] == "closes_on"
    assert {header for header, target in found.items() if target == NOTES} <= {
        "Deal - Visible to",
        "Deal - Lost time",
        "Deal - Won time",
        "Deal - Closed on",
    }


def test_hubspot_contact_fields():
    with (reference("import-headers") / "pipedrive_hubspot_header_rows_seen.csv").open(encoding="utf-8") as file:
        headers = list(csv.DictReader(file))[2]["header_row"].split(",")

    found = targets(headers, "contact")

    assert {
        name: found[name]
        for name in ("First Name", "Last Name", "Email", "Phone Number", "Associated Company", "Create Date")
    } == {
        "First Name": "first_name",
        "Last Name": "last_name",
        "Email": "email",
        "Phone Number": "phone",
        "Associated Company": "customer",
        "Create Date": "created_at",
    }
    assert {header for header, target in found.items() if target == NOTES} <= NO_COLUMN["contact"]


def test_a_chinese_workbook():
    (path,) = reference("import-headers").glob("*.xlsx")
    table = open_table(path)

    found = {guess.header: guess.target for guess in propose(table, SHEETS["customer"])}

    assert found == {
        "名称": "name",
        "联系人": "contact_name",
        "电话": "phone",
        "邮箱": "email",
        "微信": "contact_wechat",
        "地址": "address",
        "类型": "type",
        "区域": "province",
        "需求": NOTES,
        "备注": "notes",
    }
