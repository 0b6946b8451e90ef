"""The processes that work: one reads the product into memory, all others are forked from it and share what it read."""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from salesmode.config.serve import CALM_SECONDS, GO, LONGEST_PAUSE, Child, Supervisor, log

OPEN_PAGES_SECONDS = 5
LATER = 5
# Ends of a pipe that nobody writes to: all whom the family began read from it, and it ends with the family.
Life = tuple[int, int]


class Forked:
    """A process forked from this one; answers like subprocess.Popen."""

    def __init__(self, name: str, work: Callable[[], None], life: Life) -> None:
        self.returncode: int | None = None
        stops = {signal.SIGTERM, signal.SIGINT}
        # A signal that came before the child has dropped our handlers would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, stops)
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _live(name, work, life, stops)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, stops)

    def poll(self) -> int | None:
        """Return how the process ended; None while it lives."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send the process a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, signum)


def _live(name: str, work: Callable[[], None], life: Life, stops: set[signal.Signals]) -> NoReturn:
    """Be the child: forget what belongs to the family, do the work, and never go back to where the fork was."""
    code = 1
    try:
        ears, mouth = life
        os.close(mouth)
        os.dup2(ears, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stops)
        _be_called(name)
        end_with_the_other_side()
        gc.enable()
        work()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _be_called(name: str) -> None:
    """Show the name in lists of processes, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def family_process(descriptor: int, workers: int) -> None:
    """Read the product, wait until the supervisor says go, then keep web processes and a worker up."""
    _be_called("family")
    # Nothing of what is read now is ever thrown away: looking for rubbish would cost time, and later shared memory.
    gc.disable()
    wait_for_go(lambda: (importlib.import_module("uvicorn"), importlib.import_module("salesmode.config.asgi")))
    gc.freeze()
    life = os.pipe()
    web = [Child("web", lambda: Forked("web", lambda: web_process(descriptor), life)) for _each in range(workers)]
    family = Supervisor([*web, Child("worker", lambda: Forked("worker", _behind_the_pages, life))], pause=_pause)
    # No thread is ever started here: what is forked finds every lock open.
    family.run()


def _behind_the_pages() -> None:
    """Work on what can wait a moment, while whoever waits for an answer goes first."""
    os.nice(LATER)
    worker_process()


def _pause(supervisor: Supervisor, seconds: float) -> None:
    """Wait a moment, and stop when whoever began us is gone."""
    if select.select([0], [], [], seconds)[0] and not os.read(0, 4096):
        supervisor.stopping.set()


def wait_for_go(get_ready: Callable[[], object]) -> None:
    """Make ready, and wait until the supervisor says go."""
    trouble: Exception | None = None
    try:
        get_ready()
    except Exception as error:
        trouble = error
    if os.read(0, 1) != GO:
        sys.exit(1)  # The supervisor has found out as well, and said so.
    if trouble is not None:
        raise trouble


def end_with_the_other_side() -> None:
    """End in good order when the other end of our standard input is closed: whoever began us is gone."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()


def web_process(descriptor: int) -> None:
    """Answer requests on the socket that the supervisor opened."""
    import uvicorn

    behind_proxy = os.environ.get("SALESMODE_BEHIND_PROXY", "").lower() in {"1", "yes", "true", "on"}
    config = uvicorn.Config(
        "salesmode.config.asgi:application",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=OPEN_PAGES_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def worker_process() -> None:
    """Do the jobs, and load new events into the warehouse beside them."""
    from salesmode.kernel.jobs import run_worker

    threading.Thread(target=_load_warehouse, daemon=True, name="warehouse").start()
    run_worker()


def _load_warehouse() -> None:
    pause = 1.0
    while True:
        begun = time.monotonic()
        try:
            from salesmode.analytics import loader

            return loader.run_forever()
        except Exception as error:
            pause = 1.0 if time.monotonic() - begun > CALM_SECONDS else min(pause * 2, LONGEST_PAUSE)
            log("warehouse_loader_failed", error=type(error).__name__, reason=str(error), again_in=pause)
            time.sleep(pause)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    family_process(int(sys.argv[1]), int(sys.argv[2]))
