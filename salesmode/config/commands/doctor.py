"""`salesmode doctor`: is this installation well?"""

import sys
from dataclasses import asdict

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import json_option, print_json


@a_command(example="salesmode doctor --data /srv/salesmode --json", database="running", name="doctor")
@json_option
def command(as_json: bool) -> None:
    """Check settings, database, queue, warehouse and disk; non-zero when something is wrong."""
    from salesmode.config import doctor

    findings = doctor.examine()
    well = all(finding.ok for finding in findings)
    if as_json:
        print_json({"ok": well, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = click.style("ok   ", fg="green") if finding.ok else click.style("WRONG", fg="red", bold=True)
            click.echo(f"{mark}  {finding.name:<12} {finding.value}{'. ' + finding.advice if finding.advice else ''}")
    sys.exit(0 if well else 1)
