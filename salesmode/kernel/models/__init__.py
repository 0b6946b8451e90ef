"""The nouns that every business has: events, the company itself, and the shape shared by all records."""

from salesmode.kernel.models.company import Company
from salesmode.kernel.models.event import EventRecord
from salesmode.kernel.models.record import Record, RecordQuerySet

__all__ = ["Company", "EventRecord", "Record", "RecordQuerySet"]
