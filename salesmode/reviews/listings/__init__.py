"""The lists of this app."""

from salesmode.reviews.listings import people, rhythm

__all__ = ["people", "rhythm"]
