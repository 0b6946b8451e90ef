"""What imports and exports tell the world."""

from typing import ClassVar

from salesmode.kernel.events import Event


class ImportEvent(Event):
    """Something happened to an import."""

    import_id: int
    sheet: str


class ImportReceived(ImportEvent):
    """Somebody handed in a file."""

    name: ClassVar[str] = "import.received"
    file_sha256: str = ""


class ImportPrepared(ImportEvent):
    """Somebody decided which column is which."""

    name: ClassVar[str] = "import.prepared"
    mode: str = ""


class ImportRequested(ImportEvent):
    """Somebody asked for the rows to come in."""

    name: ClassVar[str] = "import.requested"
    mode: str = ""
    reached: int = 0


class ImportAdvanced(ImportEvent):
    """Some rows came in and others are still to come."""

    name: ClassVar[str] = "import.advanced"
    reached: int
    done: int
    total: int


class ImportStopped(ImportEvent):
    """An import was cancelled or could not go on."""

    name: ClassVar[str] = "import.stopped"
    reached: int
    status: str


class ImportFinished(ImportEvent):
    """The last row was read."""

    name: ClassVar[str] = "import.finished"
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0


class ExportMade(Event):
    """Somebody took a list out."""

    name: ClassVar[str] = "export.made"
    export_id: int
    kind: str
    form: str
    rows: int


class ExportFetched(Event):
    """Somebody fetched the file of a list that they had taken out."""

    name: ClassVar[str] = "export.fetched"
    export_id: int
    kind: str
    form: str
    rows: int


class CompanyImportReceived(Event):
    """Somebody handed in the files of a whole company: look at them."""

    name: ClassVar[str] = "company_import.received"
    company_import_id: int


class CompanyImportRequested(Event):
    """Somebody wants the company taken over."""

    name: ClassVar[str] = "company_import.requested"
    company_import_id: int


class CompanyImportReported(Event):
    """The files were looked at or taken over, and there is an account of it."""

    name: ClassVar[str] = "company_import.reported"
    company_import_id: int
    status: str
