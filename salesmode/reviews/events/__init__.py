"""What managing people tells the world."""

from salesmode.reviews.events import plans, recognition, reviews

__all__ = ["plans", "recognition", "reviews"]
