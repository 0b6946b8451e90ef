"""One program that keeps the product up: web processes on one socket, one worker, the embedded database."""

import contextlib
import gc
import importlib
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
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 30
GO = b"g"
# The C library otherwise keeps memory in an arena for each thread, and gives little of it back.
SPARING = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
LONGEST_PAUSE = 30.0
CALM_SECONDS = 60.0
OPEN_PAGES_SECONDS = 5
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class AddressTaken(Exception):
    """Another program listens on this address; the message says which."""


class Child:
    """A process that is started again when it dies, later each time it dies early."""

    def __init__(self, name: str, arguments: list[str], *, inherits: int | None = None) -> None:
        self.name = name
        self.is_held = False
        self.arguments = [sys.executable, "-m", "salesmode.config.serve", *arguments]
        self.inherits = inherits
        self.process: subprocess.Popen[bytes] | None = None
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
            # The child reads from a pipe that ends with us: it cannot outlive a supervisor that was killed.
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE,
                pass_fds=[self.inherits] if self.inherits is not None else [],
                start_new_session=True,
                env=SPARING | os.environ,
            )
            if not self.is_held:
                self.release()

    def hold(self) -> None:
        """Start the process early: it makes itself ready, and begins when it is released."""
        self.is_held = True
        self.keep_up()

    def release(self) -> None:
        """Let the process begin."""
        self.is_held = False
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(GO)
                self.process.stdin.flush()

    def tell(self, signum: int) -> None:
        """Send the process a signal, if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signum)

    def is_gone(self) -> bool:
        """Say whether the process has ended."""
        return self.process is None or self.process.poll() is not None


class Supervisor:
    """Keeps the children up until it is told to stop, then stops them in good order."""

    def __init__(self, children: list[Child], keep_database_up: Callable[[], None]) -> None:
        self.children = children
        self.keep_database_up = keep_database_up
        self.stopping = threading.Event()
        self.signals = 0

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        before = {signum: signal.signal(signum, self._on_signal) for signum in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopping.is_set():
                self._keep_up()
                self.stopping.wait(0.2)
        finally:
            self._stop_children()
            for signum, handler in before.items():
                signal.signal(signum, handler)

    def _keep_up(self) -> None:
        try:
            self.keep_database_up()
        except Exception as error:
            log("database_down", reason=str(error))
        for child in self.children:
            child.keep_up()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self.signals += 1
        self.stopping.set()
        if self.signals > 1:
            for child in self.children:
                child.tell(signal.SIGKILL)

    def _stop_children(self) -> None:
        for child in self.children:
            child.tell(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
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
def early(listener: socket.socket, workers: int) -> Iterator[list[Child]]:
    """Start the web processes while the caller still prepares; they end with the block if they were not released."""
    descriptor = listener.fileno()
    web = [Child("web", ["web", str(descriptor)], inherits=descriptor) for _ in range(workers)]
    for child in web:
        child.hold()
    try:
        yield web
    finally:
        for child in web:
            child.tell(signal.SIGKILL)


def run(
    web: list[Child],
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

    for child in web:
        child.release()
    supervisor = Supervisor([*web, Child("worker", ["worker"])], keep_database_up)
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


def wait_for_go(get_ready: Callable[[], object]) -> None:
    """Make ready, wait until the supervisor says go, and from then on end in good order when it is gone."""
    trouble: Exception | None = None
    try:
        get_ready()
    except Exception as error:
        trouble = error
    if os.read(0, 1) != GO:
        sys.exit(1)  # The supervisor has found out as well, and said so.
    if trouble is not None:
        raise trouble

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()


def web_process(descriptor: int) -> None:
    """Answer requests on the socket that the supervisor opened."""
    import uvicorn

    wait_for_go(lambda: importlib.import_module("salesmode.config.asgi"))
    # What is loaded now stays: looking through it for rubbish again and again would hold requests up.
    gc.collect()
    gc.freeze()
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


def main(arguments: list[str]) -> None:
    """Run one of the processes: `web DESCRIPTOR` or `worker`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
    if arguments[0] == "web":
        web_process(int(arguments[1]))
    else:
        import django

        wait_for_go(django.setup)
        worker_process()


if __name__ == "__main__":
    main(sys.argv[1:])
