"""`salesmode import-company`: take over a whole company from a folder of exported files."""

from pathlib import Path

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import json_option, print_json, say


@a_command(example="salesmode import-company ./exports --json", name="import-company")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", help="What the company is called (default: the folder's name).")
@click.option("--currency", help="The company's currency, as USD (default: what the files say).")
@click.option(
    "--language", type=click.Choice(["en", "zh-hans"]), help="The company's language (default: that of the files)."
)
@click.option("--time-zone", help="The company's time zone, as Asia/Shanghai.")
@click.option("--dry-run", is_flag=True, help="Say what would be recognised, repaired and made, and change nothing.")
@json_option
def command(
    folder: Path,
    name: str | None,
    currency: str | None,
    language: str | None,
    time_zone: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Recognise the files in FOLDER by their columns and build teams, people, customers and deals from them."""
    from django.utils.timezone import now

    from salesmode.people.models import Person
    from salesmode.workspace.company_import import import_company

    given = {"name": name, "currency": currency, "language": language, "time_zone": time_zone}
    document = import_company(folder, by=Person.objects.system(), at=now(), rehearse=dry_run, **given)
    if as_json:
        print_json(document)
        return
    for file in document["files"]:
        print(f"{file['file']:<32} {file['recognised_as']:<14} {file['rows']:>8,} rows")
    for repair in document["repairs"]:
        print(f"- {repair['sentence']}")
    for kind, count in document["created"].items():
        print(f"{count:>8,} {kind} {'would be ' if dry_run else ''}made")
    for kind, count in document["skipped"]["already_there"].items():
        if count:
            print(f"{count:>8,} {kind} already there")
    for row in document["skipped"]["rows"]:
        say(f"{row['file']} row {row['row']}: {row['reason']}")
