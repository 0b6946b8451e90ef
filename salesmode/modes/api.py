"""Modes, practices, adoptions and effects for programs."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    DefinedOut,
    Id,
    In,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    defined_fields,
    few,
    load,
    paged,
    record_fields,
    responses,
)
from salesmode.kernel.refusals import Invalid
from salesmode.modes import operations, policies, queries
from salesmode.modes.models import AdoptedPractice, Adoption, Effect, Mode, Practice
from salesmode.people.models import Team

modes = Router(tags=["modes"])
practices = Router(tags=["practices"])
adoptions = Router(tags=["adoptions"])
effects = Router(tags=["effects"])
ROUTERS = {"modes": modes, "practices": practices, "adoptions": adoptions, "effects": effects}
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Value = str | int | float | bool | None


class ModeOut(DefinedOut):
    """A mode: a named bundle of practices."""

    code: str
    name: str
    summary: str
    why: str
    metric: str
    practices: list[str]


class PracticeOut(DefinedOut):
    """One habit that can be adopted."""

    code: str
    name: str
    why: str
    asks: str
    metric: str
    direction: str
    events: list[str]
    who: str
    each: str
    parameters: dict[str, Any]
    parts: list[str]
    cards: list[str]


class ModeList(Schema):
    """Every mode."""

    items: list[ModeOut]
    next: str | None


class PracticeList(Schema):
    """Every practice."""

    items: list[PracticeOut]
    next: str | None


class Wanted(In):
    """What is to be adopted: a mode, or single practices, for a team or the company, from a day on."""

    team_id: Id | None = None
    mode: str = ""
    practices: Annotated[list[Code], Field(max_length=100)] = []
    parameters: dict[Code, dict[Code, Value]] = {}
    from_day: date | None = None


class AdoptIn(Wanted):
    """What was previewed, and the mark of the preview."""

    seen: Annotated[str, Field(max_length=64)]
    note: Annotated[Text, Field(max_length=2000)] = ""


class TakeBackIn(In):
    """From when, and what becomes of settings that were changed since."""

    on: date | None = None
    keep: Annotated[list[Id], Field(max_length=500)] = []
    restore: Annotated[list[Id], Field(max_length=500)] = []


class ChangeOut(Schema):
    """One setting before and after."""

    practice: str
    part: str
    slot: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    says_before: str
    says_after: str


class PreviewOut(Schema):
    """What would change; `seen` is sent back to adopt exactly this."""

    seen: str
    from_day: date
    practices: list[str]
    already: list[str]
    changes: list[ChangeOut]
    cards: list[str]


class AdoptedOut(Schema):
    """One practice of an adoption."""

    id: int
    code: str
    parameters: dict[str, Any]
    in_force: bool
    decision: str


class AdoptionOut(RecordOut):
    """What was taken up at once."""

    team_id: int | None
    mode: str
    from_day: date
    note: str
    in_force: bool
    ended_on: date | None
    practices: list[AdoptedOut]


class AdoptionList(Schema):
    """One page of adoptions."""

    items: list[AdoptionOut]
    next: str | None


class EffectIn(In):
    """What is to be evaluated: `practice:code` or `mode:code`."""

    subject: Annotated[str, Field(max_length=60)]


class EffectOut(RecordOut):
    """Whether a practice or mode works, as far as is known."""

    subject: str
    metric: str
    verdict: str
    method: str
    measured_at: datetime | None
    awaited: bool
    effect: float | None
    low: float | None
    high: float | None
    scale: str | None
    counts: dict[str, int]
    reasons: list[str]


class EffectList(Schema):
    """Every effect that may be looked at."""

    items: list[EffectOut]
    next: str | None


def _mode(mode: Mode) -> dict[str, Any]:
    return defined_fields(mode.code, mode) | {
        "code": mode.code, "name": str(mode.name), "summary": str(mode.summary), "why": str(mode.why),
        "metric": mode.moves.metric, "practices": list(mode.practices),
    }  # fmt: skip


def _practice(practice: Practice) -> dict[str, Any]:
    return defined_fields(practice.code, practice) | {
        "code": practice.code, "name": str(practice.name), "why": str(practice.why), "asks": str(practice.asks),
        "metric": practice.moves.metric, "direction": practice.moves.direction, "events": practice.adoption.events,
        "who": practice.adoption.who, "each": practice.adoption.each, "parameters": practice.defaults(),
        "parts": [setting.part for setting in practice.settings], "cards": practice.cards,
    }  # fmt: skip


def _adoption(adoption: Adoption) -> dict[str, Any]:
    fields = record_fields(adoption)
    fields.pop("custom", None)
    return fields | {
        "team_id": adoption.team_id, "mode": adoption.mode, "from_day": adoption.from_day, "note": adoption.note,
        "in_force": adoption.is_in_force, "ended_on": adoption.ended_on,
        "practices": [_adopted(row) for row in adoption.practices.all()],
    }  # fmt: skip


def _adopted(row: AdoptedPractice) -> dict[str, Any]:
    return {
        "id": row.pk, "code": row.code, "parameters": row.parameters, "in_force": row.is_in_force,
        "decision": row.decision,
    }  # fmt: skip


def _effect(effect: Effect) -> dict[str, Any]:
    estimate = effect.result.get("estimate") or {}
    fields = record_fields(effect)
    fields.pop("custom", None)
    return fields | {
        "subject": effect.subject, "metric": effect.metric, "verdict": effect.verdict, "method": effect.method,
        "measured_at": effect.measured_at, "awaited": effect.is_awaited, "effect": estimate.get("effect"),
        "low": estimate.get("low"), "high": estimate.get("high"), "scale": effect.result.get("scale"),
        "counts": effect.result.get("counts", {}), "reasons": effect.result.get("reasons", []),
    }  # fmt: skip


def _wanted(request: HttpRequest, payload: Wanted) -> dict[str, Any]:
    return {
        "team": _team(request, payload.team_id), "mode": payload.mode, "practices": payload.practices,
        "parameters": payload.parameters, "from_day": payload.from_day or localdate(),
    }  # fmt: skip


def _team(request: HttpRequest, key: int | None) -> Team | None:
    if key is None:
        return None
    team = queries.tree().teams.get(key)
    if team is None or not policies.may_adopt_practices(caller(request), team):
        raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    return team


@modes.get("", response=responses(ModeList), operation_id="list_modes")
def list_modes(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List the modes there are."""
    return few(request, queries.library().modes.values(), _mode, key=lambda each: each.code)


