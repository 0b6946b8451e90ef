"""What managing people adds to the frame, to Today and to the audit log."""

from salesmode.reviews.panels import people, rhythm

__all__ = ["people", "rhythm"]
