"""What the ground floor itself tells the world: about the company, its rates, custom fields and files."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class CompanySettingsEvent(Event):
    """The company's settings, as they are from then on."""

    company_id: int
    language: str = ""
    currency: str = ""
    time_zone: str = ""
    fiscal_year_starts_in: int = 1
    country: str = ""


class CompanySetUp(CompanySettingsEvent):
    """Somebody answered the first-run questions."""

    name: ClassVar[str] = "company.set_up"


class CompanyAmended(CompanySettingsEvent):
    """The company's settings changed."""

    name: ClassVar[str] = "company.amended"
    changed: list[str] = []


class CurrencyRateSet(Event):
    """Somebody entered what a foreign currency is worth from a day on."""

    name: ClassVar[str] = "currency_rate.set"
    currency_rate_id: int
    currency: str
    valid_from: date
    rate: Decimal


class CustomFieldEvent(Event):
    """Something happened to a field that the company added to a kind of record."""

    custom_field_id: int
    kind: str
    key: str
    type: str
    is_required: bool = False


class CustomFieldDefined(CustomFieldEvent):
    """The company added a field to a kind of record."""

    name: ClassVar[str] = "custom_field.defined"


class CustomFieldAmended(CustomFieldEvent):
    """A custom field's labels, choices or place changed, or it came back into use."""

    name: ClassVar[str] = "custom_field.amended"
    changed: list[str] = []


class CustomFieldRetired(CustomFieldEvent):
    """A custom field is out of use; what it held stays."""

    name: ClassVar[str] = "custom_field.retired"


class FileEvent(Event):
    """Something happened to a file on a record."""

    file_id: int
    about_kind: str
    about_id: int
    owner_id: int | None = None
    account_owner_id: int | None = None
    content_type: str = ""
    size: int = 0
    sha256: str = ""

    def related(self) -> list[str]:
        """Name the file and the record that it is attached to."""
        return [*super().related(), f"{self.about_kind}:{self.about_id}"]


class FileAttached(FileEvent):
    """Somebody attached a file to a record."""

    name: ClassVar[str] = "file.attached"


class FileDetached(FileEvent):
    """A file was taken off a record."""

    name: ClassVar[str] = "file.detached"
