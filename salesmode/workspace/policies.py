"""Who may do what in the workspace."""

from salesmode.people.models import Person
from salesmode.people.permissions import may
from salesmode.workspace.models import Notification, SavedView


def may_start_company(by: Person) -> bool:
    """May this person answer the first-run questions? Only the system, while there is nobody else."""
    return may(by, "workspace.start_company")


def may_start_empty(by: Person) -> bool:
    """May this person give a new company its first process and team?"""
    return may(by, "workspace.start_empty")


def may_notify(by: Person) -> bool:
    """May this person put a note into somebody's inbox? Only the system, about what somebody did."""
    return may(by, "workspace.notify")


def may_read_notification(by: Person, notification: Notification) -> bool:
    """May this person mark a note as read?"""
    return may(by, "workspace.read_notifications", notification.person)


def may_save_view(by: Person) -> bool:
    """May this person keep views of lists?"""
    return may(by, "workspace.save_view")


def may_amend_view(by: Person, view: SavedView) -> bool:
    """May this person change or delete a view?"""
    return may(by, "workspace.amend_view", view)


def may_delete_view(by: Person, view: SavedView) -> bool:
    """May this person throw a view away?"""
    return may(by, "workspace.delete_view", view)


def may_share_view_with_everybody(by: Person, view: SavedView) -> bool:
    """May this person put a view on everybody's list?"""
    return may(by, "workspace.share_view_with_everybody", view)
