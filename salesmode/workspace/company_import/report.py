"""What taking over a company found, repaired, made and left out."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS_NAMED = 200


@dataclass
class Report:
    """The account of one import: every file, every repair, every count, every row that was left out and why."""

    files: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    created: Counter[str] = field(default_factory=Counter)
    existing: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)
    company: dict[str, Any] = field(default_factory=dict)
    is_rehearsal: bool = False

    def repair(self, kind: str, sentence: str, *, file: str, rows: int, **details: Any) -> None:
        """Note a repair: what is taken for what, and in how many rows."""
        self.repairs.append({"kind": kind, "file": file, "rows": rows, "sentence": sentence, **details})

    def leave_out(self, kind: str, file: str, number: int, reason: str) -> None:
        """Note a row that could not come along."""
        self.failed[kind] += 1
        if len(self.rows) < MOST_ROWS_NAMED:
            self.rows.append({"file": file, "row": number, "reason": reason})

    def document(self) -> dict[str, Any]:
        """Return the account as one document."""
        return {
            "company": self.company,
            "rehearsal": self.is_rehearsal,
            "files": self.files,
            "repairs": self.repairs,
            "created": dict(+self.created),
            "skipped": {"already_there": dict(+self.existing), "failed": dict(+self.failed), "rows": self.rows},
        }
