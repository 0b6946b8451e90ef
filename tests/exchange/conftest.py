"""Files as people send them, and one import from first to last."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from salesmode.exchange import operations
from salesmode.exchange.models import ImportRun
from salesmode.exchange.sheet import SHEETS
from tests.conftest import MONDAY


def csv_of(*rows: tuple[Any, ...], encoding: str = "utf-8") -> bytes:
    """A CSV file with these rows."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)


@pytest.fixture(autouse=True)
def _files_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def receive(ed) -> Callable[..., ImportRun]:
    """Hand in a file."""

    def hand_in(content: bytes, sheet: str = "customer", by: Any = None, name: str = "file.csv") -> ImportRun:
        return operations.receive_file(SHEETS[sheet], BytesIO(content), name=name, by=by or ed, at=MONDAY)

    return hand_in


@pytest.fixture
def bring_in(receive, ed) -> Callable[..., ImportRun]:
    """Hand in a file and bring all its rows in."""

    def bring(
        content: bytes, sheet: str = "customer", by: Any = None, name: str = "file.csv", **reading: Any
    ) -> ImportRun:
        by = by or ed
        run = receive(content, sheet, by, name)
        operations.prepare_import(run, **reading, by=by, at=MONDAY)
        operations.request_import(run, attended=True, by=by, at=MONDAY)
        while run.is_active:
            operations.advance_import(run, by=by, at=MONDAY)
        return run

    return bring
