"""What the workspace's own pages show."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse

from salesmode.customers.models import Customer, Interaction
from salesmode.customers.timeline import SENTENCES, Moment, names_behind
from salesmode.kernel.custom_fields import kinds
from salesmode.kernel.events import REGISTRY
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.models import Company, CustomField, EventRecord, SearchEntry
from salesmode.kernel.periods import day_of, starts_at
from salesmode.people.models import Person, Team
from salesmode.selling.models import Deal, Lead, Process
from salesmode.selling.queries import last_decided_on
from salesmode.workspace.kinds import kind_called
from salesmode.workspace.models import Notification, SavedView

ON_A_CARD = 8
MOST_MENTIONED = 20


def sketched_company() -> Company | None:
    """Return the company as far as an import told of it before anybody answered the first-run questions."""
    return Company.objects.filter(set_up_at=None).exclude(name="").first()


def last_decided_year() -> int | None:
    """Return the year of the company in which deals were decided last."""
    last = last_decided_on()
    return last.year if last else None


@dataclass(frozen=True)
class Day:
    """Today as the company counts it, and whose work is looked at."""

    person: Person
    at: datetime
    team: bool = False
    first: date = field(init=False)
    begins: datetime = field(init=False)
    ends: datetime = field(init=False)
    week_ends: date = field(init=False)

    def __post_init__(self) -> None:
        zone = Company.objects.current().zone
        today = day_of(self.at, zone)
        object.__setattr__(self, "first", today)
        object.__setattr__(self, "begins", starts_at(today, zone))
        object.__setattr__(self, "ends", starts_at(today + timedelta(days=1), zone))
        object.__setattr__(self, "week_ends", today + timedelta(days=6 - today.weekday()))

    @property
    def can_widen(self) -> bool:
        """Whether this person also sees other people's work."""
        return self.person.role == Person.Role.MANAGER or self.person.sees_all

    def of(self, rows: QuerySet) -> QuerySet:
        """Narrow records to those of this person, or of everybody whose records they may see."""
        seen = rows.visible_to(self.person)  # type: ignore[attr-defined]
        return seen if self.team else seen.filter(owner=self.person)


@dataclass(frozen=True)
class Card:
    """Some records that want attention: the first few, whether there are more, and how many are late."""

    rows: Sequence[Any]
    has_more: bool = False
    late: int = 0
    # Nothing is there that could want attention: that is not the same as everything being in order.
    is_idle: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do here."""
        return not self.rows


def _card(rows: QuerySet, *, is_late: Any = None) -> Card:
    found = list(rows[: ON_A_CARD + 1])
    shown = found[:ON_A_CARD]
    return Card(shown, len(found) > ON_A_CARD, sum(1 for row in shown if is_late and is_late(row)))


def follow_ups_due(day: Day) -> Card:
    """Return the customers to speak to today, those overdue first. One query."""
    due = day.of(Customer.objects.filter(next_contact_at__lt=day.ends, merged_into=None))
    rows = due.select_related("owner").order_by("next_contact_at", "id")
    return _card(rows, is_late=lambda customer: customer.next_contact_at < day.begins)


def deals_closing(day: Day) -> Card:
    """Return the open deals that should be decided by Sunday, those overdue first. One query."""
    rows = day.of(Deal.objects.open().filter(closes_on__lte=day.week_ends))
    rows = rows.select_related("customer", "stage", "owner").order_by("closes_on", "id")
    return _card(rows, is_late=lambda deal: deal.closes_on < day.first)


def deals_without_next_step(day: Day) -> Card:
    """Return the open deals for which nobody has said what comes next, the largest first. Two queries at most."""
    rows = day.of(Deal.objects.open().filter(next_step=""))
    card = _card(rows.select_related("customer", "stage", "owner").order_by("-company_amount", "-id"))
    return card if card.rows or day.of(Deal.objects.open()).exists() else replace(card, is_idle=True)


def leads_to_answer(day: Day) -> Card:
    """Return the leads that nobody has answered yet, the longest waiting first. One query."""
    waiting = Lead.objects.visible_to(day.person).filter(status__in=Lead.OPEN, first_response_at=None)
    if not day.team:
        waiting = waiting.filter(Q(owner=day.person) | Q(owner=None))
    return _card(waiting.select_related("owner").order_by(F("owner_id").asc(nulls_last=True), "created_at", "id"))


def recent_wins(day: Day) -> Card:
    """Return the deals won in the last seven days that this person may see, the latest first. One query."""
    rows = Deal.objects.won().visible_to(day.person).filter(decided_at__gte=day.begins - timedelta(days=7))
    return _card(rows.select_related("customer", "owner").order_by("-decided_at", "-id"))


def unread_count(person: Person) -> int:
    """Count the notes somebody has not read, up to 100. One query."""
    return Notification.objects.unread().filter(person=person).values("pk")[:100].count()


def inbox(person: Person, *, before: int | None = None, limit: int = 50) -> tuple[list[Notification], int | None]:
    """Return a page of somebody's notes, the latest first, and where the next page begins. One query."""
    rows = Notification.objects.visible_to(person).select_related("actor").order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def views_of_list(list_kind: str, *, seen_by: Person) -> list[SavedView]:
    """Return the saved views of a list that a person sees, their own first. One query."""
    views = SavedView.objects.visible_to(seen_by).filter(list_kind=list_kind).select_related("owner")
    return sorted(views, key=lambda view: (view.owner_id != seen_by.pk, view.position, view.name))[:50]


