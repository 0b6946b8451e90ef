"""Take over a whole company from exported files: recognise them, propose repairs, build all in order."""

from salesmode.workspace.company_import.run import import_company

__all__ = ["import_company"]
