"""What every endpoint shares: schemas, versions, answers and lists."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, get_args

import orjson
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from salesmode.kernel.lists_refusals import UnknownName
from salesmode.kernel.models import Company
from salesmode.kernel.money import UNIT_PRICE, WHOLE_DIGITS, currencies, rounded, too_many_decimals
from salesmode.kernel.refusals import Invalid, Refusal

MOST_PER_PAGE = 200
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class BadRequest(Refusal):
    """The request itself makes no sense."""

    status = HTTPStatus.BAD_REQUEST


class VersionMissing(Refusal):
    """A change must say which version it was made from."""

    status = HTTPStatus.PRECONDITION_REQUIRED

    def __init__(self) -> None:
        super().__init__(_('Say which version you changed: If-Match: "<version>".'))


def _printable(text: str) -> str:
    if "\x00" in text:
        raise ValueError(_("Text cannot contain NUL characters."))
    return text


Text = Annotated[str, AfterValidator(_printable)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Id = Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]
UnitPrice = Annotated[
    Decimal,
    Field(
        ge=0,
        max_digits=WHOLE_DIGITS + UNIT_PRICE["decimal_places"],
        decimal_places=UNIT_PRICE["decimal_places"],
        allow_inf_nan=False,
    ),
    AfterValidator(abs),
]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3, allow_inf_nan=False), AfterValidator(abs)]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:", re.ASCII)
_WRITTEN = {date: (date, _DAY), datetime: (datetime, _MOMENT), AwareDatetime: (datetime, _MOMENT)}


@cache
def _kinds(model: type[BaseModel], name: str) -> frozenset[Any]:
    """Return the plain types that a field may have."""

    def plain(annotation: Any) -> Iterator[Any]:
        parts = get_args(annotation)
        yield from (kind for part in parts for kind in plain(part)) if parts else (annotation,)

    return frozenset(plain(model.model_fields[name].annotation))


class Given(Schema):
    """What a program says; the schema library would make a day of any number, and a number of true."""

    @field_validator("*", mode="before")
    @classmethod
    def says_what_it_means(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse days and times that are not written as such, and true or false where a number belongs."""
        kinds = _kinds(cls, info.field_name or "")
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, bool) and bool not in kinds and kinds & {int, float}:
                raise PydanticCustomError("float_type", "A number is needed.")
            for kind in kinds & _WRITTEN.keys() if each is not None else ():
                meant, form = _WRITTEN[kind]
                if not isinstance(each, meant) and not (isinstance(each, str) and form.match(each.strip())):
                    raise PydanticCustomError("date_type" if meant is date else "datetime_type", "Not written so.")
        return value


class In(Given):
    """What a program sends; fields that are not listed are refused, never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        """Read what was sent once: ninja reads it twice for each level, to allow for rows of the database."""
        return handler(values)


class MoneyIn(In):
    """An amount with its currency; without one, the company's. No more decimals than the currency has."""

    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    amount: Amount

    @field_validator("amount")
    @classmethod
    def fits_the_currency(cls, amount: Decimal, info: ValidationInfo) -> Decimal:
        """Refuse to round what somebody sent."""
        currency = info.data.get("currency", "") or Company.objects.current().currency
        if currency in currencies() and rounded(amount, currency) != amount:
            raise ValueError(too_many_decimals(currency))
        return amount


class UnitPriceIn(In):
    """What one piece costs, with its currency; without one, the company's. It may be less than the smallest coin."""

    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    amount: UnitPrice


class MoneyOut(Schema):
    """An amount with its currency; the amount is a string, so that nothing is lost."""

    amount: str
    currency: str


class RecordOut(Schema):
    """What every record carries."""

    id: int
    version: int
    created_at: datetime
    updated_at: datetime


class DefinedOut(Schema):
    """What every record carries that is defined in files instead of the database: its code is its id."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime


class PlainPaging(Given):
    """How lists in one order are read: a limit and a cursor."""

    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 50
    after: Annotated[str, Field(max_length=80)] = ""


class Paging(Schema):
    """How lists are read: a limit, a cursor, a search and an order; other names are the list's own filters."""

    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 50
    after: str = ""
    q: str = ""
    sort: str = ""


class ProblemField(Schema):
    """One field that was wrong, and why."""

    field: str
    messages: list[str]


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemField] = []
    current_version: int | None = None


# Any endpoint may answer with each of them. An endpoint declares the first alone, and config/api.py writes the others
# into the description: a model for every endpoint and status took a second or two at every start.
PROBLEMS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)


def responses(success: Any, *, status: int = 200) -> dict[int, Any]:
    """Return the declared answers of an endpoint: its own, and the problems that any endpoint may answer with."""
    return {status: success, PROBLEMS[0]: Problem}


def caller(request: HttpRequest) -> Any:
    """Return the person whose token a request carries."""
    return request.auth  # type: ignore[attr-defined]