@dataclass(frozen=True)
class AuditLine:
    """One event as the audit log tells it: who, what, to which record, when, and its facts."""

    event: EventRecord
    actor: Person | None
    says: str
    subject_title: str
    subject_url: str


@dataclass(frozen=True)
class AuditFilter:
    """What the audit log is narrowed to."""

    actor_id: int | None = None
    kind: str = ""
    record_id: int | None = None
    first: datetime | None = None
    until: datetime | None = None


def audit_log(
    chosen: AuditFilter, *, seen_by: Person, before: int | None = None, limit: int = 50
) -> tuple[list[AuditLine], int | None]:
    """Return a page of what happened, the latest first, and where the next page begins. A handful of queries."""
    rows = EventRecord.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if chosen.actor_id is not None:
        rows = rows.filter(actor_id=chosen.actor_id)
    if chosen.kind and chosen.record_id is not None:
        rows = rows.about(chosen.kind, chosen.record_id)
    elif chosen.kind:
        rows = rows.filter(name__startswith=f"{chosen.kind}.")
    if chosen.first is not None:
        rows = rows.filter(happened_at__gte=chosen.first)
    if chosen.until is not None:
        rows = rows.filter(happened_at__lt=chosen.until)
    events = list(rows[: limit + 1])
    shown = events[:limit]
    names = names_behind([*(event.facts for event in shown), *_subjects_as_facts(shown)]) | _named(shown)
    actors = Person.objects.in_bulk({event.actor_id for event in shown})
    entries = _entries_behind(shown)
    lines = []
    for event in shown:
        entry = entries.get((event.subject_kind, event.subject_id))
        title = names.get(
            (event.subject_kind, event.subject_id), f"{kind_called(event.subject_kind)} {event.subject_id}"
        )
        title, url = (entry.title, entry.url) if entry else (title, _settings_page_of(event))
        lines.append(AuditLine(event, actors.get(event.actor_id), _sentence_of(event, names), title, url))
    return lines, shown[-1].pk if len(events) > limit else None


def _subjects_as_facts(events: list[EventRecord]) -> list[dict[str, int]]:
    return [{f"{event.subject_kind}_id": event.subject_id} for event in events]


def _named(events: list[EventRecord]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    rows: dict[str, QuerySet[Any]] = {"team": Team.objects.all(), "process": Process.objects.all()}
    for kind, named in rows.items():
        if keys := {event.subject_id for event in events if event.subject_kind == kind}:
            found |= {(kind, key): name for key, name in named.filter(pk__in=keys).values_list("pk", "name")}
    return found


PAGES = {"person": "people:person", "team": "people:amend_team", "process": "selling:process"}


def _settings_page_of(event: EventRecord) -> str:
    route = PAGES.get(event.subject_kind)
    return reverse(route, args=[event.subject_id]) if route else ""


def _sentence_of(event: EventRecord, names: Any) -> str:
    told = SENTENCES.get(event.name)
    return str(told.tell(Moment(event.name, event.facts, names))) if told else event.name


def _entries_behind(events: list[EventRecord]) -> dict[tuple[str, int], SearchEntry]:
    wanted: dict[str, set[int]] = {}
    for event in events:
        wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    condition = Q()
    for kind, keys in wanted.items():
        condition |= Q(kind=kind, record_id__in=keys)
    return {(entry.kind, entry.record_id): entry for entry in SearchEntry.objects.filter(condition)} if wanted else {}


def mentioned_in(interaction: Interaction) -> list[Person]:
    """Return whoever is named with an @ in what was written down and may read it. One query where nobody is named."""
    text = interaction.content
    if "@" not in text:
        return []
    there = Person.objects.active().exclude(pk=interaction.by_id).alias(said=Value(text))
    named = there.filter(said__contains=Concat(Value("@"), F("name"))).order_by("pk")[:MOST_MENTIONED]
    return [person for person in named if Interaction.objects.visible_to(person).filter(pk=interaction.pk).exists()]


def page_of(interaction: Interaction) -> str:
    """Return the address at which an interaction is read."""
    return reverse("customers:interaction", args=[interaction.pk])


def event_kinds() -> list[tuple[str, str]]:
    """Return the kinds of records that events are about, each with what it is called, by that. No queries."""
    kinds = {name.partition(".")[0] for name in REGISTRY}
    return sorted(((kind, kind_called(kind)) for kind in kinds), key=lambda each: each[1])


def extensible_kinds() -> list[str]:
    """Return the kinds of records that a company may add fields to: those with a list of their own. No queries."""
    return [kind for kind in LISTINGS if kind in kinds()]


def custom_fields_by_kind() -> list[tuple[str, Any, list[CustomField]]]:
    """Return the company's own fields, kind by kind, those out of use last. One query."""
    fields = list(CustomField.objects.order_by("-is_active", "position", "id"))
    return [
        (kind, LISTINGS[kind].title, [field for field in fields if field.kind == kind]) for kind in extensible_kinds()
    ]
