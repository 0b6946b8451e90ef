"""The installation's secret key: given by the environment, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

SHORTEST = 32
FEWEST_DIFFERENT = 10
KNOWN = ("django-insecure", "changeme", "change-me", "change_me", "secret", "password", "insecure", "test")


class WeakKey(ValueError):
    """The secret key is too short or known to everybody."""


class MissingKey(ValueError):
    """A database is there, but not the key that belongs to it."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            f"{data_dir} holds a database but not its folder keys: bring it back from a backup, or make an empty one "
            "to go on with a new key (everybody signs in again)."
        )


def secret_key(data_dir: Path) -> str:
    """Return the key that signs sessions and links; made on first use, the same for every process."""
    given = os.environ.get("SALESMODE_SECRET_KEY", "").strip()
    if given:
        return _checked(given, "SALESMODE_SECRET_KEY")
    path = data_dir / "keys" / "secret_key"
    if not path.exists():
        if (data_dir / "postgres").exists() and not path.parent.exists():
            raise MissingKey(data_dir)
        _make(path)
    return _checked(path.read_text().strip(), str(path))


def _make(path: Path) -> None:
    """Write a new key in one step, so that two first starts agree on one of them."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # Another program was quicker: its key is the key.
    finally:
        draft.unlink()


def _checked(key: str, where: str) -> str:
    if len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT:
        raise WeakKey(f"The secret key in {where} is too short: it needs {SHORTEST} random characters.")
    if key.lower().startswith(KNOWN):
        raise WeakKey(f"The secret key in {where} is a known example: put {SHORTEST} random characters there.")
    return key
