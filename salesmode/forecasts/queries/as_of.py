"""The open pipeline as it stood at the end of any past day, from the deal ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salesmode.analytics import manifest, warehouse
from salesmode.forecasts.queries.waterfall import MOST_DEALS, Narrowed, exact
from salesmode.people.models import Person
from salesmode.selling.models import Deal, Stage


@dataclass(frozen=True)
class Part:
    """The deals in one stage on that day."""

    stage: Stage | None
    count: int
    amount: Decimal
    weighted: Decimal


@dataclass(frozen=True)
class Then:
    """One deal as it stood then, beside what it is now; none where the viewer may not see it any more."""

    deal: Deal
    stage: Stage | None
    owner: Person | None
    category: str
    amount: Decimal
    closes_on: date | None


@dataclass(frozen=True)
class PipelineThen:
    """The pipeline of a day: by stage, and its largest deals."""

    day: date
    parts: Sequence[Part]
    deals: Sequence[Then]

    @property
    def count(self) -> int:
        """How many deals were open."""
        return sum(part.count for part in self.parts)

    @property
    def amount(self) -> Decimal:
        """What they were worth."""
        return sum((part.amount for part in self.parts), Decimal(0))

    @property
    def weighted(self) -> Decimal:
        """What they were worth, each times its probability."""
        return sum((part.weighted for part in self.parts), Decimal(0))


_BY_STAGE = """
select stage_id, sum(deals)::bigint, sum(amount), sum(weighted) from deal_ledger
where local_at < $until::date and {fits} group by stage_id having sum(deals) <> 0
"""
_DEALS = """
select deal_id, sum(amount) as worth, arg_max(stage_id, place), arg_max(owner_id, place), arg_max(category, place),
       arg_max(closes_on, place)
from (select *, event_id * 2 + (deals = 1)::bigint as place from deal_ledger where local_at < $until::date and {fits})
group by deal_id having sum(deals) > 0 order by worth desc, deal_id limit {most}
"""


def pipeline_on(day: date, narrowed: Narrowed, *, seen_by: Person) -> PipelineThen:
    """Return the pipeline at the end of a day. Two scans of the ledger and three queries."""
    held = manifest.current()
    values: dict[str, Any] = {"until": day + timedelta(days=1)} | narrowed.parameters()
    fits = f"{narrowed.others()} and {narrowed.closing()}"
    by_stage = warehouse.ask(_BY_STAGE.format(fits=fits), values, facts=("deal_ledger",), at=held)
    rows = warehouse.ask(_DEALS.format(fits=fits, most=MOST_DEALS), values, facts=("deal_ledger",), at=held)
    stages = Stage.objects.in_bulk({row[0] for row in by_stage} | {row[2] for row in rows})
    people = Person.objects.in_bulk({row[3] for row in rows})
    deals = Deal.objects.visible_to(seen_by).select_related("customer").in_bulk([row[0] for row in rows])
    parts = [
        Part(stages.get(stage), count, exact(amount), exact(weighted)) for stage, count, amount, weighted in by_stage
    ]
    parts.sort(key=lambda part: (part.stage.process_id, part.stage.position) if part.stage else (0, 0))
    shown = [
        Then(deals[key], stages.get(stage), people.get(owner), category, exact(worth), closes_on)
        for key, worth, stage, owner, category, closes_on in rows
        if key in deals
    ]
    return PipelineThen(day, parts, shown)
