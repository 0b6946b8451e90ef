"""Leads and deals as rows of a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.sheets import product_reference
from salesmode.customers.sheets import CREATED, KEY, NOTES, contact_reference, customer_column, erased_again
from salesmode.exchange.sheet import Column, Option, Reference, Sheet, Values, by_text, dated, register
from salesmode.people.models import Person
from salesmode.people.sheets import owner_column
from salesmode.selling import operations, policies
from salesmode.selling.models import Deal, Lead, LossReason, Process, Stage

SOURCES = ("来源", "线索来源", "商机来源", "lead source", "source", "original source")


def find_stages(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Stage]]:
    """Return the stages of a name, those of the default process first."""
    stages = (
        Stage.objects.select_related("process")
        .annotate(low=Lower("name"))
        .filter(low__in=[text.casefold() for text in texts])
    )
    found = by_text((stage.name, stage) for stage in stages.order_by("-process__is_default", "process_id"))
    return {text: several[:1] if several[0].process.is_default else several for text, several in found.items()}


def find_deals(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Deal]]:
    """Return the deals that answer to a key of the former system or a title."""
    deals = Deal.objects.visible_to(by)
    found = [*deals.filter(external_key__in=texts), *deals.filter(title__in=texts)]
    return by_text((text, deal) for deal in found for text in (deal.external_key, deal.title) if text)


def _find_named(model: type[Process] | type[LossReason]) -> Any:
    def find(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Any]]:
        named: QuerySet[Any] = model.objects.annotate(low=Lower("name"))
        rows = named.filter(low__in=[text.casefold() for text in texts])
        return by_text((row.name, row) for row in rows)

    return find


stage_reference = Reference("stage", find_stages, lambda by: list(Stage.objects.values_list("name", flat=True)))
deal_reference = Reference("deal", find_deals)
process_reference = Reference(
    "process", _find_named(Process), lambda by: list(Process.objects.values_list("name", flat=True))
)
loss_reason_reference = Reference(
    "loss_reason", _find_named(LossReason), lambda by: list(LossReason.objects.values_list("name", flat=True))
)


def _outcomes() -> list[Option]:
    words = {
        "open": ("进行中", "未结束", "open", "in progress", "跟进中"),
        "won": ("赢单", "成交", "已成交", "closed won", "won", "签单"),
        "lost": ("输单", "失败", "丢单", "closed lost", "lost", "无效"),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Deal.Outcome.choices]


def _seller(values: Values, by: Person) -> Values:
    if values.get("owner") is None:
        values["owner"] = by
    return values


def _create_deal(values: Values, *, by: Person, at: datetime) -> Deal:
    opened = dated(values, DEALS, at)
    outcome, decided = values.pop("outcome", "open") or "open", values.pop("decided_at", None)
    reason, product = values.pop("loss_reason", None), values.pop("product", None)
    deal = operations.open_deal(**_seller(values, by), by=by, at=opened)
    if product is not None:
        operations.set_deal_lines(
            deal, lines=[operations.LineDraft(product=product, price=deal.amount)], by=by, at=opened
        )
    decided = max(min(decided or at, at), opened)
    if outcome == Deal.Outcome.WON:
        operations.win_deal(deal, by=by, at=decided)
    elif outcome == Deal.Outcome.LOST:
        operations.lose_deal(deal, reason=reason, by=by, at=decided)
    return deal


def _amend_deal(deal: Deal, values: Values, *, by: Person, at: datetime) -> Deal:
    stage, owner, outcome = values.pop("stage", None), values.pop("owner", None), values.pop("outcome", None)
    reason = values.pop("loss_reason", None)
    for name in ("created_at", "decided_at", "process", "product"):
        values.pop(name, None)
    if values:
        operations.amend_deal(deal, **values, by=by, at=at)
    if stage is not None and stage.pk != deal.stage_id:
        operations.move_deal(deal, stage=stage, by=by, at=at)
    if owner is not None and owner.pk != deal.owner_id:
        operations.hand_over_deal(deal, to=owner, by=by, at=at)
    if outcome == Deal.Outcome.WON and deal.is_open:
        operations.win_deal(deal, by=by, at=at)
    if outcome == Deal.Outcome.LOST and deal.is_open:
        operations.lose_deal(deal, reason=reason, by=by, at=at)
    return deal


def _find_deal(key: str, values: Sequence[Any], by: Person) -> dict[Any, Deal]:
    return {getattr(deal, key): deal for deal in Deal.objects.visible_to(by).filter(**{f"{key}__in": values})}


DEALS = register(
    Sheet(
        kind="deal",
        title=_("Deals"),
        words=("deal", "opportunity", "商机", "机会"),
        order=60,
        keys=("external_key",),
        notes="notes",
        dated_by="created_at",
        columns=(
            Column(
                "title",
                _("Deal"),
                aliases=(
                    "商机名称",
                    "名称",
                    "商机",
                    "deal name",
                    "title",
                    "opportunity",
                    "opportunity name",
                    "项目名称",
                ),
                length=200,
            ),
            customer_column(),
            Column(
                "contact",
                _("Contact"),
                "reference",
                ("联系人", "contact", "contact person", "person name", "associated contact email", "primary contact"),
                reference=contact_reference,
            ),
            owner_column("deal owner", "opportunity owner"),
            Column(
                "process",
                _("Process"),
                "reference",
                ("销售流程", "商机组", "pipeline", "sales process", "流程"),
                reference=process_reference,
            ),
            Column(
                "stage",
                _("Stage"),
                "reference",
                ("商机阶段", "阶段", "销售阶段", "deal stage", "stage", "stage pipeline"),
                reference=stage_reference,
            ),
            Column(
                "amount",
                _("Amount"),
                "money",
                ("商机金额", "金额", "预计金额", "amount", "value", "deal value", "close value", "预计销售金额"),
                least=0,
            ),
            Column("currency", _("Currency"), aliases=("币种", "currency of value"), length=3),
            Column(
                "closes_on",
                _("Expected close"),
                "date",
                ("预计成交日期", "预计结单日期", "预计签单日期", "expected close date", "close date", "预计成交时间"),
            ),
            Column(
                "product",
                _("Product"),
                "reference",
                ("产品", "产品名称", "product", "商品"),
                reference=product_reference,
            ),
            Column("source", _("Source"), aliases=SOURCES, length=80),
            Column("type", _("Type"), aliases=("商机类型", "类型", "deal type", "label"), length=40),
            Column(
                "probability",
                _("Probability, %"),
                "percent",
                ("成功率", "赢率", "可能性", "probability"),
                least=0,
                most=100,
            ),
            Column("next_step", _("Next step"), aliases=("下一步", "next step"), length=300),
            Column("notes", _("Notes"), aliases=NOTES),
            Column(
                "outcome", _("Outcome"), "choice", ("结果", "状态", "商机状态", "status", "outcome"), options=_outcomes
            ),
            Column(
                "loss_reason",
                _("Why lost"),
                "reference",
                ("输单原因", "丢单原因", "lost reason", "closed lost reason", "loss reason"),
                reference=loss_reason_reference,
            ),
            Column(
                "decided_at",
                _("Decided"),
                "datetime",
                ("成交时间", "结单时间", "实际成交日期", "closed on", "won time", "lost time", "closed date"),
            ),
            Column(
                "external_key", KEY.label, aliases=(*KEY.aliases, "商机编号", "deal id", "opportunity id"), length=80
            ),
            Column("created_at", CREATED.label, "datetime", (*CREATED.aliases, "engage date", "opened", "open date")),
        ),
        find=_find_deal,
        create=_create_deal,
        amend=_amend_deal,
        may_create=policies.may_open_deal,
    )
)


def _statuses() -> list[Option]:
    words = {
        "new": ("新", "未处理", "open", "待跟进"),
        "working": ("跟进中", "in progress", "contacted", "attempted to contact", "connected", "open deal"),
        "converted": ("已转化", "已转换", "qualified", "customer"),
        "rejected": ("无效", "已关闭", "unqualified", "bad timing", "disqualified"),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Lead.Status.choices]


def _create_lead(values: Values, *, by: Person, at: datetime) -> Lead:
    moment = dated(values, LEADS, at)
    values.pop("status", None)
    if values.get("owner") is None and by.role == Person.Role.SELLER:
        values["owner"] = by
    return operations.create_lead(**values, by=by, at=moment)


def _amend_lead(lead: Lead, values: Values, *, by: Person, at: datetime) -> Lead:
    for name in ("created_at", "status"):
        values.pop(name, None)
    owner = values.pop("owner", None)
    if values:
        operations.amend_lead(lead, **values, by=by, at=at)
    if owner is not None and owner.pk != lead.owner_id:
        operations.hand_over_lead(lead, to=owner, by=by, at=at)
    return lead


def _find_lead(key: str, values: Sequence[Any], by: Person) -> dict[Any, Lead]:
    return {getattr(lead, key): lead for lead in Lead.objects.visible_to(by).filter(**{f"{key}__in": values})}


LEADS = register(
    Sheet(
        kind="lead",
        title=_("Leads"),
        words=("lead", "leads", "线索"),
        order=50,
        keys=("external_key", "email", "phone"),
        notes="notes",
        warner=erased_again,
        dated_by="created_at",
        columns=(
            Column(
                "name",
                _("Lead"),
                aliases=("线索名称", "姓名", "名称", "lead name", "name", "full name", "联系人"),
                required=True,
                length=200,
            ),
            Column(
                "company_name",
                _("Company"),
                aliases=(
                    "公司",
                    "公司名称",
                    "客户名称",
                    "company",
                    "company name",
                    "associated company",
                    "organization",
                ),
                length=200,
            ),
            Column("title", _("Job title"), aliases=("职务", "职位", "job title"), length=120),
            Column(
                "phone",
                _("Phone"),
                aliases=(
                    "手机",
                    "手机号",
                    "电话",
                    "联系电话",
                    "phone number",
                    "phone",
                    "mobile",
                    "mobile phone number",
                ),
                length=60,
            ),
            Column("email", _("E-mail"), "email", ("邮箱", "电子邮件", "email", "e-mail"), length=254),
            Column("source", _("Source"), aliases=SOURCES, length=80),
            Column("industry", _("Industry"), aliases=("客户行业", "行业", "industry"), length=80),
            Column("province", _("Province"), aliases=("省", "省份", "state", "state/region"), length=40),
            Column("city", _("City"), aliases=("市", "城市", "city"), length=40),
            owner_column("lead owner", "contact owner"),
            Column("notes", _("Notes"), aliases=NOTES),
            Column("status", _("Status"), "choice", ("状态", "线索状态", "lead status", "status"), options=_statuses),
            Column(
                "external_key",
                KEY.label,
                aliases=(*KEY.aliases, "lead id", "线索编号", "prospect id", "lead number"),
                length=80,
            ),
            CREATED,
        ),
        find=_find_lead,
        create=_create_lead,
        amend=_amend_lead,
        may_create=policies.may_create_lead,
    )
)
