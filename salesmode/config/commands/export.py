"""`salesmode export`: take a list out as a file that can be read in again."""

import sys
import tempfile
from pathlib import Path

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json


@a_command(example="salesmode export customer --format xlsx --out customers.xlsx", name="export")
@click.argument("sheet")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    default=None,
    help="Kind of file (default: that of --out, else csv).",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it (default: standard output)."
)
@click.option(
    "--where", multiple=True, metavar="NAME=VALUE", help="A filter of the list, as on its page; may be repeated."
)
@click.option("--as", "email", help="E-mail of the person whose view it is (default: the system, which sees all).")
@json_option
def command(
    sheet: str, form: str | None, out: Path | None, where: tuple[str, ...], email: str | None, as_json: bool
) -> None:
    """Take out SHEET (customer, contact, deal, lead, order, ...), every column, formulas made harmless."""
    from django.http import QueryDict
    from django.utils.timezone import now

    from salesmode.exchange import operations
    from salesmode.exchange.taking_out import take_out
    from salesmode.kernel.lists import LISTINGS
    from salesmode.people.models import Person

    if sheet not in LISTINGS:
        fail(f"There is no list {sheet}: use one of {', '.join(sorted(LISTINGS))}.")
    person = Person.objects.filter(email__iexact=email).first() if email else Person.objects.system()
    if person is None:
        fail(f"Nobody has the e-mail address {email}.")
    if as_json and out is None:
        fail("With --json, say where to write the file: --out FILE.")
    form = form or ("xlsx" if out and out.suffix.lower() == ".xlsx" else "csv")
    query = QueryDict("&".join(where))
    taken = take_out(sheet, query, seen_by=person, complete=True)
    with tempfile.TemporaryDirectory() as folder:
        path = out or Path(folder) / f"{sheet}.{form}"
        rows = taken.write(path, form)
        operations.note_export(kind=sheet, query="&".join(where), form=form, rows=rows, by=person, at=now())
        if out is None:
            sys.stdout.buffer.write(path.read_bytes())
    if as_json:
        print_json({"sheet": sheet, "format": form, "rows": rows, "out": str(out)})
