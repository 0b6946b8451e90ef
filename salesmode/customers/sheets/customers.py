"""Customers as rows of a file, each with its first contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations, policies
from salesmode.customers.models import Customer
from salesmode.customers.sheets.finding import CREATED, KEY, NOTES, customer_reference, erased_again
from salesmode.exchange.sheet import Column, Option, Sheet, Values, dated, register
from salesmode.kernel.bulk import Among
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.people.sheets import owner_column


def _grades() -> list[Option]:
    words = {
        "A": ("重点客户", "A（重点客户）", "key", "重要"),
        "B": ("普通客户", "B（普通客户）", "normal"),
        "C": ("非优先客户", "C（非优先客户）", "low"),
        "D": (),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Customer.Grade.choices]


def _types() -> list[Option]:
    words = {
        "company": ("公司", "企业", "单位", "business", "organization", "b2b"),
        "person": ("个人", "私人", "individual", "consumer", "b2c"),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Customer.Kind.choices]


def _placed(values: Values) -> Values:
    """Read degrees as the numbers that places are kept in."""
    for name in ("latitude", "longitude"):
        if values.get(name) is not None:
            values[name] = float(values[name])
    return values


def _owned(values: Values, by: Person) -> Values:
    """A seller's new records are the seller's own; anyone else's wait for an owner unless the file names one."""
    if values.get("owner") is None and by.role == Person.Role.SELLER:
        values["owner"] = by
    return values


def _prepared(values: Values, by: Person) -> Values:
    """Give a row its owner; a contact's number without a contact's name is the customer's own."""
    values = _placed(values)
    if not values.get("contact_name") and any(name in values for name in CONTACT_COLUMNS):
        nameless = {name: values.pop(name) for name in list(values) if name.startswith("contact_")}
        mobile = nameless.pop("contact_mobile", "")
        if mobile and not values.get("phone"):
            values["phone"], mobile = mobile, ""
        left = [str(each) for each in (mobile, *nameless.values()) if each]
        if left:
            values["notes"] = "\n".join([*([values["notes"]] if values.get("notes") else []), *left])
    return _owned(values, by)


CONTACT_COLUMNS = ("contact_name", "contact_mobile", "contact_wechat", "contact_title")


def _create_customer(values: Values, *, by: Person, at: datetime) -> Customer:
    moment = dated(values, CUSTOMERS, at)
    values = _prepared(values, by)
    contact = {name.removeprefix("contact_"): values.pop(name) for name in list(values) if name.startswith("contact_")}
    customer = operations.create_customer(**values, by=by, at=moment)
    if contact.get("name"):
        operations.create_contact(customer=customer, **contact, by=by, at=moment)
    return customer


def _create_customers(rows: Sequence[Values], *, by: Person, at: datetime) -> Sequence[Customer | Refusal]:
    return operations.import_customers([_prepared(values, by) for values in rows], by=by, at=at)


def _amend_customer(customer: Customer, values: Values, *, by: Person, at: datetime) -> Customer:
    values = {name: value for name, value in values.items() if not name.startswith("contact_") and name != "created_at"}
    values = _placed(values)
    owner, next_contact_at = values.pop("owner", None), values.pop("next_contact_at", None)
    operations.amend_customer(customer, **values, by=by, at=at)
    if owner is not None and owner.pk != customer.owner_id:
        operations.hand_over_customer(customer, to=owner, by=by, at=at)
    if next_contact_at is not None and next_contact_at > at:
        operations.schedule_follow_up(customer, next_contact_at=next_contact_at, by=by, at=at)
    return customer


def _find_customer(key: str, values: Sequence[Any], by: Person) -> dict[Any, Customer]:
    customers = Customer.objects.reachable_by(by).filter(merged_into=None)
    if key == "name":
        found = {customer.name.casefold(): customer for customer in customers.filter(Among("name", values))}
        return {value: found[str(value).casefold()] for value in values if str(value).casefold() in found}
    same = Q(pk__in=values) if key == "id" else Among(key, values)
    return {getattr(customer, key): customer for customer in customers.filter(same)}


