"""Alerts, their rules and decisions as lists: for pages, API, export and saved views."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import REGISTRY
from salesmode.analytics.wording import spoken
from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.people.models import Person
from salesmode.targets.models import Alert, AlertRule, Decision

SEVERITY_TONES = {"info": "info", "attention": "attention", "urgent": "wrong"}
VERDICT_TONES = {"reached": "good", "partly": "attention", "not_reached": "wrong", "unknown": "", "": "info"}
STATES = [("open", _("Open")), ("due", _("Due")), ("reviewed", _("Reviewed"))]


def metrics_in_use() -> list[tuple[str, Any]]:
    """Return all metrics by name."""
    return sorted(((one.code, one.label) for one in REGISTRY.values()), key=lambda pair: str(pair[1]))


def _alerts(person: Person) -> QuerySet[Alert]:
    return Alert.objects.visible_to(person).select_related("rule", "owner", "team")


def _rules(person: Person) -> QuerySet[AlertRule]:
    return AlertRule.objects.visible_to(person).select_related("team", "owner")


def _decisions(person: Person) -> QuerySet[Decision]:
    return Decision.objects.visible_to(person).select_related("owner", "person", "team")


def _in_state(rows: Any, values: list[str], viewer: Any) -> Any:
    today = localdate()
    found = rows.none()
    for value in values:
        if value == "reviewed":
            found |= rows.exclude(verdict="")
        elif value in ("open", "due"):
            found |= rows.running(today) if value == "open" else rows.due(today)
    return found


def state_of(decision: Decision) -> str:
    """Say how far a decision is: its verdict, due, or open."""
    if decision.is_reviewed:
        return decision.get_verdict_display()
    return str(dict(STATES)["due" if decision.review_on <= localdate() else "open"])


register(
    Listing(
        kind="alert",
        title=_("Alerts"),
        model=Alert,
        base=_alerts,
        columns=[
            Column("subject", _("Whose"), path="subject_label"),
            Column("metric", _("Metric"), path="metric_label"),
            Column("sentence", _("What is the matter")),
            Column(
                "severity",
                _("Severity"),
                "chip",
                "get_severity_display",
                tone=lambda row: SEVERITY_TONES[row.severity],
            ),
            Column("kind_of", _("Kind"), path="rule.get_kind_of_display", default=False),
            Column("first", _("Period from"), "date", sort="first"),
            Column("raised_at", _("Raised"), "datetime", sort="raised_at"),
            Column("status", _("Status"), "chip", "get_status_display"),
        ],
        filters=[
            Filter("status", _("Status"), choices=lambda: Alert.Status.choices),
            Filter("severity", _("Severity"), choices=lambda: AlertRule.Severity.choices),
            Filter("kind_of", _("Kind"), field="rule__kind_of", choices=lambda: AlertRule.Kind.choices),
            Filter("metric", _("Metric"), choices=metrics_in_use),
            Filter("owner", _("Person"), "person"),
            Filter("team", _("Team"), "team"),
            Filter("raised_at", _("Raised"), "date"),
        ],
        sorts={
            "raised_at": ("raised_at", "id"),
            "first": ("first", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-raised_at",
        row_url=lambda row: f"/alerts/{row.pk}",
        search_fields=("owner__name", "team__name", "metric"),
        empty=_("No alerts. A rule says which number is watched and when you want to hear of it."),
        card=("subject", "metric", "sentence", "severity"),
    )
)

register(
    Listing(
        kind="alertrule",
        title=_("Alert rules"),
        model=AlertRule,
        base=_rules,
        columns=[
            Column("metric", _("Metric"), path="metric_label"),
            Column("kind_of", _("Kind"), path="get_kind_of_display"),
            Column("scope", _("Where"), path="scope_label"),
            Column("each", _("For"), path="get_each_display"),
            Column("grain", _("Period"), path="get_grain_display"),
            Column(
                "limit", _("Limit"), value=lambda row: f"{row.limit.normalize():f}", says=lambda row: row.limit_label
            ),
            Column(
                "severity",
                _("Severity"),
                "chip",
                "get_severity_display",
                tone=lambda row: SEVERITY_TONES[row.severity],
            ),
            Column("starts_on", _("From"), "date", sort="starts_on"),
            Column("ends_on", _("Until"), "date", sort="ends_on"),
            Column("owner", _("Set by"), "person", default=False),
        ],
        filters=[
            Filter("kind_of", _("Kind"), choices=lambda: AlertRule.Kind.choices),
            Filter("metric", _("Metric"), choices=metrics_in_use),
            Filter("team", _("Team"), "team"),
            Filter("each", _("For"), choices=lambda: AlertRule.Each.choices),
            Filter("ends_on", _("Until"), "date"),
        ],
        sorts={
            "starts_on": ("starts_on", "id"),
            "ends_on": ("ends_on", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-starts_on",
        row_url=lambda row: f"/alert-rules/{row.pk}",
        search_fields=("metric", "team__name"),
        empty=_("No rules yet. A rule watches a number for the company, each team or each person."),
        create_route="targets:set_alert_rule",
        create_label=_("New rule"),
        card=("metric", "kind_of", "scope", "severity"),
    )
)

register(
    Listing(
        kind="decision",
        title=_("Decisions"),
        model=Decision,
        base=_decisions,
        columns=[
            Column("title", _("Decision")),
            Column("subject", _("Whose"), path="subject_label"),
            Column("metric", _("Metric"), path="metric_label"),
            Column("expected_to", _("Expected"), value=lambda row: spoken(row.metric_unit, _plain(row.expected_to))),
            Column("after", _("Came to"), value=lambda row: spoken(row.metric_unit, _plain(row.after))),
            Column("state", _("State"), "chip", value=state_of, tone=lambda row: VERDICT_TONES[row.verdict]),
            Column("decided_on", _("Decided on"), "date", sort="decided_on"),
            Column("review_on", _("Review on"), "date", sort="review_on"),
            Column("owner", _("Decided by"), "person", sort="owner_id"),
        ],
        filters=[
            Filter("state", _("State"), choices=lambda: STATES, apply=_in_state),
            Filter("verdict", _("Verdict"), choices=lambda: Decision.Verdict.choices),
            Filter("metric", _("Metric"), choices=metrics_in_use),
            Filter("owner", _("Decided by"), "person"),
            Filter("person", _("Person"), "person"),
            Filter("team", _("Team"), "team"),
            Filter("review_on", _("Review on"), "date"),
        ],
        sorts={
            "decided_on": ("decided_on", "id"),
            "review_on": ("review_on", "id"),
            "owner": ("owner_id", "decided_on", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-decided_on",
        row_url=lambda row: f"/decisions/{row.pk}",
        search_fields=("title", "why", "lesson"),
        empty=_("No decisions yet. Write down what you change and expect: the number is measured again."),
        create_route="targets:take_decision",
        create_label=_("New decision"),
        card=("title", "subject", "state", "review_on"),
    )
)


def _plain(value: Any) -> Any:
    return None if value is None else value.quantize(1) if value == value.to_integral_value() else value.normalize()
