"""What open deals should be looked at for: sentences, the worst money first, and how long stages usually take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesmode.analytics import warehouse
from salesmode.forecasts.models import DealWarnings, StageExpectation
from salesmode.forecasts.models.inspection import Warn
from salesmode.forecasts.queries.scopes import Scope
from salesmode.kernel.models import EventRecord
from salesmode.people.models import Person
from salesmode.selling.models import Deal, Stage

MOST_DEALS = 100
_EXPECTED = """
select stays.stage_id, quantile_cont(stays.days, 0.75), count(distinct stays.deal_id)
from stage_stays stays
join (select deal_id from deal_outcomes where is_won group by deal_id having sum(deals) > 0) won using (deal_id)
group by stays.stage_id
"""


def stage_expectations() -> list[StageExpectation]:
    """Return how long three of four won deals stayed in each stage at most, not saved. One scan."""
    there = set(Stage.objects.values_list("pk", flat=True))
    rows = warehouse.ask(_EXPECTED, {}, facts=("stage_stays", "deal_outcomes"))
    return [StageExpectation(stage_id=stage, days=days, deals=deals) for stage, days, deals in rows if stage in there]


@dataclass(frozen=True)
class Warning:
    """One thing to look at, said in a sentence."""

    code: str
    label: str
    sentence: str


def sentences(found: DealWarnings | None) -> list[Warning]:
    """Return the warnings of a deal in the reader's language, the most serious first. No query."""
    if found is None:
        return []
    return [Warning(code, str(Warn(code).label), _sentence(code, found.figures)) for code in found.codes]


def _sentence(code: str, figures: Mapping[str, Any]) -> str:
    days = {name: int(figures.get(name, 0)) for name in ("late", "quiet", "open")}
    if code == Warn.RED_FLAG:
        if figures.get("red"):
            return _("Mentioned: %(words)s") % {"words": "、".join(figures["red"])}
        return ngettext("Close date put off %(n)s time", "Close date put off %(n)s times", figures["pushes"]) % {
            "n": figures["pushes"]
        }
    if code == Warn.OVERDUE:
        return ngettext("%(n)s day past its close date", "%(n)s days past its close date", days["late"]) % {
            "n": days["late"]
        }
    if code == Warn.GHOSTED:
        said = {"n": figures.get("unanswered", 0), "days": int(figures.get("unanswered_days", 0))}
        return _("%(n)s messages without an answer in %(days)s days") % said
    if code == Warn.STALLED:
        said = {"days": int(figures.get("stage_days", 0)), "expected": int(figures.get("expected", 0))}
        return _("%(days)s days in this stage; won deals take %(expected)s at most, three of four") % said
    if code == Warn.NO_ACTIVITY:
        return ngettext("No contact for %(n)s day", "No contact for %(n)s days", days["quiet"]) % {"n": days["quiet"]}
    if code == Warn.NO_DECISION_MAKER:
        return _("Nobody among the contacts decides")
    if code == Warn.PRICE_NOT_DISCUSSED:
        return ngettext("No price after %(n)s day", "No price after %(n)s days", days["open"]) % {"n": days["open"]}
    said = {"n": figures.get("contacts", 0), "needed": figures.get("needed", 0)}
    return _("%(n)s of %(needed)s contacts") % said


def worst_sentences(deals: Sequence[int]) -> dict[int, str]:
    """Return the most serious warning of each deal that has any. One query."""
    return {row.deal_id: sentences(row)[0].sentence for row in DealWarnings.objects.filter(deal__in=deals)}


@dataclass(frozen=True)
class Inspected:
    """One deal on the inspection page: which warnings it has, as cells in the order of the columns."""

    deal: Deal
    cells: Sequence[Warning | None]


@dataclass(frozen=True)
class Inspection:
    """Deals with warnings, the worst money first, and how much money each warning is about."""

    rows: Sequence[Inspected]
    sums: Mapping[str, tuple[int, Decimal]]
    count: int
    amount: Decimal


def inspection(scope: Scope, *, code: str = "", seen_by: Person) -> Inspection:
    """Return the deals to inspect, 100 at most. Two queries, however many deals."""
    deals = Deal.objects.open().visible_to(seen_by).filter(inspection__isnull=False)
    if scope.owners is not None:
        deals = deals.filter(owner__in=scope.owners)
    each: dict[str, Any] = {}
    for warn in Warn:
        has = Q(inspection__codes__contains=[warn.value])
        each |= {f"{warn.value}_n": Count("pk", filter=has), f"{warn.value}_sum": Sum("company_amount", filter=has)}
    totals: dict[str, Any] = deals.aggregate(n=Count("pk"), total=Sum("company_amount"), **each)
    rows = with_warning(deals, [code]) if code else deals
    rows = rows.select_related("inspection", "customer", "owner", "stage").defer("notes", "custom")
    shown = []
    for deal in rows.order_by("-company_amount", "-id")[:MOST_DEALS]:
        said = {one.code: one for one in sentences(deal.inspection)}
        shown.append(Inspected(deal, [said.get(warn.value) for warn in Warn]))
    sums = {warn.value: (totals[f"{warn.value}_n"], totals[f"{warn.value}_sum"] or Decimal(0)) for warn in Warn}
    return Inspection(shown, sums, totals["n"], totals["total"] or Decimal(0))


def with_warning(deals: QuerySet, codes: Sequence[str]) -> QuerySet:
    """Return the deals that have any of some warnings; `any` stands for all of them, `none` for none."""
    if "none" in codes:
        return deals.filter(inspection__isnull=True)
    if "any" in codes:
        return deals.filter(inspection__isnull=False)
    return deals.filter(inspection__codes__overlap=list(codes))


def first_expected_close(deal: Deal) -> date | None:
    """Return the first day on which a deal was expected to close. One query."""
    events = EventRecord.objects.filter(
        subject_kind="deal", subject_id=deal.pk, name__in=("deal.opened", "deal.amended", "deal.moved")
    ).order_by("id")
    for facts in events.values_list("facts", flat=True)[:200]:
        if facts.get("closes_on"):
            return date.fromisoformat(facts["closes_on"])
    return None


def slipped_days(deal: Deal) -> int | None:
    """Return by how many days the expected close has moved since it was first named; unknown without one."""
    first = first_expected_close(deal)
    return (deal.closes_on - first).days if first and deal.closes_on else None
