"""What reports are prefilled with, who has reported, and who has not."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from salesmode.customers.models import Interaction, Visit
from salesmode.kernel import wording
from salesmode.kernel.models import Company, EventRecord
from salesmode.kernel.periods import starts_at
from salesmode.orders.models import Payment
from salesmode.people.models import Person
from salesmode.people.visibility import seen_owner_ids
from salesmode.reviews.models import ReportDraft, WorkReport
from salesmode.reviews.queries.rhythm import first_of, reporters
from salesmode.selling.models import Deal

COUNTED = ("deal.opened", "deal.moved", "deal.won", "deal.lost", "lead.responded", "customer.created")
NAMED = 12


def report_numbers(person: Person, *, first: date, until: date) -> dict[str, Any]:
    """Count what somebody did from a day until before another. Five queries."""
    zone = Company.objects.current().zone
    begins, ends = starts_at(first, zone), starts_at(until, zone)
    spoken = Interaction.objects.filter(by=person, happened_at__gte=begins, happened_at__lt=ends)
    channels = dict(spoken.order_by().values_list("channel").annotate(times=Count("pk")))
    visits = Visit.objects.done().filter(owner=person, checked_in_at__gte=begins, checked_in_at__lt=ends).count()
    events = EventRecord.objects.filter(name__in=COUNTED, happened_at__gte=begins, happened_at__lt=ends)
    counts = dict.fromkeys(COUNTED, 0)
    won = Decimal(0)
    for name, facts in events.filter(facts__owner_id=person.pk).values_list("name", "facts"):
        if not facts.get("imported"):
            counts[name] += 1
        if name == "deal.won":
            won += Decimal(str(facts.get("company_amount") or 0))
    paid = Payment.objects.filter(owner=person, received_on__gte=first, received_on__lt=until)
    received = paid.aggregate(paid=Sum("company_amount"))["paid"]
    numbers: dict[str, Any] = {"channels": channels, "visits": visits, "won_amount": str(won)}
    numbers |= {name.replace(".", "_"): count for name, count in counts.items()}
    return numbers | {"paid_amount": str(received or 0)}


def report_draft(person: Person, *, first: date, until: date) -> dict[str, str]:
    """Return the texts that a report begins with: whom one saw, what was won, and what is next. Six queries."""
    zone = Company.objects.current().zone
    begins, ends = starts_at(first, zone), starts_at(until, zone)
    spoken = Interaction.objects.filter(
        by=person, happened_at__gte=begins, happened_at__lt=ends, customer__isnull=False
    )
    lines = []
    seen: set[int | None] = set()
    for each in spoken.select_related("customer").order_by("-happened_at", "-id")[:100]:
        if each.customer_id not in seen and len(seen) < NAMED:
            seen.add(each.customer_id)
            said = " ".join(each.content.split())[:60]
            lines.append(f"· {each.customer}: {said}" if said else f"· {each.customer}")
    lines += _deals_of(person, begins, ends)
    paid = Payment.objects.filter(owner=person, received_on__gte=first, received_on__lt=until)
    for payment in paid.select_related("order").order_by("pk")[:NAMED]:
        money = wording.full_money(payment.amount, payment.currency)
        lines.append(_("· Payment: %(order)s, %(money)s") % {"order": payment.order, "money": money})
    after = until + (until - first)
    visits = Visit.objects.filter(owner=person, planned_on__gte=until, planned_on__lt=after, status="planned")
    plans = [
        f"· {visit.customer} {visit.purpose}".strip()
        for visit in visits.select_related("customer").order_by("planned_on", "stop", "id")[:NAMED]
    ]
    return {"done": "\n".join(lines), "plan": "\n".join(plans)}


def _deals_of(person: Person, begins: datetime, ends: datetime) -> list[str]:
    """Tell which deals somebody opened, moved on, won and lost, each once: as it stood last. Two queries."""
    told = {
        "deal.opened": _("· Opened the deal %(deal)s"),
        "deal.moved": _("· Moved %(deal)s on to %(stage)s"),
        "deal.won": _("· Won %(deal)s"),
        "deal.lost": _("· Lost %(deal)s"),
    }
    events = EventRecord.objects.filter(name__in=told, happened_at__gte=begins, happened_at__lt=ends)
    latest: dict[int, str] = {}
    for name, facts in events.filter(facts__owner_id=person.pk).order_by("id").values_list("name", "facts"):
        if not facts.get("imported"):
            latest[facts["deal_id"]] = name
    deals = Deal.objects.select_related("stage").in_bulk(list(latest)[-NAMED:])
    return [told[latest[key]] % {"deal": deal.title, "stage": deal.stage.name} for key, deal in deals.items()]


@dataclass(frozen=True)
class Expected:
    """One person who has to report, and the report if it is there."""

    person: Person
    due_at: datetime
    report: WorkReport | None
    is_read: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether there is no report yet."""
        return self.report is None


