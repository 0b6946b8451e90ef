"""What targets do by the clock."""

from salesmode.targets.schedule import alerts

__all__ = ["alerts"]
