"""What modes add to the pages below."""

from salesmode.modes.operations import parts

__all__ = ["parts"]
