"""Have a number watched, for a team or the whole company, and stop that again."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets import policies
from salesmode.targets.events import AlertRuleRetired, AlertRuleSet
from salesmode.targets.models import AlertRule

USUAL_LIMITS = {"pace": Decimal(10), "threshold": Decimal(0), "change": Decimal(20), "anomaly": Decimal(3)}
USUAL_RECEIVERS = ("owner", "manager")


@transaction.atomic
def set_alert_rule(
    *,
    metric: str,
    kind_of: str,
    team: Team | None = None,
    starts_on: date,
    each: str = "person",
    limit: Decimal | None = None,
    receivers: Any = USUAL_RECEIVERS,
    by: Person,
    at: datetime,
    **more: Any,
) -> AlertRule:
    """Watch a number for a team, or the company, from a day on; a rule of the same kind there ends on that day.

    `more` are grain, span, direction, history, season, severity, quiet_days. Set again as it is, nothing changes.
    Raises NotAllowed, Invalid at the field that is wrong, also for a day on which another rule of the kind held.
    """
    require(policies.may_set_alert_rule(by, team))
    usual = USUAL_LIMITS.get(kind_of) if limit is None else limit
    rule = AlertRule(
        metric=metric,
        kind_of=kind_of,
        team=team,
        each=each,
        limit=usual if usual is not None else Decimal("NaN"),
        receivers=[name for name in AlertRule.Receiver.values if name in receivers] or list(receivers),
        starts_on=starts_on,
        owner=by,
        **more,
    )
    rule.ensure_valid()
    fit(rule)
    same = dict(zip(("metric", "kind_of", "each", "grain", "span", "direction"), rule.same, strict=True))
    there = AlertRule.objects.filter(team=team, **same)
    current = there.select_for_update().filter(ends_on=None).first()
    if current is not None:
        if current.settings == rule.settings and current.starts_on <= starts_on:
            return current
        if starts_on <= current.starts_on:
            said = {"day": f"{current.starts_on}"}
            raise Invalid({"starts_on": [_("Such a rule holds there from %(day)s; choose a later day.") % said]})
        current.mark_retired(on=starts_on)
        save(current, at=at)
        record(AlertRuleRetired(**_facts(current), ends_on=starts_on), by=by, at=at)
    if there.filter(Q(ends_on__gt=starts_on)).exists():
        raise Invalid({"starts_on": [_("Such a rule held there on that day; choose a later day.")]})
    try:
        with transaction.atomic():
            save(rule, at=at)
    except IntegrityError as error:
        if "alert_rule_holds_once" not in str(error):
            raise
        raise Invalid({"starts_on": [_("Somebody else has just set such a rule there.")]}) from None
    record(AlertRuleSet(**_facts(rule), each=rule.each, starts_on=starts_on), by=by, at=at)
    return rule


@transaction.atomic
def retire_alert_rule(
    rule: AlertRule, *, ends_on: date, by: Person, at: datetime, version: int | None = None
) -> AlertRule:
    """Stop watching from a day on; what was raised stays, and the rule of the team above holds again.

    Raises NotAllowed, Stale, AlertRuleRetiredAlready, Invalid for a day before it began.
    """
    lock(rule, version=version)
    require(policies.may_retire_alert_rule(by, rule))
    rule.mark_retired(on=ends_on)
    save(rule, at=at)
    record(AlertRuleRetired(**_facts(rule), ends_on=ends_on), by=by, at=at)
    return rule


def _facts(rule: AlertRule) -> dict[str, Any]:
    return {"alert_rule_id": rule.pk, "metric": rule.metric, "kind": rule.kind_of, "team_id": rule.team_id}
