"""Take over a whole company from a folder of exported files: recognise them, propose repairs, build everything in order."""

from salesmode.workspace.company_import.run import import_company

__all__ = ["import_company"]
