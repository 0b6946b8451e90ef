"""Programs run as a person runs them: in a process of their own, in a data folder of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
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
        timeout=120,
        env=environment(**more),
    )


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory) -> Iterator[Path]:
    """A data folder with all tables and nobody in it; its path is long, with spaces and Chinese characters."""
    folder = tmp_path_factory.mktemp("data") / "销售 数据" / ("long" * 25)
    made = run("migrate", "--data", folder)
    assert made.returncode == 0, made.stderr
    yield folder
    embedded.stop(folder)
