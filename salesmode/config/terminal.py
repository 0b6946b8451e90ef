"""What all commands share: the data folder, Django set up in it, figures as JSON, a progress bar, one clear line."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, cast

import click
import orjson


class Failure(click.ClickException):
    """A command that could not do what it was asked; the message is one clear sentence."""


def fail(sentence: str) -> NoReturn:
    """Stop the command with one clear line and a non-zero exit."""
    raise Failure(sentence)


def _choose_data(ctx: click.Context, parameter: click.Parameter, folder: str | None) -> None:
    if folder:
        os.environ["SALESMODE_DATA"] = str(Path(folder).expanduser().absolute())


data_option = click.option(
    "--data",
    metavar="DIR",
    type=click.Path(file_okay=False),
    callback=_choose_data,
    expose_value=False,
    is_eager=True,
    help="Where the database, files and keys live (or SALESMODE_DATA; default ./data).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")


def command(
    *, example: str, database: str = "migrated", **attributes: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command with --data and an example.

    `database` says what the body needs: "migrated" (Django set up, the server running, the tables of this version; made
    when the database is empty), "current" (the same, but refused when it is empty), "running" (no look at the tables),
    "stopped" (Django set up, the server left alone), "none" (nothing is set up).
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def prepared(*args: Any, **kwargs: Any) -> Any:
            _mend_cut_off_restore()
            if database == "none":
                return function(*args, **kwargs)
            with product(database):
                return function(*args, **kwargs)

        return click.command(epilog=f"Example: {example}", **attributes)(data_option(prepared))

    return decorate


def _mend_cut_off_restore() -> None:
    """Undo a restore that was killed, before the settings take half of it for the company's own."""
    from salesmode.config.aside import undo_cut_off, was_cut_off

    data_dir = Path(os.environ.get("SALESMODE_DATA", "").strip() or "data").expanduser().resolve()
    if was_cut_off(data_dir) and undo_cut_off(data_dir):
        say(f"A restore into {data_dir} was cut off: what was there before is back. Restore again if you want to.")


@contextmanager
def product(database: str = "migrated") -> Iterator[None]:
    """Set Django up in the chosen data folder, with its database running while the block lasts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    import django
    from django.conf import settings
    from django.db import connections
    from django.utils import translation

    from salesmode.kernel import postgres

    django.setup()
    stopped = database == "stopped"
    server = nullcontext() if stopped else postgres.in_use(settings.DATABASE_URL, settings.DATA_DIR)
    with server, translation.override(_language()):
        try:
            if database not in {"running", "stopped"}:
                from salesmode.config.schema import ensure_current

                ensure_current(make=database == "migrated")
            yield
        finally:
            for connection in connections.all():
                connection.close()
                cast(Any, connection).close_pool()


def print_json(document: Any) -> None:
    """Print one JSON document on standard output; amounts are numbers, days and times ISO 8601."""
    sys.stdout.buffer.write(
        orjson.dumps(document, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    )
    sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()


def say(sentence: str) -> None:
    """Tell the person something on standard error, so that figures stay alone on standard output."""
    click.echo(sentence, err=True)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Show a bar on a terminal while the block lasts; call what it gives with the work done: advance(1, total=200)."""
    if not sys.stderr.isatty():
        yield lambda done=1, total=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def advance(done: float = 1, total: float | None = None) -> None:
            bar.update(task, advance=done, total=total) if total is not None else bar.update(task, advance=done)

        yield advance


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn whatever goes wrong into one clear line on standard error and a non-zero exit."""
    try:
        yield
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            error.show()
            sys.exit(error.exit_code)
        hint = f" See '{error.ctx.command_path} --help'." if error.ctx else ""
        _complain(error.format_message() + hint, error.exit_code)
    except (click.ClickException, click.Abort, KeyboardInterrupt, BrokenPipeError) as error:
        sentence = error.format_message() if isinstance(error, click.ClickException) else "Stopped."
        _complain(sentence, 1 if isinstance(error, click.ClickException) else 130)
    except Exception as error:
        if not _is_ours(error) and os.environ.get("SALESMODE_DEBUG", "").lower() in {"1", "yes", "true", "on"}:
            raise
        _complain(_sentence(error), 1)


def _complain(sentence: str, code: int) -> NoReturn:
    with suppress(OSError):
        click.echo(f"Error: {' '.join(sentence.split())}", err=True)
    sys.exit(code)


def _sentence(error: Exception) -> str:
    """Return what to tell the person: our own sentences as they are, anything else with its kind."""
    said = str(error).strip()
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}."
    if fields := getattr(error, "fields", None):
        return " ".join(str(message) for messages in fields.values() for message in messages)
    if _is_ours(error):
        return said
    return f"{type(error).__name__}: {said or 'no reason given'} (SALESMODE_DEBUG=1 shows where)"


def _is_ours(error: Exception) -> bool:
    """Say whether the message was written for a person: by us, or by a typed setting that makes no sense."""
    module = type(error).__module__
    return module.startswith("salesmode.") or (type(error) is ValueError and str(error).endswith("."))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return str(value)


def _language() -> str:
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh-hans" if spoken.lower().startswith("zh") else "en"
