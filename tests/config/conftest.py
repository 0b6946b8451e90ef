"""Programs run as a person runs them: in a process of their own, in a data folder of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salesmode.kernel import embedded


def environment(**more: str) -> dict[str, str]:
    """The environment of a person who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SALESMODE_", "DJANGO_"))}
    return {**kept, "LANG": "C.UTF-8", **more}


def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `salesmode ...` and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "salesmode", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(**more),
    )


@pytest.fixture(scope="session")
def rooms() -> Iterator[Callable[[], Path]]:
    """New empty folders; not below pytest's own, whose rights each of its runs narrows again."""
    made: list[Path] = []

    def room() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="salesmode-test-")))
        return made[-1]

    yield room
    for folder in made:
        for cluster in folder.rglob("postgres/PG_VERSION"):
            embedded.stop(cluster.parent.parent)
        shutil.rmtree(folder)


@pytest.fixture
def tmp_path(rooms) -> Path:
    """A new empty folder."""
    return rooms()


@pytest.fixture(scope="session")
def company_folder(rooms) -> Path:
    """A data folder with all tables and nobody in it; its path is long, with spaces and Chinese characters."""
    folder = rooms() / "销售 数据" / ("long" * 25)
    made = run("migrate", "--data", folder)
    assert made.returncode == 0, made.stderr
    return folder
