"""`salesmode serve`: the web pages and the worker, until told to stop."""

import socket
from collections.abc import Callable
from typing import Any, cast

import click

from salesmode.config import serve
from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import product

EXAMPLE = "salesmode serve --data /srv/salesmode --port 8000"


def address_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command --host, --port and --workers."""
    for option in (
        click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes."),
        click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port."),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address."),
    ):
        function = option(function)
    return function


@a_command(example=EXAMPLE, database="none", name="serve")
@address_options
def command(host: str, port: int, workers: int) -> None:
    """Serve the pages and do the work behind them."""
    listener = serve.listen(host, port)
    with serve.early(listener, workers) as family, product("running"):
        prepare(host)
        serve_until_stopped(family, listener)


def prepare(host: str) -> None:
    """Refuse unsafe settings, bring the tables to this version, have the pages' files."""
    from salesmode.config import doctor, schema
    from salesmode.config.terminal import say
    from salesmode.kernel import assets

    doctor.refuse_unsafe(host)
    schema.migrate(say)
    assets.ensure()


def serve_until_stopped(family: serve.Family, listener: socket.socket) -> None:
    """Print the address when it answers, and serve."""
    from django.conf import settings
    from django.db import connections

    for connection in connections.all():
        connection.close()
        cast(Any, connection).close_pool()
    serve.run(
        family,
        listener,
        data_dir=settings.DATA_DIR,
        embedded=not settings.DATABASE_URL,
        when_ready=lambda address: print(f"Salesmode is ready: {address}", flush=True),
    )
