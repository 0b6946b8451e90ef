"""Alerts, their rules and decisions for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from salesmode.kernel.api import (
    Id,
    In,
    Paging,
    PlainPaging,
    RecordOut,
    Text,
    answer,
    caller,
    expected_version,
    few,
    listed,
    load,
    record_fields,
    responses,
    visible,
)
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets import operations, queries
from salesmode.targets.models import Alert, AlertRule, Decision, Whose

alerts = Router(tags=["alerts"])
alert_rules = Router(tags=["alert-rules"])
decisions = Router(tags=["decisions"])

Code = Annotated[str, Field(max_length=60), *Text.__metadata__]
Value = Annotated[Decimal, Field(max_digits=20, decimal_places=6, allow_inf_nan=False)]


class AlertOut(RecordOut):
    """An alert: the number, what was expected, and between which numbers nothing would have been said."""

    rule_id: int
    metric: str
    unit: str
    team_id: int | None
    owner_id: int | None
    severity: str
    status: str
    first: date
    measured_from: date
    measured_until: date
    value: str
    expected: str | None
    low: str | None
    high: str | None
    sentence: str
    how: str
    raised_at: datetime
    acknowledged_at: datetime | None
    custom: dict[str, Any]


class AlertList(Schema):
    """One page of alerts."""

    items: list[AlertOut]
    next: str | None


class AlertRuleIn(In):
    """A rule to be; one of the same kind in the same place ends on its first day."""

    metric: Code
    kind: AlertRule.Kind
    team_id: Id | None = None
    starts_on: date
    each: AlertRule.Each = AlertRule.Each.PERSON
    grain: AlertRule.Grain = AlertRule.Grain.MONTH
    span: AlertRule.Span = AlertRule.Span.RUNNING
    direction: AlertRule.Direction = AlertRule.Direction.BELOW
    limit: Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False)] | None = None
    history: Annotated[int, Field(ge=0, le=1000)] = 12
    season: AlertRule.Season = AlertRule.Season.RECENT
    severity: AlertRule.Severity = AlertRule.Severity.ATTENTION
    quiet_days: Annotated[int, Field(ge=0, le=32_000)] = 7
    receivers: Annotated[list[AlertRule.Receiver], Field(min_length=1, max_length=3)] = [
        AlertRule.Receiver.OWNER,
        AlertRule.Receiver.MANAGER,
    ]


class RetireIn(In):
    """From which day on a rule no longer holds."""

    ends_on: date


class AlertRuleOut(RecordOut):
    """A rule."""

    metric: str
    kind: str
    team_id: int | None
    each: str
    grain: str
    span: str
    direction: str
    limit: str
    history: int
    season: str
    severity: str
    quiet_days: int
    receivers: list[str]
    starts_on: date
    ends_on: date | None
    evaluated_at: datetime | None
    custom: dict[str, Any]


class HoldingAsked(PlainPaging):
    """For which team (none: the company), on which day; without one, today."""

    on: date | None = None
    team_id: Id | None = None


class AlertRuleList(Schema):
    """One page of rules."""

    items: list[AlertRuleOut]
    next: str | None


class DecisionIn(In):
    """A decision: about whose number, why, and what is expected by when. Without a team or person, the company's."""

    title: Annotated[str, Field(min_length=1, max_length=200), *Text.__metadata__]
    why: Annotated[str, Field(min_length=1, max_length=4000), *Text.__metadata__]
    metric: Code
    team_id: Id | None = None
    person_id: Id | None = None
    expected_from: Value | None = None
    expected_to: Value
    review_on: date
    alert_id: Id | None = None


class LessonIn(In):
    """What was learned."""

    lesson: Annotated[str, Field(min_length=1, max_length=4000), *Text.__metadata__]


class DecisionOut(RecordOut):
    """A decision and what became of it."""

    title: str
    why: str
    metric: str
    unit: str
    team_id: int | None
    person_id: int | None
    owner_id: int
    alert_id: int | None
    decided_on: date
    review_on: date
    expected_from: str | None
    expected_to: str
    before: str | None
    after: str | None
    verdict: str
    reviewed_at: datetime | None
    lesson: str
    custom: dict[str, Any]


class DecisionList(Schema):
    """One page of decisions."""

    items: list[DecisionOut]
    next: str | None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _fields(row: Any, names: str, numbers: str) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in names.split()}
    return record_fields(row) | plain | {name: _text(getattr(row, name)) for name in numbers.split()}


def _alert(row: Alert) -> dict[str, Any]:
    names = "rule_id metric unit team_id owner_id severity status first measured_from measured_until sentence how"
    return _fields(row, f"{names} raised_at acknowledged_at", "value expected low high")


def _rule(row: AlertRule) -> dict[str, Any]:
    names = "metric team_id each grain span direction history season severity quiet_days receivers starts_on ends_on"
    return _fields(row, f"{names} evaluated_at", "limit") | {"kind": row.kind_of}


def _decision(row: Decision) -> dict[str, Any]:
    names = "title why metric unit team_id person_id owner_id alert_id decided_on review_on verdict reviewed_at lesson"
    return _fields(row, names, "expected_from expected_to before after")


def _me(request: HttpRequest) -> Person:
    return caller(request)  # type: ignore[attr-defined, no-any-return]


