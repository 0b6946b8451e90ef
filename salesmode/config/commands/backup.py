"""`salesmode backup`: one file with everything, made while people work."""

from pathlib import Path

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import json_option, print_json, progress


@a_command(example="salesmode backup /backups --data /srv/salesmode", database="current", name="backup")
@click.argument("out", type=click.Path(path_type=Path))
@json_option
def command(out: Path, as_json: bool) -> None:
    """Write database, files and keys to the file OUT, or to a file of its own in the folder OUT."""
    from django.utils.timezone import now

    from salesmode.config import backup

    with progress("Checking tables") as advance:
        made = backup.make(out, at=now(), advance=advance)
    rows = sum(table["rows"] for table in made["tables"].values())
    if as_json:
        print_json({key: made[key] for key in ("file", "version", "made_at", "bytes", "files", "tables")})
    else:
        size = f"{made['bytes'] / 1024**2:.1f} MiB"
        print(f"{made['file']}: {rows:,} rows in {len(made['tables'])} tables, {made['files']} files, {size}.")
