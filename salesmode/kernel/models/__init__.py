"""The nouns that every business has: events, the company, files, numbers, search, and the shape of records."""

from salesmode.kernel.models.clock_mark import ClockMark
from salesmode.kernel.models.company import Company, forget_company
from salesmode.kernel.models.currency_rate import CurrencyRate
from salesmode.kernel.models.custom_field import CustomField
from salesmode.kernel.models.door import IdempotencyKey, RateCount
from salesmode.kernel.models.event import EventRecord
from salesmode.kernel.models.number_series import NumberSeries
from salesmode.kernel.models.record import Record, RecordQuerySet
from salesmode.kernel.models.search_entry import SearchEntry
from salesmode.kernel.models.stored_file import StoredFile

__all__ = [
    "ClockMark",
    "Company",
    "CurrencyRate",
    "CustomField",
    "EventRecord",
    "IdempotencyKey",
    "NumberSeries",
    "RateCount",
    "Record",
    "RecordQuerySet",
    "SearchEntry",
    "StoredFile",
    "forget_company",
]
