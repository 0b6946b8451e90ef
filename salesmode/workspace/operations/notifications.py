"""Tell people what concerns them, and remember what they have read."""

from datetime import datetime

from django.db import transaction

from salesmode.kernel.events import record
from salesmode.kernel.locking import require
from salesmode.people.models import Person
from salesmode.workspace import policies
from salesmode.workspace.events import NotificationSent, NotificationsRead
from salesmode.workspace.models import Notification


@transaction.atomic
def notify(
    person: Person,
    *,
    kind: str,
    source: str,
    actor: Person | None = None,
    title: str = "",
    count: int = 1,
    url: str = "",
    by: Person,
    at: datetime,
) -> Notification:
    """Put a note into somebody's inbox; told again about the same source, it says how many things it stands for.

    Raises NotAllowed.
    """
    require(policies.may_notify(by))
    note, is_new = Notification.objects.get_or_create(
        person=person,
        source=source[:120],
        defaults={
            "kind": kind,
            "actor": actor,
            "title": title[:300],
            "count": count,
            "url": url[:300],
            "created_at": at,
        },
    )
    if is_new:
        record(NotificationSent(notification_id=note.pk, person_id=person.pk, kind=kind), by=by, at=at)
    elif note.count != count:
        note.count, note.url = count, url[:300]
        note.save(update_fields=["count", "url"])
    return note


@transaction.atomic
def read_notifications(person: Person, *, only: Notification | None = None, by: Person, at: datetime) -> int:
    """Mark one note of a person, or all of them, as read; returns how many were unread.

    Raises NotAllowed.
    """
    unread = Notification.objects.unread().filter(person=person)
    if only is not None:
        unread = unread.filter(pk=only.pk)
    require(policies.may_read_notification(by, only or Notification(person=person)))
    count = unread.update(read_at=at)
    if count:
        record(NotificationsRead(person_id=person.pk, count=count), by=by, at=at)
    return count
