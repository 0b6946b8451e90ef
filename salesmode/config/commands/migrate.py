"""`salesmode migrate`: bring the database to this version."""

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import json_option, print_json


@a_command(example="salesmode migrate --data /srv/salesmode", database="running", name="migrate")
@json_option
def command(as_json: bool) -> None:
    """Bring the database's tables to this version."""
    from salesmode.config import schema

    done = schema.migrate()
    if as_json:
        print_json({"migrations": done})
    else:
        print(f"{done} migrations have run." if done else "The database is up to date.")
