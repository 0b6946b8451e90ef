"""Numbers for programs."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from salesmode.analytics.dimensions import DIMENSIONS, key_of
from salesmode.analytics.links import records_url
from salesmode.analytics.measure import Reading, dimensions_of, measure
from salesmode.analytics.metrics import REGISTRY, Metric, UnknownMetric, metric
from salesmode.kernel.api import BadRequest, DefinedOut, PlainPaging, answer, caller, defined_fields, few, responses
from salesmode.kernel.models import Company
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid
from salesmode.people.visibility import seen_owner_ids

router = Router(tags=["metrics"])
ROUTERS = {"metrics": router}
COMPARISONS = {"": None, "previous": "previous", "last_year": "last_year"}


class MetricOut(DefinedOut):
    """A number that the company believes in."""

    code: str
    label: str
    question: str
    unit: str
    direction: str
    computed: str
    dimensions: list[str]


class MetricList(Schema):
    """All metrics."""

    items: list[MetricOut]
    next: str | None


class PointOut(Schema):
    """One point of a number's course."""

    first: str
    until: str
    label: str
    value: float | None


class SliceOut(Schema):
    """One part of a number."""

    key: int | str | list[int | str | None] | None
    label: str
    value: float | None
    previous: float | None
    records: str


class ReadingOut(Schema):
    """The answer to a metric's question; unknown is null. Money is in the company's currency."""

    code: str
    period: str
    first: str
    until: str
    unit: str
    currency: str | None
    value: float | None
    previous: float | None
    series: list[PointOut]
    breakdown: list[SliceOut]
    records: str


class Asked(Schema):
    """What to answer: `where` is name:value, several with commas, such as team:3,product:7."""

    period: str = "this-month"
    by: str = ""
    compare: str = ""
    where: str = ""


def _metric(one: Metric) -> dict[str, Any]:
    return defined_fields(one.code, one) | {
        "code": one.code,
        "label": str(one.label),
        "question": str(one.question),
        "unit": one.unit,
        "direction": one.direction,
        "computed": one.computed,
        "dimensions": dimensions_of(one),
    }


@router.get("", response=responses(MetricList), operation_id="list_metrics")
def list_metrics(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List every metric with its question, unit and dimensions."""
    return few(request, sorted(REGISTRY), lambda code: _metric(REGISTRY[code]), key=str)


@router.get("/{str:code}", response=responses(ReadingOut), operation_id="measure")
def read_metric(request: HttpRequest, code: str, asked: Query[Asked]) -> HttpResponse:
    """Answer a metric's question for a period, over what the caller may see."""
    person = caller(request)
    try:
        metric(code)
    except UnknownMetric:
        raise Http404 from None
    try:
        if asked.compare not in COMPARISONS:
            raise Invalid({"compare": [_("Choose previous or last_year.")]})
        period = Period.parse(asked.period)
        where = _where(asked.where)
        reading = measure(
            code,
            period,
            by=asked.by or None,
            compare=COMPARISONS[asked.compare],  # type: ignore[arg-type]
            where=where,
            seen_by_owners=seen_owner_ids(person),
        )
    except Invalid as refusal:
        raise BadRequest(refusal.message, fields=refusal.fields) from None
    return answer(_reading(reading, asked, where))


def _where(text: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in filter(None, text.split(",")):
        name, colon, value = part.partition(":")
        if not colon or name not in DIMENSIONS:
            raise Invalid({"where": [_("Write name:value, such as team:3.")]})
        found.setdefault(name, []).append(key_of(name, value))
    return found


def _reading(reading: Reading, asked: Asked, where: dict[str, list[Any]]) -> dict[str, Any]:
    one, period = reading.metric, reading.period
    return {
        "code": one.code,
        "period": asked.period,
        "first": str(period.first),
        "until": str(period.until),
        "unit": one.unit,
        "currency": Company.objects.current().currency if one.unit.startswith("money") else None,
        "value": _number(reading.value),
        "previous": _number(reading.previous),
        "series": [
            {"first": str(at.first), "until": str(at.until), "label": at.label, "value": _number(at.value)}
            for at in reading.series
        ],
        "breakdown": [
            {
                "key": part.key,
                "label": part.label,
                "value": _number(part.value),
                "previous": _number(part.previous),
                "records": records_url(one, period, {**where, **_slice(asked.by, part.key)}),
            }
            for part in reading.breakdown
        ],
        "records": records_url(one, period, where),
    }


def _slice(by: str, key: Any) -> dict[str, list[Any]]:
    names = by.split(",")
    return {name: [part] for name, part in zip(names, [key] if len(names) == 1 else key, strict=True)}


def _number(value: Any) -> int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
