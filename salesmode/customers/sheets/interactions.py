"""Interactions as rows of a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations, policies
from salesmode.customers.models import Interaction
from salesmode.customers.sheets.finding import KEY, contact_reference, customer_column
from salesmode.exchange.sheet import Column, Option, Sheet, Values, register
from salesmode.people.models import Person
from salesmode.people.sheets import person_reference


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
