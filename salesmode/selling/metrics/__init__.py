"""The numbers about leads and deals."""

from salesmode.selling.metrics import buyers, deals, leads, pace, slices

__all__ = ["buyers", "deals", "leads", "pace", "slices"]
