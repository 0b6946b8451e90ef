"""The lists of this app."""

from salesmode.reviews.listings import people

__all__ = ["people"]
