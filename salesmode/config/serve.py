"""One program that keeps the product up: the family of working processes, the embedded database."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Protocol

GRACE_SECONDS = 30
GO = b"g"
# The C library otherwise keeps memory in an arena for each thread, and gives little of it back.
SPARING = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
LONGEST_PAUSE = 30.0
CALM_SECONDS = 60.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class AddressTaken(Exception):
    """Another program listens on this address; the message says which."""


class Process(Protocol):
    """What is asked of a process, however it was begun."""

    returncode: int | None

    def poll(self) -> int | None:
        """Return how the process ended; None while it lives."""

    def send_signal(self, signum: int, /) -> None:
        """Send the process a signal, if it lives."""


class Child:
    """A process that is started again when it dies, later each time it dies early."""

    def __init__(self, name: str, begin: Callable[[], Process]) -> None:
        self.name = name
        self.begin = begin
        self.process: Process | None = None
        self.pause = 0.25
        self.begun = self.not_before = 0.0

    def keep_up(self) -> None:
        """Start the process, or start it again when it has died."""
        moment = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            self.pause = 0.25 if moment - self.begun > CALM_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.not_before = moment + self.pause
            self.process = None
            log(f"{self.name}_died", exit_code=code, again_in=self.pause)
        if self.process is None and moment >= self.not_before:
            self.begun = moment
            self.process = self.begin()

    def tell(self, signum: int) -> None:
        """Send the process a signal, if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signum)

    def is_gone(self) -> bool:
        """Say whether the process has ended."""
        return self.process is None or self.process.poll() is not None


class Family(Child):
    """The process that reads the product and forks all others (config/family.py); it may be started early."""

    def __init__(self, listener: socket.socket, workers: int) -> None:
        self.arguments = [str(listener.fileno()), str(workers)]
        self.is_held = True
        super().__init__("family", self._spawn)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        # It reads from a pipe that ends with us: it cannot outlive a supervisor that was killed.
        process = subprocess.Popen(
            [sys.executable, "-m", "salesmode.config.family", *self.arguments],
            stdin=subprocess.PIPE,
            pass_fds=[int(self.arguments[0])],
            start_new_session=True,
            env=SPARING | os.environ,
        )
        if not self.is_held:
            _let_go(process)
        return process

    def release(self) -> None:
        """Let the process begin; until then it only makes itself ready."""
        self.is_held = False
        if isinstance(self.process, subprocess.Popen):
            _let_go(self.process)


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(GO)
            process.stdin.flush()


class Supervisor:
    """Keeps the children up until it is told to stop, then stops them in good order."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        pause: Callable[["Supervisor", float], object] | None = None,
        look_after: Callable[[], None] = lambda: None,
        insist: signal.Signals = signal.SIGKILL,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.children = children
        self.stopping = threading.Event()
        self.pause = pause or (lambda supervisor, seconds: supervisor.stopping.wait(seconds))
        self.look_after, self.insist, self.grace = look_after, insist, grace
        self.signals = 0

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        before = {signum: signal.signal(signum, self._on_signal) for signum in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopping.is_set():
                self._keep_up()
                self.pause(self, 0.2)
        finally:
            self._stop_children()
            for signum, handler in before.items():
                signal.signal(signum, handler)

    def _keep_up(self) -> None:
        try:
            self.look_after()
        except Exception as error:
            log("database_down", reason=str(error))
        for child in self.children:
            child.keep_up()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self.signals += 1
        self.stopping.set()
        if self.signals > 1:
            for child in self.children:
                child.tell(self.insist)

    def _stop_children(self) -> None:
        for child in self.children:
            child.tell(signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while time.monotonic() < deadline and not all(child.is_gone() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.tell(signal.SIGKILL)


def listen(host: str, port: int) -> socket.socket:
    """Open the address before anything else, so that a taken port is said at once and a restart loses no caller."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressTaken(f"Cannot serve on {host}:{port}: {reason}. Choose another with --port.") from error
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


@contextlib.contextmanager
def early(listener: socket.socket, workers: int) -> Iterator[Family]:
    """Let the product be read while the caller still prepares; it ends with the block if it was not released."""
    family = Family(listener, workers)
    family.keep_up()
    try:
        yield family
    finally:
        family.tell(signal.SIGKILL)


def run(
    family: Family,
    listener: socket.socket,
    *,
    data_dir: Path,
    embedded: bool,
    when_ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until told to stop; the caller keeps the database in use meanwhile."""
    from salesmode.kernel import embedded as server

    def keep_database_up() -> None:
        if embedded and not server.lives(data_dir):
            log("database_started_again")
            server.ensure_running(data_dir)

    family.release()
    # The family takes its own grace to stop; told twice, it ends its children at once.
    patience = GRACE_SECONDS + 5
    supervisor = Supervisor([family], look_after=keep_database_up, insist=signal.SIGTERM, grace=patience)
    host, port = listener.getsockname()[:2]
    threading.Thread(target=_announce, args=(host, port, supervisor.stopping, when_ready), daemon=True).start()
    supervisor.run()


def _announce(host: str, port: int, stopping: threading.Event, when_ready: Callable[[str], None]) -> None:
    """Wait until /healthz says yes, then tell."""
    reached = ANYWHERE.get(host, host)
    address = f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"
    request = urllib.request.Request(f"{address}/healthz", headers={"Host": f"localhost:{port}"})  # noqa: S310
    pause = 0.1
    while not stopping.wait(pause):
        unanswered = contextlib.suppress(OSError, urllib.error.URLError)
        with unanswered, urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            if answer.status == 200:
                return when_ready(address)
        pause = min(pause * 1.3, 2.0)
    return None


def log(event: str, **facts: object) -> None:
    """Write one structured line."""
    print(json.dumps({"event": event, "logger": "salesmode.config.serve", **facts}), file=sys.stderr, flush=True)
