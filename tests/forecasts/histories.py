"""Random lives of deals, as events; the ledger they make; and what a slow, plain reading says happened to them."""

import csv
import random as randoms
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from salesmode.analytics import manifest as manifests
from salesmode.analytics import warehouse
from salesmode.analytics.facts import declared
from salesmode.analytics.manifest import Fact, Manifest
from salesmode.selling import events as said

DAY_ONE = date(2026, 1, 1)
STEPS = ("start", "new", "increased", "decreased", "pulled_in", "pushed_out", "won", "lost", "end")


@dataclass(frozen=True)
class State:
    """How a deal stands after an event."""

    outcome: str
    owner: int
    stage: int
    category: str
    amount: Decimal
    closes_on: date | None
    source: str
    product: int | None


@dataclass(frozen=True)
class Told:
    """One event of a deal: when, what, how the deal stood before and afterwards."""

    at: datetime
    deal: int
    name: str
    before: State | None
    after: State


def life(deal: int, random: randoms.Random) -> list[Told]:
    """Return the events of one deal's random life within some hundred days."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=random.randint(0, 60), hours=random.randint(0, 23))
    state = State(
        "open", random.randint(1, 4), 1, "pipeline", _amount(random), _close(random), random.choice("ab"), None
    )
    told = [Told(moment, deal, "deal.opened", None, state)]
    for _event in range(random.randint(0, 7)):
        moment += timedelta(days=random.choice([0, 0, 1, 3, 20]), hours=random.randint(0, 5))
        name, after = _next(state, random)
        told.append(Told(moment, deal, name, state, after))
        state = after
    return told


def _amount(random: randoms.Random) -> Decimal:
    return Decimal(random.choice([0, 100, 100, 250, 1999])) + Decimal(random.randint(0, 99)) / 100


def _close(random: randoms.Random) -> date | None:
    return random.choice([None, *(DAY_ONE + timedelta(days=days) for days in (10, 45, 89, 90, 120, 181))])


def _next(state: State, random: randoms.Random) -> tuple[str, State]:
    if random.random() < 0.15:
        return "deal.handed_over", replace(state, owner=random.randint(1, 4))
    if state.outcome != "open":
        return "deal.reopened", replace(state, outcome="open", category=random.choice(["pipeline", "commit"]))
    kind = random.randint(0, 6)
    if kind == 0:
        return "deal.won", replace(state, outcome="won")
    if kind == 1:
        return "deal.lost", replace(state, outcome="lost")
    if kind == 2:
        return "deal.moved", replace(state, stage=random.randint(1, 3), category=random.choice(["pipeline", "commit"]))
    if kind == 3:
        return "deal.amended", replace(state, closes_on=_close(random))
    if kind == 4:
        return "deal.amended", replace(state, product=random.choice([None, 7, 8]), amount=_amount(random))
    return "deal.amended", replace(state, amount=_amount(random), source=random.choice("ab"))


def keep(told: Sequence[Told], folder: Path) -> None:
    """Make the warehouse of these events, through the fact's own SELECT."""
    file = folder / "events.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        for number, each in enumerate(told, start=1):
            moment = each.at.strftime("%Y-%m-%d %H:%M:%S")
            facts = _event(each).model_dump_json()
            rows.writerow([number, each.name, "deal", each.deal, 1, moment, moment, moment, facts])
    fact = declared()["deal_ledger"]
    with manifests.building(), warehouse.Builder("UTC") as builder:
        builder.take(file)
        part = builder.add(fact)
        facts = {"deal_ledger": Fact(fact.version, builder.describe(fact), (part,) if part else (), 0)}
        manifests.swap(Manifest({"zone": "UTC"}, 0, datetime.now(UTC).isoformat(), facts))


def _event(each: Told) -> said.DealEvent:
    kinds = {
        kind.name: kind for kind in (said.DealOpened, said.DealAmended, said.DealMoved, said.DealWon, said.DealLost)
    }
    kinds |= {kind.name: kind for kind in (said.DealReopened, said.DealHandedOver)}
    more = {
        "from_stage_id": 1,
        "entered_at": each.at,
        "former_outcome": "won",
        "former_owner_id": 1,
        "outcome": each.after.outcome,
    }
    was_open = each.before is not None and each.before.outcome == "open"
    former = {**_facts(each.before), "customer_id": None} if was_open else None
    return kinds[each.name](
        deal_id=each.deal, process_id=1, opened_at=each.at, former=former, **_facts(each.after), **more
    )


def _facts(state: State | None) -> dict:
    assert state is not None
    return {
        "owner_id": state.owner,
        "stage_id": state.stage,
        "category": state.category,
        "company_amount": state.amount,
        "closes_on": state.closes_on,
        "source": state.source,
        "product_id": state.product,
    }


@dataclass(frozen=True)
class View:
    """What a filter lets through: everything but the close date, and the closing period."""

    fits: Callable[[State], bool] = lambda state: True
    closes: tuple[date, date] | None = None

    def is_due(self, day: date | None) -> bool:
        """Say whether a close date lies in the closing period."""
        return self.closes is None or (day is not None and self.closes[0] <= day < self.closes[1])


def judged(lives: Sequence[Sequence[Told]], start: date, end: date, view: View) -> dict[str, tuple[int, Decimal]]:
    """Return the waterfall as somebody would work it out by hand, one deal after the other."""
    found = {step: [0, Decimal(0)] for step in STEPS}

    def add(step: str, count: int, amount: Decimal) -> None:
        found[step][0] += count
        found[step][1] += amount

    for told in lives:
        _judge(told, start, end, view, add)
    return {step: (count, amount) for step, (count, amount) in found.items()}


def _judge(told: Sequence[Told], start: date, end: date, view: View, add: Callable[[str, int, Decimal], None]) -> None:
    earlier = [each for each in told if each.at.date() <= start]
    within = [each for each in told if start < each.at.date() <= end]
    first = earlier[-1].after if earlier and earlier[-1].after.outcome == "open" else None
    was_in = first is not None and view.fits(first) and view.is_due(first.closes_on)
    last = (earlier + within)[-1].after if earlier or within else None
    decision = next((each for each in reversed(within) if each.name in ("deal.won", "deal.lost")), None)
    if last is not None and last.outcome == "open":
        decision, final, due = None, last, last.closes_on
    elif decision is not None and decision.before is not None:
        final = decision.before
        due = decision.at.date() if decision.name == "deal.won" else final.closes_on
    else:
        assert not was_in
        return
    is_in = view.fits(final) and view.is_due(due)
    if was_in:
        add("start", 1, first.amount)
    if was_in and is_in:
        change = final.amount - first.amount
        add("increased" if change > 0 else "decreased", 0, abs(change))
    elif is_in and first is None:
        add("new", 1, final.amount)
    elif is_in:
        add("pulled_in" if view.fits(first) else "increased", 1, final.amount)
    elif was_in:
        add("pushed_out" if view.fits(final) else "decreased", 1, first.amount)
    if is_in and decision is not None:
        add(decision.name.removeprefix("deal."), 1, final.amount)
    elif is_in:
        add("end", 1, final.amount)
