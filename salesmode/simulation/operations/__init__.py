"""Everything that fills an installation with an invented company."""

from salesmode.simulation.operations.demonstration import load_demonstration, request_demonstration

__all__ = ["load_demonstration", "request_demonstration"]
