"""What managing people does by the clock."""

from salesmode.reviews.schedule import rhythm, rounds

__all__ = ["rhythm", "rounds"]
