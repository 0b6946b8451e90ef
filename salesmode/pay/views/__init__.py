"""The web door of pay."""
