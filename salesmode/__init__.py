"""Run a company's sales under a chosen management mode, and prove whether the mode works."""

__version__ = "0.1.0"
