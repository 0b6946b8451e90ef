"""Customers, contacts and interactions as rows of a file, and how a name, key, website or e-mail finds one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.customers import policies
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.exchange.sheet import Column, Option, Reference, Sheet, Values, by_text, dated, register
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.people.sheets import owner_column, person_reference

KEY = Column(
    "external_key",
    _("Key in the former system"),
    aliases=("record id", "id", "编号", "system id", "pipedrive system id", "原系统编号", "external id", "外部编号"),
    length=80,
)
CREATED = Column(
    "created_at",
    _("Created"),
    "datetime",
    ("创建时间", "创建日期", "create date", "created", "creation date", "date created", "created at", "建档日期"),
)
NOTES = (
    "备注",
    "notes",
    "note",
    "remark",
    "说明",
    "comment",
    "comments",
    "note content",
    "描述",
    "description",
    "备注信息",
)


def _host(website: str) -> str:
    return website.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]


def find_customers(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Customer]]:
    """Return the customers that answer to a name, a key of the former system or the host of their website."""
    wanted = [text.casefold() for text in texts]
    customers = Customer.objects.reachable_by(by).filter(merged_into=None)
    found = list(customers.filter(external_key__in=texts)) + list(
        customers.annotate(low=Lower("name")).filter(low__in=wanted)
    )
    known = {text for customer in found for text in (customer.external_key.casefold(), customer.name.casefold())}
    hosts = [text for text in wanted if text not in known and "." in text and " " not in text]
    if hosts:
        spellings = [
            start + host
            for host in hosts
            for start in ("", "www.", "https://", "http://", "https://www.", "http://www.")
        ]
        found += customers.annotate(site=Lower("website")).filter(
            site__in=[*spellings, *(f"{spelling}/" for spelling in spellings)]
        )
    return by_text(
        (text, customer)
        for customer in found
        for text in (customer.external_key, customer.name, _host(customer.website))
        if text
    )


def find_contacts(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Contact]]:
    """Return the contacts that answer to an e-mail, a key of the former system or a name."""
    wanted = [text.casefold() for text in texts]
    contacts = Contact.objects.visible_to(by)
    found = list(contacts.filter(external_key__in=texts)) + list(
        contacts.annotate(low=Lower("email")).filter(low__in=wanted)
    )
    known = {text for contact in found for text in (contact.external_key.casefold(), contact.email.casefold())}
    names = [text for text in texts if text.casefold() not in known and "@" not in text]
    if names:
        found += contacts.filter(name__in=names)
    return by_text(
        (text, contact) for contact in found for text in (contact.external_key, contact.email, contact.name) if text
    )


customer_reference = Reference("customer", find_customers)
contact_reference = Reference("contact", find_contacts)


def customer_column(*aliases: str, required: bool = False) -> Column:
    """Return the column that says which customer a record belongs to."""
    names = (
        "客户名称",
        "客户",
        "所属客户",
        "公司",
        "公司名称",
        "account",
        "account name",
        "company",
        "company name",
        "customer",
        "organization",
        "organization name",
        "associated company",
        "associated company domain",
    )
    return Column(
        "customer", _("Customer"), "reference", (*names, *aliases), required=required, reference=customer_reference
    )


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


def _owned(values: Values, by: Person) -> Values:
    """A seller's new records are the seller's own; anyone else's wait for an owner unless the file names one."""
    if values.get("owner") is None and by.role == Person.Role.SELLER:
        values["owner"] = by
    return values


def _prepared(values: Values, by: Person) -> Values:
    """Give a row its owner; a contact's number without a contact's name is the customer's own."""
    if not values.get("contact_name"):
        nameless = {name: values.pop(name) for name in list(values) if name.startswith("contact_")}
        mobile = nameless.pop("contact_mobile", "")
        if mobile and not values.get("phone"):
            values["phone"], mobile = mobile, ""
        left = [str(each) for each in (mobile, *nameless.values()) if each]
        if left:
            values["notes"] = "\n".join([*([values["notes"]] if values.get("notes") else []), *left])
    return _owned(values, by)


