"""The process that a new company starts with: the source's five stages, and reasons that deals are lost for."""

from datetime import datetime

from django.db import transaction

from salesmode.people.models import Person
from salesmode.selling.models import LossReason, Process, Stage
from salesmode.selling.operations.define_loss_reason import define_loss_reason
from salesmode.selling.operations.define_process import StageDraft, define_process

_C = Stage.Category
_STAGES = [
    ("识别潜在客户", "Identify prospects", 10, _C.PIPELINE, 14),
    ("发现需求", "Discover needs", 30, _C.PIPELINE, 21),
    ("展示方案", "Present the solution", 50, _C.BEST_CASE, 21),
    ("处理异议", "Handle objections", 70, _C.MOST_LIKELY, 14),
    ("成交", "Close", 90, _C.COMMIT, 14),
]
_NAMES = {"zh": "标准销售流程", "en": "Standard sales process"}
_LOSS_REASONS = [
    ("客户选择竞品", "Chose a competitor"),
    ("立项失败", "Project was not approved"),
    ("决策链复杂", "Too many people decide"),
    ("预算限制", "Budget"),
    ("需求变化", "Needs changed"),
    ("长期无回应", "No answer"),
]


def _chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def standard_process_drafts(language: str) -> list[StageDraft]:
    """Return the source's five stages in Chinese or English."""
    return [
        StageDraft(zh if _chinese(language) else en, probability, category, days)
        for zh, en, probability, category, days in _STAGES
    ]


def standard_loss_reasons(language: str) -> list[str]:
    """Return the usual reasons that deals are lost for, in Chinese or English."""
    return [zh if _chinese(language) else en for zh, en in _LOSS_REASONS]


@transaction.atomic
def define_standard_process(*, language: str, by: Person, at: datetime) -> Process:
    """Give a new company its first process and loss reasons; a company that has them keeps its own.

    Raises NotAllowed.
    """
    for name in standard_loss_reasons(language):
        if not LossReason.objects.filter(name=name).exists():
            define_loss_reason(name=name, by=by, at=at)
    name = _NAMES["zh" if _chinese(language) else "en"]
    existing = Process.objects.standard()
    if existing is not None:
        return existing
    return define_process(name=name, stages=standard_process_drafts(language), is_default=True, by=by, at=at)
