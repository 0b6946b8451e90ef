"""The web door of managing people."""
