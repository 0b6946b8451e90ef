"""`salesmode demo`: load a demonstration company into an empty folder and serve it."""

import json
import os
from functools import partial
from pathlib import Path

from salesmode.config import serve
from salesmode.config.commands.serve import address_options, prepare, serve_until_stopped
from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import product, progress, say


@a_command(example="salesmode demo --data ./demo --port 8123", database="none", name="demo")
@address_options
def command(host: str, port: int, workers: int) -> None:
    """Load a demonstration company and serve it, with a sign-in for every role."""
    listener = serve.listen(host, port)
    with serve.early(listener, workers) as family, product("running"):
        prepare(host)
        _found()
        serve_until_stopped(family, listener)


def _found() -> None:
    """Load the company unless there is one, and show who can sign in."""
    from django.conf import settings

    from salesmode.people.models import Person

    logins = settings.DATA_DIR / "demo-logins.json"
    if Person.objects.people().exists():
        say("The data folder already holds a company: serving it as it is.")
    else:
        _load(logins)
    if logins.exists():
        _show(json.loads(logins.read_text()))


def _load(logins: Path) -> None:
    from salesmode.simulation import demo

    with progress("Founding the demonstration company", total=100) as advance:
        shown = 0

        def tell(share: float) -> None:
            nonlocal shown
            advance(int(share * 100) - shown)
            shown = int(share * 100)

        demo.load(progress=tell, keep=partial(_keep, logins))


def _keep(logins: Path, people: list[dict[str, str]]) -> None:
    """Write the sign-ins down, in one step and to the disk: the company is committed right after."""
    whole = logins.with_suffix(".new")
    with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(people, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    whole.replace(logins)


def _show(people: list[dict[str, str]]) -> None:
    widest = max(len(person["role"]) for person in people)
    longest = max(len(person["email"]) for person in people)
    print("Sign in as:")
    for person in people:
        print(f"  {person['role']:<{widest}}  {person['email']:<{longest}}  {person['password']}", flush=True)
