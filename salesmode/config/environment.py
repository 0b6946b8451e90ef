"""Read settings from the environment, and fail loudly when one makes no sense."""

import os


def text(name: str, *, default: str) -> str:
    """Return a setting as it stands, or its default."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no setting; raises ValueError for anything but yes/no, true/false, on/off, 1/0."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ValueError(f"{name} must be yes or no, not {value!r}.")


def listing(name: str, *, default: str) -> list[str]:
    """Return a comma-separated setting as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
