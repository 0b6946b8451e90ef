"""Where the reference data lies; it is read from there and never copied."""

import html
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ.get("SALESMODE_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
Salesmode = Callable[..., Any]


def reference(name: str) -> Path:
    """Return a folder of the reference data; without it the tests say so in one line and do not run."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip(f"The reference data {name} is not at {FOLDER}: set SALESMODE_REFERENCE_DATA.")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for one company."""
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="module")
def look(data: Path) -> Callable[[str], str]:
    """Open a page of the company and return its text."""

    def open_page(address: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SALESMODE_", "DJANGO_"))}
        command = [sys.executable, "-m", "tests.reference.look", address]
        kept["SALESMODE_DATA"] = str(data)
        done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return html.unescape(done.stdout)

    return open_page


@pytest.fixture(scope="module")
def salesmode(data: Path) -> Salesmode:
    """The command line in a data folder of its own, as a person would use it; answers with the JSON it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SALESMODE_", "DJANGO_"))}

    def run(*arguments: str | Path) -> Any:
        command = [sys.executable, "-m", "salesmode", *map(str, arguments), "--data", str(data), "--json"]
        done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
