"""`salesmode restore`: bring a backup back."""

from pathlib import Path

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import json_option, print_json, progress


@a_command(example="salesmode restore /backups/monday.zip --data /srv/new", database="stopped", name="restore")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("--replace", default="", metavar="NAME", help="Replace a folder that holds data: type its name.")
@json_option
def command(source: Path, replace: str, as_json: bool) -> None:
    """Check the backup IN from end to end, then bring it back into an empty data folder."""
    from salesmode.config import restore

    with progress("Comparing tables") as advance:
        manifest = restore.restore(source, replace=replace, advance=advance)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    if as_json:
        print_json({"version": manifest["version"], "made_at": manifest["made_at"], "tables": manifest["tables"]})
    else:
        print(f"Restored the state of {manifest['made_at']}: {rows:,} rows in {len(manifest['tables'])} tables.")
