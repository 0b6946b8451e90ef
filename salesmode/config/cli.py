"""The command line `salesmode`: one file in `commands/` per command, found by its name."""

import importlib
import pkgutil
import sys

import click

from salesmode import __version__
from salesmode.config import commands
from salesmode.config.terminal import data_option, one_clear_line


class CommandsFolder(click.Group):
    """A command for every file in `commands/`: `import_company.py` is `salesmode import-company`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, so that the others cost nothing."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"salesmode.config.commands.{cmd_name.replace('-', '_')}").command


@click.command(
    cls=CommandsFolder,
    epilog="Example: salesmode serve --data /srv/salesmode --port 8000",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="salesmode")
@data_option
def salesmode() -> None:
    """Run a company's sales under a chosen management mode, and prove whether the mode works."""


def main() -> None:
    """Run the command line; an error is one clear line and a non-zero exit."""
    with one_clear_line():
        salesmode(prog_name="salesmode", standalone_mode=False)
    sys.exit(0)
