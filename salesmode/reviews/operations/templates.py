"""Write down what reviews ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.reviews import ReviewTemplateAmended, ReviewTemplateDefined
from salesmode.reviews.models import ReviewTemplate, TemplateLine
from salesmode.reviews.models.outcomes import personal_metric
from salesmode.reviews.models.scoring import LEVELS, STANDARD_GRADES, Grade, check_grades, check_weights


@dataclass(frozen=True)
class LineDraft:
    """One line to be: a metric with its target (none: the person's goal), or a competency with its five anchors."""

    weight: Decimal
    metric: str = ""
    name: str = ""
    target: Decimal | None = None
    cap: Decimal | None = None
    anchors: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def define_review_template(
    *,
    name: str,
    lines: Sequence[LineDraft],
    grades: Sequence[Grade] = STANDARD_GRADES,
    guidance: str = "",
    is_active: bool = True,
    by: Person,
    at: datetime,
) -> ReviewTemplate:
    """Write down a form for reviews.

    Raises NotAllowed, Invalid when the weights are not 100 together, the grades no scale, or the name taken.
    """
    require(policies.may_define_review_template(by))
    template = ReviewTemplate(name=name.strip(), guidance=guidance, is_active=is_active)
    _save_with_lines(template, lines, grades, at=at)
    record(ReviewTemplateDefined(review_template_id=template.pk), by=by, at=at)
    return template


@transaction.atomic
def amend_review_template(
    template: ReviewTemplate,
    *,
    name: str,
    lines: Sequence[LineDraft],
    grades: Sequence[Grade],
    guidance: str = "",
    is_active: bool = True,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> ReviewTemplate:
    """Change a form; rounds that were opened keep the lines that they have.

    Raises NotAllowed, Stale, Invalid as defining does.
    """
    lock(template, version=version)
    require(policies.may_amend_review_template(by))
    template.name, template.guidance, template.is_active = name.strip(), guidance, is_active
    template.lines.all().delete()
    _save_with_lines(template, lines, grades, at=at)
    record(ReviewTemplateAmended(review_template_id=template.pk), by=by, at=at)
    return template


def _save_with_lines(
    template: ReviewTemplate, lines: Sequence[LineDraft], grades: Sequence[Grade], *, at: datetime
) -> None:
    check_weights([line.weight for line in lines])
    check_grades(grades)
    template.grades = [grade.as_data() for grade in grades]
    fit(template)
    if not template.name:
        raise Invalid({"name": [_("Give the form a name.")]})
    try:
        with transaction.atomic():
            save(template, at=at)
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        raise Invalid({"name": [_("There is a form of this name already.")]}) from None
    rows = [_line(template, draft, place) for place, draft in enumerate(lines)]
    TemplateLine.objects.bulk_create(rows)


def _line(template: ReviewTemplate, draft: LineDraft, place: int) -> TemplateLine:
    if draft.metric:
        personal_metric(draft.metric, field="lines")
    elif not draft.name.strip():
        raise Invalid({"lines": [_("Each line is a number or a competency.")]})
    if (draft.target is not None and draft.target < 0) or (draft.cap is not None and draft.cap <= 0):
        raise Invalid({"lines": [_("Targets and limits are above zero.")]})
    line = TemplateLine(
        template=template,
        position=place,
        kind=TemplateLine.Kind.METRIC if draft.metric else TemplateLine.Kind.COMPETENCY,
        metric=draft.metric,
        name="" if draft.metric else draft.name.strip(),
        weight=draft.weight,
        target=draft.target if draft.metric else None,
        cap=draft.cap if draft.metric else None,
        anchors=[] if draft.metric else list(draft.anchors)[: len(LEVELS)],
    )
    fit(line)
    return line