@modes.get("/{code}", response=responses(ModeOut), operation_id="get_mode")
def get_mode(request: HttpRequest, code: str) -> HttpResponse:
    """Read one mode."""
    if code not in queries.library().modes:
        raise Http404
    return answer(_mode(queries.library().modes[code]))


@practices.get("", response=responses(PracticeList), operation_id="list_practices")
def list_practices(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List the practices there are."""
    return few(request, queries.library().practices.values(), _practice, key=lambda each: each.code)


@practices.get("/{code}", response=responses(PracticeOut), operation_id="get_practice")
def get_practice(request: HttpRequest, code: str) -> HttpResponse:
    """Read one practice."""
    if code not in queries.library().practices:
        raise Http404
    return answer(_practice(queries.library().practices[code]))


@adoptions.get("", response=responses(AdoptionList), operation_id="list_adoptions")
def list_adoptions(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List what was adopted, the newest first."""
    rows = Adoption.objects.visible_to(caller(request)).prefetch_related("practices")
    return paged(request, rows, _adoption, newest_first=True)


@adoptions.post("/preview", response=responses(PreviewOut), operation_id="preview_adoption")
def preview_adoption(request: HttpRequest, payload: Wanted) -> HttpResponse:
    """See every setting that would change; nothing is written."""
    shown = queries.preview(**_wanted(request, payload))
    return answer(
        {
            "seen": shown.mark, "from_day": shown.from_day, "practices": [each.code for each in shown.practices],
            "already": [each.code for each in shown.already], "cards": shown.cards_after,
            "changes": [
                {
                    "practice": each.practice.code, "part": each.part.code, "slot": each.slot, "before": each.before,
                    "after": each.after, "says_before": each.says_before, "says_after": each.says_after,
                }
                for each in shown.changes
            ],
        }
    )  # fmt: skip


@adoptions.post("", response=responses(AdoptionOut, status=201), operation_id="adopt")
def adopt(request: HttpRequest, payload: AdoptIn) -> HttpResponse:
    """Adopt what was previewed, all of it or nothing."""
    wanted = _wanted(request, payload)
    made = operations.adopt(**wanted, seen=payload.seen, note=payload.note, by=caller(request), at=now())
    return answer(_adoption(made), status=201)


@adoptions.get("/{int:adoption_id}", response=responses(AdoptionOut), operation_id="get_adoption")
def get_adoption(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Read one adoption."""
    return answer(_adoption(load(Adoption.objects.all(), adoption_id, caller(request))))


@adoptions.post("/{int:adoption_id}/take-back", response=responses(AdoptionOut), operation_id="take_back_adoption")
def take_back_adoption(request: HttpRequest, adoption_id: int, payload: TakeBackIn) -> HttpResponse:
    """Give an adoption up; settings that were changed since need an answer each."""
    found = load(Adoption.objects.all(), adoption_id, caller(request))
    made = operations.take_back_adoption(
        found, on=payload.on or localdate(), keep=payload.keep, restore=payload.restore,
        by=caller(request), at=now(),
    )  # fmt: skip
    return answer(_adoption(made))


def _looked_at(request: HttpRequest) -> list[Effect]:
    person = caller(request)
    return [each for each in Effect.objects.order_by("pk") if queries.may_look_at_effect(person, each.subject)]


@effects.get("", response=responses(EffectList), operation_id="list_effects")
def list_effects(request: HttpRequest, paging: Query[PlainPaging]) -> HttpResponse:
    """List what is known about whether modes and practices work."""
    return few(request, _looked_at(request), _effect, key=lambda each: each.pk)


@effects.get("/{int:effect_id}", response=responses(EffectOut), operation_id="get_effect")
def get_effect(request: HttpRequest, effect_id: int) -> HttpResponse:
    """Read one effect."""
    found = next((each for each in _looked_at(request) if each.pk == effect_id), None)
    if found is None:
        raise Http404
    return answer(_effect(found))


@effects.post("", response=responses(EffectOut, status=201), operation_id="request_effect")
def request_effect(request: HttpRequest, payload: EffectIn) -> HttpResponse:
    """Ask whether a practice or mode works; it is worked out in the background."""
    queries.subject_of(payload.subject)
    if not queries.may_look_at_effect(caller(request), payload.subject):
        raise Http404
    return answer(_effect(operations.request_effect(payload.subject, by=caller(request), at=now())), status=201)
