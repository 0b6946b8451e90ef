"""How the ground floor reacts to its own facts."""

from datetime import datetime

from salesmode.kernel import files
from salesmode.kernel.events import on
from salesmode.kernel.own_events import FileDetached


@on(FileDetached)
def remove_the_content(event: FileDetached, *, at: datetime) -> None:
    """Remove a content from the disk once no record has it any more."""
    files.remove_content(event.sha256)
