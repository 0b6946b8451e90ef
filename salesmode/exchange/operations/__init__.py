"""Everything that happens to imports and exports."""

from salesmode.exchange.operations.advance_import import advance_import
from salesmode.exchange.operations.cancel_import import cancel_import, fail_import
from salesmode.exchange.operations.company_import import receive_company, report_company, request_company
from salesmode.exchange.operations.note_export import note_export, note_export_fetched
from salesmode.exchange.operations.prepare_import import prepare_import
from salesmode.exchange.operations.receive_file import receive_file
from salesmode.exchange.operations.request_import import request_import

__all__ = [
    "advance_import",
    "cancel_import",
    "fail_import",
    "note_export",
    "note_export_fetched",
    "prepare_import",
    "receive_company",
    "receive_file",
    "report_company",
    "request_company",
    "request_import",
]