CUSTOMERS = register(
    Sheet(
        kind="customer",
        title=_("Customers"),
        words=("customer", "客户", "account", "company", "organization", "公司", "企业"),
        order=30,
        keys=("external_key", "name", "tax_number", "phone"),
        notes="notes",
        warner=erased_again,
        dated_by="created_at",
        columns=(
            Column(
                "name",
                _("Customer"),
                aliases=(
                    "客户名称",
                    "名称",
                    "公司名称",
                    "企业名称",
                    "单位名称",
                    "account",
                    "account name",
                    "company",
                    "company name",
                    "organization",
                    "organization name",
                    "customer name",
                    "客户",
                ),
                required=True,
                length=200,
            ),
            Column("type", _("Type"), "choice", ("客户类型", "类型", "申请人性质"), options=_types),
            owner_column("company owner", "account owner", "customer owner", "organization owner"),
            Column(
                "grade",
                _("Grade"),
                "choice",
                ("客户等级", "客户级别", "级别", "等级", "level", "rating", "tier"),
                options=_grades,
            ),
            Column(
                "industry", _("Industry"), aliases=("客户行业", "行业", "所属行业", "sector", "industry"), length=80
            ),
            Column("source", _("Source"), aliases=("客户来源", "来源", "lead source", "source"), length=80),
            Column(
                "country",
                _("Country or region"),
                aliases=("国家", "国籍", "国家地区", "country", "office location", "headquarters", "country region"),
                length=80,
            ),
            Column(
                "province", _("Province"), aliases=("省", "省份", "state", "state/region", "region", "区域"), length=40
            ),
            Column("city", _("City"), aliases=("市", "城市", "city", "town"), length=40),
            Column("district", _("District"), aliases=("区", "区县", "县", "district", "county"), length=40),
            Column(
                "address",
                _("Address"),
                aliases=("地址", "详细地址", "联系地址", "street address", "address", "organization address", "street"),
                length=300,
            ),
            Column("latitude", _("Latitude"), "number", ("纬度", "latitude", "lat"), least=-90, most=90),
            Column("longitude", _("Longitude"), "number", ("经度", "longitude", "lng", "lon"), least=-180, most=180),
            Column(
                "phone",
                _("Phone"),
                aliases=("电话", "联系电话", "座机", "公司电话", "telephone", "phone number", "phone", "tel"),
                length=60,
            ),
            Column("email", _("E-mail"), "email", ("邮箱", "电子邮件", "电子邮箱", "email", "e-mail"), length=254),
            Column(
                "website",
                _("Website"),
                aliases=(
                    "网址",
                    "网站",
                    "官网",
                    "website",
                    "url",
                    "website url",
                    "company domain name",
                    "domain",
                    "公司网址",
                ),
                length=200,
            ),
            Column(
                "tax_number",
                _("Tax number"),
                aliases=(
                    "税号",
                    "统一社会信用代码",
                    "机构代码",
                    "信用代码",
                    "纳税人识别号",
                    "vat number",
                    "tax id",
                    "organization number",
                ),
                length=40,
            ),
            Column(
                "founded_in",
                _("Founded in"),
                "integer",
                ("成立年份", "成立时间", "year established", "year founded", "founded"),
                least=1000,
                most=2200,
            ),
            Column(
                "annual_revenue",
                _("Annual revenue"),
                "money",
                ("年收入", "年营业额", "营业额", "revenue", "annual revenue", "turnover"),
                least=0,
            ),
            Column(
                "employees",
                _("Employees"),
                "integer",
                ("员工人数", "员工数", "人数", "规模", "number of employees", "employees", "headcount"),
                least=0,
            ),
            Column(
                "parent",
                _("Subsidiary of"),
                "reference",
                ("上级客户", "母公司", "集团", "parent company", "subsidiary of", "parent account"),
                reference=customer_reference,
            ),
            Column("tags", _("Tags"), "tags", ("标签", "label", "labels", "客户标签")),
            Column("notes", _("Notes"), aliases=NOTES),
            Column(
                "next_contact_at",
                _("Next contact"),
                "datetime",
                ("下次联系时间", "下次跟进时间", "next activity date", "next contact date"),
            ),
            Column(
                "contact_name",
                _("Contact"),
                aliases=(
                    "联系人",
                    "联系人姓名",
                    "首要联系人",
                    "contact",
                    "contact name",
                    "contact person",
                    "person name",
                    "primary contact",
                ),
                length=120,
            ),
            Column(
                "contact_mobile",
                _("Contact's mobile"),
                aliases=(
                    "手机",
                    "手机号",
                    "手机号码",
                    "联系人手机",
                    "移动电话",
                    "mobile",
                    "mobile phone",
                    "mobile phone number",
                ),
                length=60,
            ),
            Column("contact_wechat", _("Contact's WeChat"), aliases=("微信", "微信号", "wechat"), length=80),
            Column("contact_title", _("Contact's job title"), aliases=("联系人职务", "职务", "职位"), length=120),
            Column(
                "external_key",
                KEY.label,
                aliases=(
                    *KEY.aliases,
                    "客户编号",
                    "客户代码",
                    "客户编码",
                    "company id",
                    "account id",
                    "customer id",
                    "account number",
                ),
                length=80,
            ),
            CREATED,
        ),
        find=_find_customer,
        create=_create_customer,
        create_many=_create_customers,
        amend=_amend_customer,
        may_create=policies.may_create_customer,
    )
)
