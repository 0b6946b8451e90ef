"""Everything that changes the workspace."""

from salesmode.workspace.operations.notifications import notify, read_notifications
from salesmode.workspace.operations.saved_views import amend_view, delete_view, save_view, share_view_with_everybody
from salesmode.workspace.operations.start import start_company, start_empty

__all__ = [
    "amend_view",
    "delete_view",
    "notify",
    "read_notifications",
    "save_view",
    "share_view_with_everybody",
    "start_company",
    "start_empty",
]
