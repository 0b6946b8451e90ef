"""Every command that the help tells people to type, typed: in order, against a folder and a port of the test's own."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.config.conftest import environment

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "salesmode" / "workspace" / "help"
PAGES = ("administration", "deployment", "programs")
CSV = {
    "exports/accounts.csv": "account,sector\nNorthwind,retail\nContoso,medical\n",
    "exports/products.csv": "product,series,sales_price\nGTX Basic,GTX,550\n",
    "exports/sales_teams.csv": "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\n",
    "exports/sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,"
    "engage_date,close_date,close_value\nA1,Anna Snelling,GTX Basic,Northwind,Won,2026-01-20,2026-03-01,1054\n",
    "people.csv": "Name,E-mail,Role\nAna Lopez,ana@example.com,seller\n",
    "customers.csv": "Name,Phone,Key in the former system\nFabrikam,+86 138 0000 1111,F1\n",
}


def blocks(language: str, page: str) -> str:
    """Return what a page tells people to type."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", (HELP / language / f"{page}.md").read_text(), re.S | re.M))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def room(rooms) -> Path:
    """A folder with what the pages speak of: exported files, and `salesmode` to type."""
    folder: Path = rooms()
    for name, text in CSV.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name in ("bin", "backups"):
        (folder / name).mkdir()
    command = folder / "bin" / "salesmode"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m salesmode "$@"\n')
    command.chmod(0o755)
    return folder


def _type(text: str, room: Path, port: int) -> subprocess.CompletedProcess[str]:
    text = text.replace("/srv/", f"{room}/").replace("/backups/", f"{room}/backups/").replace(":8000", f":{port}")
    text = text.replace("curl -sS", "curl -sS --fail-with-body --noproxy '*'")
    path = f"{room / 'bin'}:{os.environ['PATH']}"
    given = environment(PATH=path, PYTHONPATH=str(ROOT))
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=room, env=given, capture_output=True, text=True, timeout=240
    )


class TestTheHelp:
    @pytest.mark.parametrize("page", sorted(file.stem for file in (HELP / "en").glob("*.md")))
    def test_tells_the_same_commands_in_both_languages(self, page):
        assert blocks("en", page) == blocks("zh", page)

    def test_has_commands_that_work(self, room):
        port = _free_port()

        typed = _type(f"{blocks('en', 'administration')}\n{blocks('en', 'deployment')}", room, port)
        assert typed.returncode == 0, typed.stdout[-1500:] + typed.stderr[-1500:]

        serve = blocks("en", "first-steps").replace("--port 8000", f"--port {port}").replace("/srv/", f"{room}/")
        assert serve.startswith("salesmode serve")
        server = subprocess.Popen(
            [sys.executable, "-m", *serve.split()],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            asked = _type(blocks("en", "programs"), room, port)
        finally:
            server.terminate()
            server.wait(60)
        assert asked.returncode == 0, asked.stdout[-1500:] + asked.stderr[-1500:]
        assert asked.stdout.count('"name":"Northwind"') >= 2


def _wait_for(address: str) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer.")
