"""The numbers about leads and deals."""

from salesmode.selling.metrics import buyers, deals, leads, pace, rollups, slices

__all__ = ["buyers", "deals", "leads", "pace", "rollups", "slices"]
