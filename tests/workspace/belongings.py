"""What Ana has in her frame: a view, a note, a file, a field of the company's own, files on their way in."""

from io import BytesIO
from typing import Any

from salesmode.exchange import operations as exchange
from salesmode.exchange.sheet import SHEETS
from salesmode.kernel import operations as kernel
from salesmode.workspace import operations as workspace
from tests.conftest import MONDAY

CSV = b"name,grade\nContoso,A\nFabrikam,Z\n"


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return what only Ana sees, and what only administrators change."""
    ana, system = cast["ana"], cast["system"]
    view = workspace.save_view(list_kind="deal", name="Mine", query="", by=ana, at=MONDAY)
    note = workspace.notify(ana, kind="mention", source="belongings", title="Read this", by=system, at=MONDAY)
    file = kernel.attach_file(cast["renewal"], name="offer.txt", content=BytesIO(b"our offer"), by=ana, at=MONDAY)
    field = kernel.define_custom_field(
        kind="deal", key="color", type="text", label_en="Colour", label_zh="颜色", by=system, at=MONDAY
    )
    run = exchange.receive_file(SHEETS["customer"], BytesIO(CSV), name="file.csv", by=ana, at=MONDAY)
    exchange.prepare_import(run, by=ana, at=MONDAY)
    company = exchange.receive_company([("accounts.csv", BytesIO(CSV))], by=system, at=MONDAY)
    export = exchange.note_export(kind="deal", query="", form="csv", rows=1, by=ana, at=MONDAY)
    return {
        "view_id": view.pk,
        "notification_id": note.pk,
        "file_id": file.pk,
        "field_id": field.pk,
        "import_id": run.pk,
        "workspace:company_import.import_id": company.pk,
        "workspace:take_over_company.import_id": company.pk,
        "export_id": export.pk,
    }
