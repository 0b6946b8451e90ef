"""What the workspace tells the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class NotificationEvent(Event):
    """Something happened to a note in somebody's inbox."""

    links: ClassVar[tuple[str, ...]] = ()
    notification_id: int
    person_id: int
    kind: str = ""


class NotificationSent(NotificationEvent):
    """Somebody was told about something."""

    name: ClassVar[str] = "notification.sent"


class NotificationsRead(Event):
    """Somebody has read notes in their inbox."""

    name: ClassVar[str] = "person.notifications_read"
    person_id: int
    count: int


class ViewEvent(Event):
    """Something happened to a saved view of a list."""

    view_id: int
    person_id: int
    kind: str
    shared_with: str = "me"


class ViewSaved(ViewEvent):
    """Somebody kept a way of looking at a list."""

    name: ClassVar[str] = "view.saved"


class ViewAmended(ViewEvent):
    """A saved view got another name, other filters or another audience."""

    name: ClassVar[str] = "view.amended"
    changed: list[str] = []


class ViewDeleted(ViewEvent):
    """A saved view is gone."""

    name: ClassVar[str] = "view.deleted"


class CompanyStarted(Event):
    """The first-run questions were answered and the first administrator let in."""

    name: ClassVar[str] = "company.started"
    company_id: int
    person_id: int
