"""What the simulation tells the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class DemonstrationRequested(Event):
    """Somebody wants to look around in a company that has already lived."""

    name: ClassVar[str] = "company.demonstration_requested"
    company_id: int = 1
    language: str = "zh-hans"


class DemonstrationLoaded(Event):
    """The demonstration company has moved in."""

    name: ClassVar[str] = "company.demonstration_loaded"
    company_id: int = 1
