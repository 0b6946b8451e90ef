"""Orders and payments as rows of a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesmode.customers.sheets import KEY, NOTES, customer_column
from salesmode.exchange.sheet import Column, Option, Reference, Sheet, Values, by_text, register
from salesmode.kernel.locking import require
from salesmode.orders import operations, policies
from salesmode.orders.models import Order, Payment
from salesmode.people.models import Person
from salesmode.people.permissions import may
from salesmode.people.sheets import owner_column
from salesmode.selling.sheets import deal_reference


def find_orders(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Order]]:
    """Return the orders that answer to a number, ours or that of the former system, or a title."""
    orders = Order.objects.visible_to(by).filter(Q(number__in=texts) | Q(external_key__in=texts) | Q(title__in=texts))
    return by_text(
        (text, order) for order in orders for text in (order.number, order.external_key, order.title) if text
    )


order_reference = Reference("order", find_orders)


def _statuses() -> list[Option]:
    words = {
        "draft": ("草稿", "未签", "待签", "审批中"),
        "signed": ("已签", "已签订", "执行中", "生效", "active"),
        "fulfilled": ("已完成", "已交付", "完成", "closed", "delivered"),
    }
    return [Option(value, label, words[value]) for value, label in Order.Status.choices if value in words]


def _create_order(values: Values, *, by: Person, at: datetime) -> Order:
    status, signed_on = values.pop("status", None), values.pop("signed_on", None)
    owner = values.get("owner")
    require(owner is None or owner.pk == by.pk or policies.may_amend_order(by, Order(owner=owner)))
    values.setdefault("title", f"{values['customer']}")
    order = operations.draft_order(**values, by=by, at=at)
    if signed_on is not None and status != Order.Status.DRAFT:
        operations.sign_order(order, on=signed_on, by=by, at=at)
        if status == Order.Status.FULFILLED:
            operations.fulfil_order(order, by=by, at=at)
    return order


def _amend_order(order: Order, values: Values, *, by: Person, at: datetime) -> Order:
    signed_on, status = values.pop("signed_on", None), values.pop("status", None)
    for name in ("customer", "deal", "owner", "external_key"):
        values.pop(name, None)
    if values:
        operations.amend_order(order, **values, by=by, at=at)
    if signed_on is not None and order.status == Order.Status.DRAFT and status != Order.Status.DRAFT:
        operations.sign_order(order, on=signed_on, by=by, at=at)
    return order


def _find_order(key: str, values: Sequence[Any], by: Person) -> dict[Any, Order]:
    return {getattr(order, key): order for order in Order.objects.visible_to(by).filter(**{f"{key}__in": values})}


ORDERS = register(
    Sheet(
        kind="order",
        title=_("Orders"),
        words=("order", "contract", "合同", "订单"),
        order=80,
        keys=("external_key",),
        notes="notes",
        columns=(
            Column(
                "title",
                _("Order"),
                aliases=("合同名称", "订单名称", "名称", "order name", "contract name", "title"),
                length=200,
            ),
            customer_column(required=True),
            Column(
                "deal", _("Deal"), "reference", ("商机名称", "商机", "deal", "opportunity"), reference=deal_reference
            ),
            owner_column("公司签约人", "签约人"),
            Column(
                "amount",
                _("Amount"),
                "money",
                ("合同金额", "订单金额", "金额", "total", "order amount", "contract value"),
                required=True,
                least=0,
            ),
            Column("currency", _("Currency"), aliases=("币种",), length=3),
            Column("status", _("Status"), "choice", ("状态", "合同状态", "订单状态"), options=_statuses),
            Column(
                "signed_on",
                _("Signed on"),
                "date",
                ("下单时间", "签订日期", "签约日期", "签订时间", "order date", "date signed", "合同日期"),
            ),
            Column("starts_on", _("Starts on"), "date", ("合同开始时间", "开始日期", "开始时间", "start date")),
            Column("ends_on", _("Ends on"), "date", ("合同结束时间", "结束日期", "结束时间", "end date")),
            Column("notes", _("Notes"), aliases=NOTES),
            Column(
                "external_key",
                KEY.label,
                aliases=(
                    *KEY.aliases,
                    "合同编号",
                    "订单编号",
                    "订单号",
                    "合同号",
                    "order number",
                    "contract number",
                    "order id",
                ),
                length=80,
            ),
        ),
        find=_find_order,
        create=_create_order,
        amend=_amend_order,
        may_create=policies.may_draft_order,
    )
)


def _methods() -> list[Option]:
    words = {
        "transfer": ("网上转账", "电汇", "转账", "银行转账", "邮政汇款", "对公转账", "wire"),
        "cheque": ("支票", "check"),
        "cash": ("现金",),
        "alipay": ("支付宝",),
        "wechat": ("微信支付", "微信"),
        "card": ("刷卡", "银行卡", "credit card"),
        "other": ("其他",),
    }
    return [Option(value, label, words.get(value, ())) for value, label in Payment.Method.choices]


def _create_payment(values: Values, *, by: Person, at: datetime) -> Payment:
    values.pop("customer", None)
    values.setdefault("received_on", at.date())
    return operations.receive_payment(values.pop("order"), **values, by=by, at=at)


def _find_payment(key: str, values: Sequence[Any], by: Person) -> dict[Any, Payment]:
    payments = Payment.objects.visible_to(by).filter(reverses=None, **{f"{key}__in": values})
    return {getattr(payment, key): payment for payment in payments}


PAYMENTS = register(
    Sheet(
        kind="payment",
        title=_("Payments"),
        words=("payment", "回款", "收款"),
        order=90,
        keys=("reference",),
        notes="notes",
        columns=(
            Column(
                "order",
                _("Order"),
                "reference",
                ("合同编号", "订单编号", "合同", "订单", "order number", "contract", "invoice"),
                required=True,
                reference=order_reference,
            ),
            customer_column(),
            Column("amount", _("Amount"), "money", ("回款金额", "收款金额", "金额", "payment amount"), required=True),
            Column(
                "received_on",
                _("Received on"),
                "date",
                ("回款日期", "收款日期", "到账日期", "payment date", "date received", "date"),
            ),
            Column(
                "method",
                _("Method"),
                "choice",
                ("回款方式", "付款方式", "收款方式", "payment method"),
                options=_methods,
            ),
            Column(
                "reference",
                _("Bank reference"),
                aliases=("回款编号", "流水号", "收款编号", "reference", "payment number", "payment id"),
                length=120,
            ),
            Column("notes", _("Notes"), aliases=NOTES),
        ),
        find=_find_payment,
        create=_create_payment,
        may_create=lambda by: may(by, "orders.receive_payment", Order(owner=None)),
    )
)
