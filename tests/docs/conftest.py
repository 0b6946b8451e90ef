"""Folders for the commands of the help."""

from tests.config.conftest import rooms  # noqa: F401
