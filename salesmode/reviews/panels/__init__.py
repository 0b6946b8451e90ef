"""What managing people adds to the frame, to Today and to the audit log."""

from salesmode.reviews.panels import mentions, people, rhythm

__all__ = ["mentions", "people", "rhythm"]
