"""What a restore replaces, kept beside it until the restore has proved itself; a restore cut off is undone.

Nothing here needs the product set up: it is asked before the settings look into the data folder.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from salesmode.kernel import embedded

REPLACED = ("postgres", "files", "keys", "warehouse")
ASIDE, DONE, HELD = "before-restore", "before-restore.done", "held.json"
# The dump lies here, unpacked, while it is loaded.
DUMP = ".restoring-"


class RestoreRefused(Exception):
    """The backup is not restored; the message says why. What was there is untouched."""


@contextlib.contextmanager
def set_aside(data_dir: Path, names: tuple[str, ...]) -> Iterator[None]:
    """Keep what was there until the restore has proved itself; bring it back when it has not, or was cut off."""
    undo_cut_off(data_dir)
    aside = data_dir / ASIDE
    held = [name for name in names if (data_dir / name).exists()]
    handle = _begin(aside, held=held, names=names)
    try:
        for name in held:
            (data_dir / name).rename(aside / name)
        yield
        # From this moment on the restore is what counts: a kill while the old data is thrown away brings nothing back.
        aside.rename(data_dir / DONE)
        shutil.rmtree(data_dir / DONE)
    except BaseException:
        _put_back(data_dir)
        raise
    finally:
        os.close(handle)


def was_cut_off(data_dir: Path) -> bool:
    """Say whether something is left here of a restore that did not come to its end."""
    return (data_dir / ASIDE).exists() or (data_dir / DONE).exists()


def undo_cut_off(data_dir: Path) -> bool:
    """Undo a restore that was killed: what was here before is back. Says whether there was one.

    Raises RestoreRefused while a restore goes on here.
    """
    shutil.rmtree(data_dir / DONE, ignore_errors=True)
    shutil.rmtree(data_dir / f"{ASIDE}.new", ignore_errors=True)
    if not (data_dir / ASIDE).exists():
        return False
    with (data_dir / ASIDE / HELD).open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRefused(f"A restore goes on in {data_dir}: wait until it has ended.") from None
        if "postgres" in json.load(held)["names"]:
            embedded.stop(data_dir)
        _put_back(data_dir)
    return True


def _begin(aside: Path, *, held: list[str], names: tuple[str, ...]) -> int:
    """Write down what is about to be moved, in one step, and hold a lock on it for as long as the restore lives."""
    fresh = aside.with_name(f"{ASIDE}.new")
    fresh.mkdir(mode=0o700)
    handle = os.open(fresh / HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.write(handle, json.dumps({"held": held, "names": names}).encode())
    os.fsync(handle)
    fresh.rename(aside)
    return handle


def _put_back(data_dir: Path) -> None:
    """Bring back what was moved and remove what the restore has made; a kill in between is put right by the next."""
    aside = data_dir / ASIDE
    if not aside.exists():
        return
    written = json.loads((aside / HELD).read_text())
    for name in written["names"]:
        if (aside / name).exists():
            shutil.rmtree(data_dir / name, ignore_errors=True)
            (aside / name).rename(data_dir / name)
        elif name not in written["held"]:
            shutil.rmtree(data_dir / name, ignore_errors=True)
    shutil.rmtree(data_dir / "postgres.new", ignore_errors=True)
    for left in data_dir.glob(f"{DUMP}*"):
        left.unlink(missing_ok=True)
    shutil.rmtree(aside)