def money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    """Shape an amount for an answer; unknown stays null."""
    if amount is None:
        return None
    paid = rounded(amount, currency)
    return {"amount": f"{paid if paid == amount else amount:f}", "currency": currency}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def answer(data: Any, *, status: int = 200) -> HttpResponse:
    """Answer with prepared data, written by orjson."""
    body = orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
    response = HttpResponse(body, status=status, content_type="application/json")
    if isinstance(data, dict) and "version" in data:
        response.headers["ETag"] = f'"{data["version"]}"'
    return response


def record_fields(row: Any) -> dict[str, Any]:
    """Return what every record carries, ready for an answer."""
    return {
        "id": row.pk,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "custom": row.custom,
    }


def defined_fields(code: str, definition: Any) -> dict[str, Any]:
    """Return what every record carries, for one that is defined in files; its version changes with its definition."""
    since = Company.objects.current().set_up_at or BEGINNING
    version = zlib.crc32(repr(definition).encode()) >> 1
    return {"id": code, "version": version, "created_at": since, "updated_at": since}


def written_once(row: Any, at: datetime) -> dict[str, Any]:
    """Return what every record carries, for one that never changes after it was written."""
    return {"id": row.pk, "version": 1, "created_at": at, "updated_at": at}


def expected_version(request: HttpRequest) -> int:
    """Return the version named by If-Match.

    Raises VersionMissing without the header, BadRequest when it is not a version.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise VersionMissing
    try:
        return int(given.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise BadRequest(_('If-Match must be a version: "3".')) from None


def visible(rows: models.QuerySet | models.Manager, key: int | None, field: str, person: Any) -> Any:
    """Return the row that a body names by id, or None when it names none.

    Raises Invalid at the field when it is missing or not for this person to see: both look alike.
    """
    return None if key is None else found(rows.one_visible_to(person, key), field)  # type: ignore[union-attr]


def found(row: Any, field: str) -> Any:
    """Return the row that a body names, if it was found; raises Invalid at the field that names it."""
    if row is None:
        raise Invalid({field: [_("There is no such record, or you may not see it.")]})
    return row


def load(rows: models.QuerySet | models.Manager, key: int, person: Any) -> Any:
    """Return the row that an address names; raises Http404 when it is missing or not for this person to see."""
    row = rows.one_visible_to(person, key)  # type: ignore[union-attr]
    if row is None:
        raise Http404
    return row


def limit_of(request: HttpRequest) -> int:
    """Return how many items a list answers with; raises BadRequest outside 1 to 200."""
    given = request.GET.get("limit", "50")
    if not (given.isascii() and given.isdigit() and len(given) < 9 and 1 <= int(given) <= MOST_PER_PAGE):
        raise BadRequest(_("limit must be a number from 1 to %(most)s.") % {"most": MOST_PER_PAGE})
    return int(given)


def listed(request: HttpRequest, kind: str, shape: Callable[[Any], dict[str, Any]]) -> HttpResponse:
    """Answer with one page of a kind of record, with the filters and sorts of its listing.

    Raises BadRequest for an unknown filter, sort or cursor.
    """
    from salesmode.kernel.lists import FOR_PAGES, LISTINGS

    params = request.GET.copy()
    limit = limit_of(request)
    params.pop("limit", None)
    try:
        for name in sorted(FOR_PAGES & params.keys()):
            raise UnknownName(name)
        page = LISTINGS[kind].page(params, seen_by=caller(request), limit=limit)
    except Invalid as refusal:
        raise BadRequest(refusal.message, fields=refusal.fields) from None
    return answer(page_of((shape(row) for row in page.rows), page.next))


def paged(
    request: HttpRequest, rows: models.QuerySet, shape: Callable[[Any], dict[str, Any]], *, newest_first: bool = False
) -> HttpResponse:
    """Answer with one page of rows that have no listing, in the order of their ids.

    Raises BadRequest for a cursor that is none.
    """
    limit, after = limit_of(request), request.GET.get("after", "")
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadRequest(_no_place(), fields={"after": [_no_place()]})
    if after:
        rows = rows.filter(pk__lt=int(after)) if newest_first else rows.filter(pk__gt=int(after))
    found = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    following = str(found[limit - 1].pk) if len(found) > limit else None
    return answer(page_of((shape(row) for row in found[:limit]), following))


def few(
    request: HttpRequest, items: Iterable[Any], shape: Callable[[Any], dict[str, Any]], *, key: Callable[[Any], Any]
) -> HttpResponse:
    """Answer with one page of what is in memory anyway; `key` names each item.

    Raises BadRequest for a cursor that is none.
    """
    limit, after, every = limit_of(request), request.GET.get("after", ""), list(items)
    names = [str(key(item)) for item in every]
    if after and after not in names:
        raise BadRequest(_no_place(), fields={"after": [_no_place()]})
    begin = names.index(after) + 1 if after else 0
    following = names[begin + limit - 1] if begin + limit < len(every) else None
    return answer(page_of((shape(item) for item in every[begin : begin + limit]), following))


def _no_place() -> str:
    return _("This page mark does not belong to this list. Start from the first page.")


def page_of(items: Iterable[dict[str, Any]], following: str | None) -> dict[str, Any]:
    """Shape one page of a list."""
    return {"items": list(items), "next": following or None}
