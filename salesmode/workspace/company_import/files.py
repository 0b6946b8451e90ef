"""What the files of a folder are, told by their columns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesmode.exchange.cells import as_text
from salesmode.exchange.mapping import NOTES, plain, propose, sureness_for
from salesmode.exchange.reading import Table, UnreadableFile, open_table
from salesmode.exchange.sheet import SHEETS, Sheet

SURE_ENOUGH = 0.4
# Files that are no sheet of their own: what each of their columns must be called, one of several names.
_AGENT = {"salesagent", "agent", "salesrep", "salesperson", "seller", "业务员", "销售", "销售员", "姓名"}
_MANAGER = {"manager", "salesmanager", "supervisor", "teamlead", "经理", "主管", "销售经理", "上级"}
_REGION = {"regionaloffice", "region", "office", "area", "大区", "区域", "地区"}
_TICKETS = {"ticketid", "ticketname", "ticketstatus", "工单编号"}


@dataclass
class SourceFile:
    """One file of the folder: what it holds, and which of its columns is which."""

    path: Path
    role: str
    table: Table | None = None
    sheet: Sheet | None = None
    columns: dict[str, int] = field(default_factory=dict)
    kept_as_notes: list[int] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return each row as its cells by column, with the row's number; what has no column is under `extra`."""
        if self.table is None:
            return
        headers = self.table.headers
        for number, cells in self.table.rows():
            row: dict[str, Any] = {name: cells[position] for name, position in self.columns.items()}
            row["extra"] = [f"{headers[p]}: {as_text(cells[p])}" for p in self.kept_as_notes if as_text(cells[p])]
            yield number, row

    def text(self, row: dict[str, Any], name: str) -> str:
        """Return one cell of a row as text; nothing where the file has no such column."""
        return as_text(row.get(name))


def recognise(folder: Path) -> list[SourceFile]:
    """Say of every file in a folder what it is."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".xlsx", ".tsv", ".txt"))
    return [_recognise(path) for path in paths if not path.name.lower().startswith("readme")]


def _recognise(path: Path) -> SourceFile:
    try:
        table = open_table(path)
    except UnreadableFile:
        return SourceFile(path, "unreadable")
    names = {plain(header): position for position, header in enumerate(table.headers)}
    if {"table", "field", "description"} <= set(names):
        return SourceFile(
            path, "dictionary", table, columns={name: names[name] for name in ("table", "field", "description")}
        )
    if _TICKETS & set(names):
        return SourceFile(path, "ticket", table)
    agent, manager, region = (
        next((position for name, position in names.items() if name in known), None)
        for known in (_AGENT, _MANAGER, _REGION)
    )
    if agent is not None and manager is not None and len(names) <= 6:
        found = {"agent": agent, "manager": manager} | ({"region": region} if region is not None else {})
        return SourceFile(path, "organisation", table, columns=found)
    fits = sorted(((sureness_for(table, sheet), sheet.kind) for sheet in SHEETS.values()), reverse=True)
    if not fits or fits[0][0] < SURE_ENOUGH:
        return SourceFile(path, "unknown", table)
    sheet = SHEETS[fits[0][1]]
    guesses = propose(table, sheet)
    columns = {guess.target: position for position, guess in enumerate(guesses) if guess.target not in ("", NOTES)}
    notes = [position for position, guess in enumerate(guesses) if guess.target == NOTES]
    return SourceFile(path, sheet.kind, table, sheet, columns, notes)