def _one_alert(request: HttpRequest, alert_id: int) -> Alert:
    found: Alert = load(Alert.objects.select_related("rule", "owner", "team__lead"), alert_id, _me(request))
    return found


@alerts.get("", response=responses(AlertList), operation_id="list_alerts")
def list_alerts(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the alerts that you may see."""
    return listed(request, "alert", _alert)


@alerts.get("/{int:alert_id}", response=responses(AlertOut), operation_id="get_alert")
def get_alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Read one alert."""
    return answer(_alert(_one_alert(request, alert_id)))


@alerts.post("/{int:alert_id}/acknowledge", response=responses(AlertOut), operation_id="acknowledge_alert")
def acknowledge_alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Say that you take care of an alert."""
    found = _one_alert(request, alert_id)
    return answer(_alert(operations.acknowledge_alert(found, by=_me(request), at=now())))


@alert_rules.get("", response=responses(AlertRuleList), operation_id="list_alert_rules")
def list_alert_rules(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the rules that you may read."""
    return listed(request, "alertrule", _rule)


@alert_rules.get("/holding", response=responses(AlertRuleList), operation_id="get_holding_alert_rules")
def get_holding(request: HttpRequest, asked: Query[HoldingAsked]) -> HttpResponse:
    """Read which rules hold for a team on a day: its own, else those of the team above, else the company's."""
    person = _me(request)
    team = _team(asked.team_id)
    seen = set(AlertRule.objects.visible_to(person).values_list("pk", flat=True))
    held = [rule for rule in queries.alert_rules_for(team, on=asked.on or localdate()) if rule.pk in seen]
    return few(request, held, _rule, key=lambda rule: rule.pk)


def _team(team_id: int | None) -> Team | None:
    team = Team.objects.filter(pk=team_id).first() if team_id is not None else None
    if team_id is not None and team is None:
        raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    return team


@alert_rules.post("", response=responses(AlertRuleOut, status=201), operation_id="set_alert_rule")
def set_alert_rule(request: HttpRequest, payload: AlertRuleIn) -> HttpResponse:
    """Have a number watched, for a team or the company."""
    given = payload.model_dump(exclude={"team_id", "kind"})
    team = _team(payload.team_id)
    made = operations.set_alert_rule(**given, kind_of=payload.kind, team=team, by=_me(request), at=now())
    return answer(_rule(made), status=201)


@alert_rules.get("/{int:alert_rule_id}", response=responses(AlertRuleOut), operation_id="get_alert_rule")
def get_alert_rule(request: HttpRequest, alert_rule_id: int) -> HttpResponse:
    """Read one rule."""
    return answer(_rule(load(AlertRule.objects.all(), alert_rule_id, _me(request))))


@alert_rules.post("/{int:alert_rule_id}/retire", response=responses(AlertRuleOut), operation_id="retire_alert_rule")
def retire_alert_rule(request: HttpRequest, alert_rule_id: int, payload: RetireIn) -> HttpResponse:
    """Stop watching a number from a day on."""
    rule = load(AlertRule.objects.select_related("team__lead"), alert_rule_id, _me(request))
    return answer(_rule(operations.retire_alert_rule(rule, ends_on=payload.ends_on, by=_me(request), at=now())))


@decisions.get("", response=responses(DecisionList), operation_id="list_decisions")
def list_decisions(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the decisions that you may see."""
    return listed(request, "decision", _decision)


@decisions.post("", response=responses(DecisionOut, status=201), operation_id="take_decision")
def take_decision(request: HttpRequest, payload: DecisionIn) -> HttpResponse:
    """Write a decision down."""
    person = _me(request)
    given = payload.model_dump(exclude={"team_id", "person_id", "alert_id"})
    alert = visible(Alert.objects.select_related("rule", "owner", "team"), payload.alert_id, "alert_id", person)
    whose: Whose | None = None
    if payload.person_id is not None:
        whose = Whose("person", person=visible(Person.objects.all(), payload.person_id, "person_id", person))
    elif payload.team_id is not None:
        whose = Whose("team", team=_team(payload.team_id))
    made = operations.take_decision(**given, whose=whose, alert=alert, by=person, at=now())
    return answer(_decision(made), status=201)


@decisions.get("/{int:decision_id}", response=responses(DecisionOut), operation_id="get_decision")
def get_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Read one decision."""
    return answer(_decision(load(Decision.objects.all(), decision_id, _me(request))))


@decisions.post("/{int:decision_id}/review", response=responses(DecisionOut), operation_id="review_decision")
def review_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Measure a decision's number again, once its date has come."""
    found = load(Decision.objects.select_related("team", "person"), decision_id, _me(request))
    return answer(_decision(operations.review_decision(found, by=_me(request), at=now())))


@decisions.patch("/{int:decision_id}", response=responses(DecisionOut), operation_id="note_lesson")
def note_lesson(request: HttpRequest, decision_id: int, payload: LessonIn) -> HttpResponse:
    """Write down what was learned from a decision."""
    found = load(Decision.objects.all(), decision_id, _me(request))
    version = expected_version(request)
    made = operations.note_lesson(found, lesson=payload.lesson, version=version, by=_me(request), at=now())
    return answer(_decision(made))