def _create_customer(values: Values, *, by: Person, at: datetime) -> Customer:
    from salesmode.customers import operations

    moment = dated(values, CUSTOMERS, at)
    values = _prepared(values, by)
    contact = {name.removeprefix("contact_"): values.pop(name) for name in list(values) if name.startswith("contact_")}
    customer = operations.create_customer(**values, by=by, at=moment)
    if contact.get("name"):
        operations.create_contact(customer=customer, **contact, by=by, at=moment)
    return customer


def _create_customers(rows: Sequence[Values], *, by: Person, at: datetime) -> Sequence[Customer | Refusal]:
    from salesmode.customers import operations

    return operations.import_customers([_prepared(values, by) for values in rows], by=by, at=at)


def _amend_customer(customer: Customer, values: Values, *, by: Person, at: datetime) -> Customer:
    from salesmode.customers import operations

    values = {name: value for name, value in values.items() if not name.startswith("contact_") and name != "created_at"}
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
        found = {customer.name.casefold(): customer for customer in customers.filter(name__in=values)}
        return {value: found[str(value).casefold()] for value in values if str(value).casefold() in found}
    return {getattr(customer, key): customer for customer in customers.filter(**{f"{key}__in": values})}


CUSTOMERS = register(
    Sheet(
        kind="customer",
        title=_("Customers"),
        words=("customer", "客户", "account", "company", "organization", "公司", "企业"),
        order=30,
        keys=("external_key", "name", "tax_number", "phone"),
        notes="notes",
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


def _create_contact(values: Values, *, by: Person, at: datetime) -> Contact:
    from salesmode.customers import operations

    moment = dated(values, CONTACTS, at)
    return operations.create_contact(**_whole_name(values), by=by, at=moment)


def _amend_contact(contact: Contact, values: Values, *, by: Person, at: datetime) -> Contact:
    from salesmode.customers import operations

    values.pop("created_at", None)
    return operations.amend_contact(contact, **_whole_name(values), by=by, at=at)


def _whole_name(values: Values) -> Values:
    """Put first and last name together: the family name first where it is Chinese."""
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if not values.get("name") and (first or last):
        chinese = any("一" <= letter <= "鿿" for letter in first + last)
        values["name"] = f"{last}{first}" if chinese else f"{first} {last}".strip()
    return values


def _find_contact(key: str, values: Sequence[Any], by: Person) -> dict[Any, Contact]:
    contacts = Contact.objects.visible_to(by)
    if key == "email":
        found = {
            contact.email.casefold(): contact
            for contact in contacts.annotate(low=Lower("email")).filter(
                low__in=[str(value).casefold() for value in values]
            )
        }
        return {value: found[str(value).casefold()] for value in values if str(value).casefold() in found}
    return {getattr(contact, key): contact for contact in contacts.filter(**{f"{key}__in": values})}


CONTACTS = register(
    Sheet(
        kind="contact",
        title=_("Contacts"),
        words=("contact", "联系人", "person"),
        order=40,
        keys=("external_key", "email"),
        notes="notes",
        dated_by="created_at",
        columns=(
            Column(
                "name",
                _("Name"),
                aliases=("姓名", "联系人", "联系人姓名", "full name", "contact name", "name"),
                length=120,
            ),
            Column("first_name", _("First name"), aliases=("名", "first name", "given name"), length=60),
            Column("last_name", _("Last name"), aliases=("姓", "last name", "surname", "family name"), length=60),
            customer_column("所属公司"),
            Column("title", _("Job title"), aliases=("职务", "职位", "job title", "title", "position"), length=120),
            Column("department", _("Department"), aliases=("部门", "department"), length=120),
            Column(
                "phone",
                _("Phone"),
                aliases=("电话", "座机", "联系电话", "phone number", "phone", "telephone"),
                length=60,
            ),
            Column(
                "mobile",
                _("Mobile"),
                aliases=("手机", "手机号", "手机号码", "移动电话", "mobile phone number", "mobile phone", "cell phone"),
                length=60,
            ),
            Column(
                "email",
                _("E-mail"),
                "email",
                ("邮箱", "电子邮件", "电子邮箱", "email", "e-mail", "email work", "person email"),
                length=254,
            ),
            Column("wechat", _("WeChat"), aliases=("微信", "微信号"), length=80),
            Column(
                "is_decision_maker",
                _("Decision maker"),
                "flag",
                ("是否关键决策人", "关键决策人", "决策人", "decision maker"),
            ),
            Column("birthday", _("Birthday"), "date", ("生日", "出生日期", "date of birth")),
            Column("notes", _("Notes"), aliases=NOTES),
            Column("external_key", KEY.label, aliases=(*KEY.aliases, "contact id", "person id"), length=80),
            CREATED,
        ),
        find=_find_contact,
        create=_create_contact,
        amend=_amend_contact,
        may_create=lambda by: policies.may_create_contact(by, None),
    )
)


def _channels() -> list[Option]:
    words = {
        "call": ("电话", "打电话", "phone", "phone call", "通话"),
        "visit": ("拜访", "见面拜访", "上门", "到访", "on-site"),
        "email": ("邮件", "e-mail", "mail"),
        "meeting": ("会议", "开会", "meet", "demo"),
        "message": ("短信", "微信", "消息", "sms", "whatsapp", "wechat"),
        "note": ("备注", "记录", "其他", "task", "任务", "other"),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Interaction.Channel.choices]


def _create_interaction(values: Values, *, by: Person, at: datetime) -> Interaction:
    from salesmode.customers import operations

    contact = values.get("contact")
    if contact is not None and values.get("customer") is None:
        values["customer"] = contact.customer
    subject = values.pop("subject", "")
    if subject:
        values["content"] = "\n".join(part for part in (subject, values.get("content", "")) if part)
    values.setdefault("happened_at", at)
    author = values.pop("author", None)
    return operations.log_interaction(
        **values, **({"author": author} if author else {}), by=by, at=min(values["happened_at"], at)
    )


def _find_interaction(key: str, values: Sequence[Any], by: Person) -> dict[Any, Interaction]:
    return {getattr(each, key): each for each in Interaction.objects.visible_to(by).filter(**{f"{key}__in": values})}


INTERACTIONS = register(
    Sheet(
        kind="interaction",
        title=_("Interactions"),
        words=("interaction", "activity", "跟进", "跟进记录", "回访", "engagement"),
        order=70,
        keys=("external_key",),
        notes="content",
        columns=(
            Column(
                "happened_at",
                _("When"),
                "datetime",
                ("跟进时间", "联系时间", "回访时间", "时间", "日期", "activity date", "date", "due date"),
                required=True,
            ),
            Column(
                "channel",
                _("How"),
                "choice",
                ("跟进方式", "联系方式", "回访形式", "方式", "activity type", "type"),
                options=_channels,
            ),
            customer_column(),
            Column(
                "contact",
                _("Contact"),
                "reference",
                (
                    "联系人",
                    "contact",
                    "associated contact email",
                    "contact email",
                    "contact person",
                    "person",
                    "person name",
                ),
                reference=contact_reference,
            ),
            Column(
                "author",
                _("By"),
                "reference",
                ("回访人", "跟进人", "创建人", "记录人", "activity owner", "owner", "user", "assigned to"),
                reference=person_reference,
            ),
            Column(
                "subject",
                _("Subject"),
                aliases=("主题", "标题", "subject", "title", "call/meeting title/subject"),
                length=300,
            ),
            Column(
                "content",
                _("What was said"),
                aliases=(
                    "跟进内容",
                    "内容",
                    "沟通内容",
                    "客户反馈",
                    "notes/description",
                    "notes",
                    "description",
                    "note content",
                    "备注",
                ),
            ),
            Column(
                "next_contact_at",
                _("Next contact"),
                "datetime",
                ("下次联系时间", "下次跟进时间", "next contact date", "task due date"),
            ),
            Column("minutes", _("Minutes"), "integer", ("时长", "时长分钟", "duration"), least=0, most=10_000),
            Column("external_key", KEY.label, aliases=(*KEY.aliases, "activity id", "回访编号"), length=80),
        ),
        find=_find_interaction,
        create=_create_interaction,
        may_create=lambda by: policies.may_log_interaction(by),
    )
)
