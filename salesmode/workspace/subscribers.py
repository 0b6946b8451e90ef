"""Who is told what: notes for the inbox from what happens elsewhere."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from salesmode.customers.events import CustomerHandedOver, CustomerShared, InteractionLogged
from salesmode.customers.models import Customer, Interaction
from salesmode.exchange.events import ImportFinished, ImportStopped
from salesmode.exchange.models import ImportRun
from salesmode.kernel.events import Event, on
from salesmode.kernel.models import EventRecord
from salesmode.people.events import PersonAmended
from salesmode.people.models import Person
from salesmode.reviews.events import PersonReportDue
from salesmode.reviews.events.recognition import RecognitionGiven
from salesmode.reviews.events.reviews import ReviewTold
from salesmode.reviews.models import Recognition, Review
from salesmode.selling.events import DealHandedOver, LeadHandedOver
from salesmode.selling.models import Deal, Lead
from salesmode.targets import queries as targets
from salesmode.targets.events import AlertRaised, DecisionReviewed
from salesmode.targets.models import Alert, Decision
from salesmode.workspace import operations, queries
from salesmode.workspace.company_import import reactions  # noqa: F401

# History that is written down later, by an import or a demonstration, is told to nobody.
HISTORY = timedelta(hours=1)


@on(DealHandedOver)
def tell_the_new_owner_of_the_deal(event: DealHandedOver, *, at: datetime) -> None:
    """Tell somebody that a deal is theirs now."""
    title = Deal.objects.filter(pk=event.deal_id).values_list("title", flat=True).first()
    _tell(event.owner_id, event, about=title, url=f"/deals/{event.deal_id}", many="/deals/?owner=me", at=at)


@on(CustomerHandedOver)
def tell_the_new_owner_of_the_customer(event: CustomerHandedOver, *, at: datetime) -> None:
    """Tell somebody that a customer is theirs now."""
    name = Customer.objects.filter(pk=event.customer_id).values_list("name", flat=True).first()
    _tell(event.owner_id, event, about=name, url=f"/customers/{event.customer_id}", many="/customers/?owner=me", at=at)


@on(LeadHandedOver)
def tell_the_new_owner_of_the_lead(event: LeadHandedOver, *, at: datetime) -> None:
    """Tell somebody that a lead is theirs now."""
    name = Lead.objects.filter(pk=event.lead_id).values_list("name", flat=True).first()
    _tell(event.owner_id, event, about=name, url=f"/leads/{event.lead_id}", many="/leads/?owner=me", at=at)


@on(CustomerShared)
def tell_whom_a_customer_was_shown_to(event: CustomerShared, *, at: datetime) -> None:
    """Tell somebody that they may look at a customer now."""
    name = Customer.objects.filter(pk=event.customer_id).values_list("name", flat=True).first()
    _tell(event.person_id, event, about=name, url=f"/customers/{event.customer_id}", many="/customers/", at=at)


@on(InteractionLogged)
def tell_who_is_mentioned(event: InteractionLogged, *, at: datetime) -> None:
    """Tell whoever is named with an @ in what was written down, if they may read it."""
    interaction = Interaction.objects.filter(pk=event.interaction_id).select_related("by").first()
    row = _row_of(event, at=at)
    if interaction is None or row is None or _is_history(row):
        return
    for person in queries.mentioned_in(interaction):
        operations.notify(
            person,
            kind="mention",
            source=f"mention interaction:{interaction.pk}",
            actor=interaction.by,
            title=" ".join(interaction.content.split())[:120],
            url=queries.page_of(interaction),
            by=Person.objects.system(),
            at=at,
        )


@on(PersonReportDue)
def remind_who_has_not_reported(event: PersonReportDue, *, at: datetime) -> None:
    """Tell somebody that a report is due."""
    person = Person.objects.active().filter(pk=event.person_id).first()
    if person is not None:
        source = f"{event.name} {event.kind} {event.first}"
        page = f"/reports/write?kind={event.kind}&day={event.first}"
        system = Person.objects.system()
        operations.notify(person, kind=event.name, source=source, title=str(event.first), url=page, by=system, at=at)


@on(ReviewTold)
def tell_who_was_reviewed(event: ReviewTold, *, at: datetime) -> None:
    """Tell somebody that their result is there to read; the result itself stands on its page alone."""
    review = Review.objects.filter(pk=event.review_id).select_related("round").first()
    about = review.round.label if review else None
    _tell(event.person_id, event, about=about, url=f"/reviews/{event.review_id}", many="/reviews/", at=at)


@on(RecognitionGiven)
def tell_who_was_thanked(event: RecognitionGiven, *, at: datetime) -> None:
    """Tell somebody what they were thanked for, or which challenge they won; thanks taken back by then are not told."""
    thanks = Recognition.objects.filter(pk=event.recognition_id).select_related("challenge", "owner").first()
    if thanks is None:
        return
    if thanks.challenge is None:
        about = " ".join(thanks.text.split())[:120]
        _tell(event.person_id, event, about=about, url="/recognition/", many="/recognition/", at=at)
    elif thanks.owner.is_active and (row := _row_of(event, at=at)) is not None and not _is_history(row):
        operations.notify(
            thanks.owner,
            kind="challenge.won",
            source=f"challenge.won {thanks.challenge_id}",
            title=thanks.challenge.name,
            url=f"/challenges/{thanks.challenge_id}",
            by=Person.objects.system(),
            at=at,
        )


@on(PersonAmended)
def tell_whose_role_or_team_changed(event: PersonAmended, *, at: datetime) -> None:
    """Tell somebody that they may do other things from now on."""
    if {"role", "team"} & set(event.changed):
        _tell(event.person_id, event, about="", url="/settings/permissions", many="/settings/permissions", at=at)


@on(ImportFinished)
def tell_who_imports_that_it_is_done(event: ImportFinished, *, at: datetime) -> None:
    """Tell somebody that the last row of their file was read."""
    _tell_importer(event, at=at)


@on(ImportStopped)
def tell_who_imports_that_it_stopped(event: ImportStopped, *, at: datetime) -> None:
    """Tell somebody that their import could not go on; one that they cancelled themselves they know about."""
    if event.status == ImportRun.Status.FAILED:
        _tell_importer(event, at=at)


@on(AlertRaised)
def tell_whom_an_alert_concerns(event: AlertRaised, *, at: datetime) -> None:
    """Tell whom the rule names that a number is not where it should be."""
    alert = Alert.objects.filter(pk=event.alert_id).select_related("rule", "owner__team__lead", "team__lead").first()
    row = _row_of(event, at=at)
    if alert is None or row is None or row.recorded_at - row.happened_at > HISTORY:
        return
    for person in targets.receivers_of(alert):
        if Alert.objects.visible_to(person).filter(pk=alert.pk).exists():
            with override(person.reads):
                title = str(alert)
            _note(person, event, title, f"/alerts/{alert.pk}", at=at)


@on(DecisionReviewed)
def tell_who_decided_what_came_of_it(event: DecisionReviewed, *, at: datetime) -> None:
    """Tell who decided that the number was measured again."""
    decision = Decision.objects.filter(pk=event.decision_id).select_related("owner").first()
    row = _row_of(event, at=at)
    if decision is None or row is None or not decision.owner.is_active or row.recorded_at - row.happened_at > HISTORY:
        return
    with override(decision.owner.reads):
        title = f"{decision.title} · {decision.get_verdict_display()}"
    _note(decision.owner, event, title, f"/decisions/{decision.pk}", at=at)


def _note(person: Person, event: Event, title: str, url: str, *, at: datetime) -> None:
    source = f"{event.name} {event.subject_id}"
    system = Person.objects.system()
    operations.notify(person, kind=event.name, source=source, title=title, url=url, by=system, at=at)


def _tell_importer(event: ImportFinished | ImportStopped, *, at: datetime) -> None:
    run = ImportRun.objects.filter(pk=event.import_id).first()
    person = Person.objects.active().filter(pk=run.by_id).first() if run else None
    if run is None or person is None:
        return
    source = f"{event.name} {event.import_id} {at.isoformat()}"
    page = f"/import/{event.import_id}"
    system = Person.objects.system()
    operations.notify(person, kind=event.name, source=source, title=run.file_name, url=page, by=system, at=at)


def _tell(person_id: int | None, event: Event, *, about: str | None, url: str, many: str, at: datetime) -> None:
    """Note an event for one person, once for everything that one act did."""
    row = _row_of(event, at=at)
    if person_id is None or about is None or row is None or row.actor_id == person_id:
        return
    if _is_history(row):
        return
    person = Person.objects.active().filter(pk=person_id).first()
    actor = Person.objects.filter(pk=row.actor_id).first()
    if person is None or actor is None:
        return
    receiver = "person_id" if hasattr(event, "person_id") else "owner_id"
    same_act: dict[str, Any] = {"actor_id": row.actor_id, "happened_at": at, "name": event.name}
    count = EventRecord.objects.filter(**same_act, **{f"facts__{receiver}": person_id}).count()
    operations.notify(
        person,
        kind=event.name,
        source=f"{event.name} {row.actor_id} {at.isoformat()}",
        actor=None if actor.is_system else actor,
        title=about,
        count=max(count, 1),
        url=url if count <= 1 else many,
        by=Person.objects.system(),
        at=at,
    )


def _is_history(row: EventRecord) -> bool:
    return row.recorded_at - row.happened_at > HISTORY


def _row_of(event: Event, *, at: datetime) -> EventRecord | None:
    subject = f"{event.subject_kind}:{event.subject_id}"
    rows = EventRecord.objects.filter(related__contains=[subject], name=event.name, happened_at=at)
    return rows.order_by("-id").first()
