"""`salesmode replay`: make fact tables again from the event log."""

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json


@a_command(example="salesmode replay deal_outcomes --data /srv/salesmode", name="replay")
@click.argument("fact", required=False)
@json_option
def command(fact: str | None, as_json: bool) -> None:
    """Make one fact table again from all events, or all of them."""
    from salesmode.analytics import loader, manifest
    from salesmode.analytics.facts import declared

    if fact is not None and fact not in declared():
        fail(f"There is no fact table called {fact}. Known: {', '.join(sorted(declared()))}.")
    done = loader.replay(fact)
    rows = {name: held.rows for name, held in sorted(manifest.current().facts.items()) if fact in (None, name)}
    if as_json:
        print_json({"events": done.events, "rows": rows})
    else:
        for name, count in rows.items():
            print(f"{name:<24} {count:>12,}")
