"""The nouns of the workspace: what somebody is told, and the ways they look at lists."""

from salesmode.workspace.models.notification import Notification
from salesmode.workspace.models.saved_view import SavedView

__all__ = ["Notification", "SavedView"]
