"""What managing people does by the clock."""

from salesmode.reviews.schedule import rounds

__all__ = ["rounds"]
