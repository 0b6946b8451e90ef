"""What happened around a record, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from salesmode.customers.models import Customer, Interaction
from salesmode.customers.timeline import GROUPS, LEFT_OUT, SENTENCES, Moment, names_behind
from salesmode.kernel.models import EventRecord, StoredFile
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.people.visibility import owned_by_those_seen

PAGE = 30
# What somebody sees of a customer that is only shared to them: the account itself, not its deals and orders.
OF_THE_ACCOUNT = ("customer", "contact", "interaction", "follow_up", "file")


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as it is told."""

    at: datetime
    actor: Person | None
    text: str
    icon: str
    group: str
    name: str
    interaction: Interaction | None = None
    files: list[StoredFile] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """All that happened on one day."""

    day: date
    entries: list[Entry]


@dataclass(frozen=True)
class Story:
    """A page of a timeline: its days, newest first, and the cursor to what happened before."""

    days: list[Day]
    next: str
    group: str = ""
    groups: dict[str, Any] = field(default_factory=lambda: dict(GROUPS))


def story_of(
    kind: str, record_id: int, *, seen_by: Person, group: str = "", after: str = "", limit: int = PAGE
) -> Story:
    """Tell what happened to a record and what hangs on it. A fixed number of queries, however much happened.

    Raises Invalid for an unknown group or cursor.
    """
    events = _of_group(_events_about(kind, record_id, seen_by), group)
    if after:
        moment, key = _cursor(after)
        events = events.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, pk__lt=key))
    rows = list(events.order_by("-happened_at", "-pk")[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    entries = _told(rows)
    days = [
        Day(day, list(those)) for day, those in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date())
    ]
    return Story(days, f"{rows[-1].happened_at.isoformat()}~{rows[-1].pk}" if more else "", group)


def _events_about(kind: str, record_id: int, seen_by: Person) -> QuerySet[EventRecord]:
    subjects = [f"{kind}:{record_id}"]
    events = EventRecord.objects.exclude(name__in=LEFT_OUT)
    if kind == "customer":
        merged = Customer.objects.filter(merged_into=record_id).values_list("pk", flat=True)
        subjects += [f"customer:{key}" for key in merged]
        if not _is_account_of(seen_by, record_id):
            events = events.filter(subject_kind__in=OF_THE_ACCOUNT)
    return events.filter(related__overlap=subjects)


def _is_account_of(person: Person, customer_id: int) -> bool:
    """Say whether the customer is this person's, or that of somebody below them, so that all on it is theirs to see."""
    if person.sees_all:
        return True
    return Customer.objects.filter(owned_by_those_seen(person, "owner"), pk=customer_id).exists()


def _of_group(events: QuerySet[EventRecord], group: str) -> QuerySet[EventRecord]:
    if not group:
        return events
    if group not in GROUPS:
        raise Invalid({"group": [_("There is no such kind of entry.")]})
    return events.filter(name__in=[name for name, sentence in SENTENCES.items() if sentence.group == group])


def _cursor(after: str) -> tuple[datetime, int]:
    moment, _tilde, key = after.partition("~")
    try:
        found = datetime.fromisoformat(moment), int(key)
        if found[0].tzinfo is None or abs(found[1]) >= 2**63:
            raise ValueError
    except ValueError:
        raise Invalid({"after": [_("This page of the timeline is gone. Reload it.")]}) from None
    return found


def _told(rows: Sequence[EventRecord]) -> list[Entry]:
    names = names_behind(row.facts for row in rows)
    people = Person.objects.in_bulk({row.actor_id for row in rows})
    spoken = Interaction.objects.select_related("contact", "by").in_bulk(
        [row.subject_id for row in rows if row.name == "interaction.logged"]
    )
    attached: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(about_kind="interaction", about_id__in=list(spoken)).order_by("pk"):
        attached.setdefault(file.about_id, []).append(file)
    entries = []
    for row in rows:
        interaction = spoken.get(row.subject_id) if row.name == "interaction.logged" else None
        files = attached.get(interaction.pk, []) if interaction else []
        text, icon, group = _sentence(row, names)
        actor = people.get(row.actor_id)
        entries.append(Entry(row.happened_at, actor, text, icon, group, row.name, interaction, files))
    return entries


def _sentence(row: EventRecord, names: Mapping[tuple[str, int], str]) -> tuple[str, str, str]:
    sentence = SENTENCES.get(row.name)
    if sentence is None:
        return row.name.replace(".", " ").replace("_", " "), "point", "changes"
    return str(sentence.tell(Moment(row.name, row.facts, names))), sentence.icon, sentence.group
