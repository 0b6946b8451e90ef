"""`salesmode import`: bring a file into one sheet."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json, progress, say

MODES = ("create", "update", "upsert")


@a_command(example="salesmode import customer customers.xlsx --mode upsert --json", name="import")
@click.argument("sheet")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which column is which, as saved from the page.",
)
@click.option(
    "--save-map",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the proposed columns to a file and import nothing.",
)
@click.option("--mode", type=click.Choice(MODES), help="Add records, change them, or both (default: create).")
@click.option(
    "--key", "keys", multiple=True, help="Column by which existing records are known, as external_key; may be repeated."
)
@click.option("--as", "email", help="E-mail of the person in whose name it is done (default: the system).")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows that failed, with the reason, to this .csv or .xlsx.",
)
@json_option
def command(
    sheet: str,
    file: Path,
    map_file: Path | None,
    save_map: Path | None,
    mode: str | None,
    keys: tuple[str, ...],
    email: str | None,
    errors: Path | None,
    as_json: bool,
) -> None:
    """Bring FILE into SHEET (customer, contact, interaction, lead, product, deal, order, payment, person)."""
    from django.utils.timezone import now

    from salesmode.exchange import operations
    from salesmode.exchange.sheet import SHEETS
    from salesmode.people.models import Person

    if sheet not in SHEETS:
        fail(f"There is no sheet {sheet}: use one of {', '.join(sorted(SHEETS))}.")
    person = Person.objects.filter(email__iexact=email).first() if email else Person.objects.system()
    if person is None:
        fail(f"Nobody has the e-mail address {email}.")
    given: dict[str, Any] = _read_map(map_file) if map_file else {}
    with file.open("rb") as content:
        run = operations.receive_file(SHEETS[sheet], content, name=file.name, by=person, at=now())
    if save_map is not None:
        save_map.write_text(
            json.dumps(
                {"sheet": sheet, "mapping": run.mapping, "choices": {}, "mode": mode or run.mode, "keys": run.keys},
                ensure_ascii=False,
                indent=2,
            ),
            encoding="utf-8",
        )
        say(f"Written to {save_map}.")
        return
    chosen: dict[str, Any] = {
        "mapping": given.get("mapping"),
        "choices": given.get("choices"),
        "mode": mode or given.get("mode"),
        "keys": list(keys) or given.get("keys"),
    }
    operations.prepare_import(run, **chosen, by=person, at=now())
    operations.request_import(run, attended=True, by=person, at=now())
    with progress(file.name, total=run.total) as advance:
        while run.is_active:
            before = run.done
            operations.advance_import(run, by=person, at=now())
            advance(run.done - before)
    if errors is not None:
        from salesmode.exchange.failed_rows import write_failed_rows

        written = write_failed_rows(run, errors, "xlsx" if errors.suffix.lower() == ".xlsx" else "csv")
        say(f"{written:,} rows written to {errors}.")
    _tell(run, as_json)
    sys.exit(0 if run.failed == 0 else 3)


def _read_map(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        fail(f"{path.name} is not a saved map of columns.")
    if not isinstance(document, dict) or not isinstance(document.get("mapping", {}), dict):
        fail(f"{path.name} is not a saved map of columns.")
    return document


def _tell(run: Any, as_json: bool) -> None:
    from salesmode.exchange.models import ImportLine

    failed = ImportLine.objects.filter(run=run, verdict="failed").order_by("number")
    reasons = [{"row": number, "reason": reason} for number, reason in failed.values_list("number", "reason")[:200]]
    if as_json:
        counts = {
            name: getattr(run, name) for name in ("total", "created", "updated", "unchanged", "skipped", "failed")
        }
        print_json(
            {
                "import": run.pk,
                "sheet": run.sheet,
                "file": run.file_name,
                "mapping": run.mapping,
                **counts,
                "failures": reasons,
            }
        )
        return
    print(f"{run.created:,} added, {run.updated:,} changed, {run.unchanged:,} as they were,", end=" ")
    print(f"{run.skipped:,} already there, {run.failed:,} not possible.")
    for each in reasons[:20]:
        say(f"Row {each['row']}: {each['reason']}")