@dataclass(frozen=True)
class TeamReports:
    """Who has reported a day or a week, and who has not."""

    kind: str
    first: date
    lines: list[Expected] = field(default_factory=list)

    @property
    def missing(self) -> list[Expected]:
        """Those who have not reported."""
        return [line for line in self.lines if line.is_missing]

    @property
    def done(self) -> int:
        """How many have reported."""
        return len(self.lines) - len(self.missing)


def people_below(person: Person) -> list[Person]:
    """Return the people whose reports somebody reads. Two queries."""
    seen = seen_owner_ids(person)
    people = Person.objects.active().exclude(pk=person.pk).order_by("name", "id")
    return list(people if seen is None else people.filter(pk__in=seen))


def team_reports(kind: str, day: date, *, seen_by: Person) -> TeamReports:
    """Return who of those that somebody looks after has reported a day or week, and who has not. Six queries."""
    first = first_of(kind, day)
    expected = reporters(kind, first, among=people_below(seen_by))
    rows = WorkReport.objects.visible_to(seen_by).filter(type=kind, first=first).exclude(owner=seen_by)
    there = {report.owner_id: report for report in rows.select_related("owner").prefetch_related("readings")}
    lines = [_expected(person, due_at, there.pop(person.pk, None), seen_by) for person, due_at in expected]
    lines += [_expected(report.owner, report.due_at, report, seen_by) for report in there.values()]
    return TeamReports(kind, first, sorted(lines, key=lambda line: (not line.is_missing, line.person.name)))


def _expected(person: Person, due_at: datetime, report: WorkReport | None, reader: Person) -> Expected:
    readings: Any = report.readings.all() if report is not None else ()  # type: ignore[attr-defined]
    return Expected(person, due_at, report, any(reading.person_id == reader.pk for reading in readings))


def own_report(person: Person, kind: str, day: date) -> tuple[WorkReport | None, datetime | None]:
    """Return somebody's report of a day or week, and when it is due if it is required. Three queries."""
    first = first_of(kind, day)
    due = reporters(kind, first, among=[person])
    return WorkReport.objects.filter(owner=person, type=kind, first=first).first(), due[0][1] if due else None


def kept_draft(person: Person, kind: str, first: date) -> ReportDraft | None:
    """Return what somebody has begun to write of a report and not handed in. One query."""
    return ReportDraft.objects.filter(owner=person, kind=kind, first=first).first()


def reports_to_remind_of(*, at: datetime, within: timedelta) -> list[tuple[Person, str, date]]:
    """Return whose reports fell due a moment ago and are not there. A handful of queries."""
    today = at.astimezone(Company.objects.current().zone).date()
    people = list(Person.objects.active())
    found = []
    for kind in WorkReport.Kind.values:
        first = first_of(kind, today)
        there = set(WorkReport.objects.filter(type=kind, first=first).values_list("owner", flat=True))
        for person, due_at in reporters(kind, first, among=people):
            if due_at <= at < due_at + within and person.pk not in there:
                found.append((person, kind, first))
    return found
