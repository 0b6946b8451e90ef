"""How long a worker has been at one thing: what takes long is said, and what hangs ends the worker."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)
# No piece of work takes so long by itself: the first is said in the log, after the second its worker ends and begins
# anew, so that whatever hangs does not hold one of its few places for ever.
LONG_SECONDS, HANGS_SECONDS, LOOK_SECONDS = 600.0, 1_800.0, 30.0
HUNG = 70

_at_work: dict[int, tuple[str, float]] = {}


@contextmanager
def watched(name: str) -> Iterator[None]:
    """Have somebody look at how long this takes."""
    thread = threading.get_ident()
    around = _at_work.get(thread)
    _at_work[thread] = (name, time.monotonic())
    try:
        yield
    finally:
        if around is None:
            del _at_work[thread]
        else:
            _at_work[thread] = around


def begin() -> None:
    """Look after this process from now on."""
    threading.Thread(target=_look, daemon=True, name="watch").start()


def _look() -> None:
    """Say what takes long; end this process when something hangs: what it did is undone, and tried by the next."""
    while True:
        time.sleep(LOOK_SECONDS)
        for name, since in list(_at_work.values()):
            seconds = round(time.monotonic() - since)
            if seconds > HANGS_SECONDS:
                log.error("work_hangs", extra={"work": name, "seconds": seconds})
                logging.shutdown()
                os._exit(HUNG)
            if seconds > LONG_SECONDS:
                log.warning("work_takes_long", extra={"work": name, "seconds": seconds})
