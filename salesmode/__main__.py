"""Run the command line as `python -m salesmode`."""

from salesmode.config.cli import main

main()
