"""Contacts as rows of a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations, policies
from salesmode.customers.models import Contact
from salesmode.customers.sheets.finding import CREATED, KEY, NOTES, customer_column, erased_again
from salesmode.exchange.sheet import Column, Sheet, Values, dated, register
from salesmode.people.models import Person


def _create_contact(values: Values, *, by: Person, at: datetime) -> Contact:
    moment = dated(values, CONTACTS, at)
    return operations.create_contact(**_whole_name(values), by=by, at=moment)


def _amend_contact(contact: Contact, values: Values, *, by: Person, at: datetime) -> Contact:
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
        warner=erased_again,
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
