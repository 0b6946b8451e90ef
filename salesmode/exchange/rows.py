"""Judge rows and bring them in: the same code for the preview, the job and the command line."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from salesmode.exchange.cells import Unreadable, as_text
from salesmode.exchange.custom import columns_of
from salesmode.exchange.mapping import IGNORE, NOTES, near
from salesmode.exchange.models import ImportLine, ImportRun
from salesmode.exchange.reading import UnreadableFile
from salesmode.exchange.sheet import Column, Outcome, Sheet, Values
from salesmode.exchange.values import read_cell
from salesmode.kernel.refusals import Refusal

log = logging.getLogger(__name__)
Verdict = ImportLine.Verdict
CUSTOM = "custom."
# The marks travel as one array: as many parameters would cost more than the look-up.
_MADE = f"""
select mark, record_id from {ImportLine._meta.db_table}
where sheet = %s and verdict = %s and mark = any(%s::uuid[]) and record_id is not null
"""  # noqa: S608


@dataclass
class Judged:
    """One row on its way: its values as far as they can be read, what is wrong, what it is known again by."""

    number: int
    cells: list[Any]
    values: Values = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    mark: UUID | None = None
    record: Any = None


class Bringing:
    """One import under way: how its columns are read, and what has been looked up so far."""

    def __init__(self, sheet: Sheet, run: ImportRun, *, by: Any, zone: tzinfo) -> None:
        self.sheet, self.run, self.by, self.zone = sheet, run, by, zone
        columns = {column.name: column for column in [*sheet.columns, *columns_of(sheet.kind)]}
        targets = [run.mapping.get(header, IGNORE) for header in run.headers]
        self.read = [(position, columns[target]) for position, target in enumerate(targets) if target in columns]
        self.notes = [position for position, target in enumerate(targets) if target == NOTES and sheet.notes]
        self.columns = [column for _position, column in self.read]
        self.signature = "\x1e".join(column.name for column in self.columns)
        self.references = [column for column in self.columns if column.reference]
        self.custom = [column.name for column in self.columns if column.name.startswith(CUSTOM)]
        self.found: dict[tuple[str, str], Sequence[Any]] = {}
        self.ahead: list[Judged] = []
        # Whether the rows after these must be read from the file anew.
        self.is_lost = False
        self.keys = [key for key in run.keys if any(column.name == key for column in self.columns)]

    def take(self, rows: Iterator[tuple[int, list[Any]]], size: int) -> list[Judged]:
        """Take the next rows, those first that were looked at ahead."""
        taken, self.ahead = self.ahead, []
        return [*taken, *(self._judge(number, cells) for number, cells in islice(rows, size - len(taken)))]

    def look_ahead(self, rows: Iterator[tuple[int, list[Any]]]) -> None:
        """Judge one more row for the time when the next ones are taken; what cannot be read is told then, not now."""
        try:
            if not self.is_lost and (following := next(rows, None)) is not None:
                self.ahead.append(self._judge(*following))
        except UnreadableFile:
            self.is_lost = True

    def bring_in(self, rows: Iterable[Judged | tuple[int, list[Any]]], *, at: datetime) -> list[tuple[Judged, Outcome]]:
        """Write some rows, each by itself, in the caller's transaction; say what became of each, in order."""
        judged = [row if isinstance(row, Judged) else self._judge(*row) for row in rows]
        answers: dict[int, Outcome] = {}
        waiting = judged
        while waiting:
            wave, waiting = self._first_of_each(waiting)
            self._look_up(wave)
            fine = [row for row in wave if not row.problems]
            answers |= {
                row.number: Outcome(Verdict.FAILED, reason=" ".join(row.problems)) for row in wave if row.problems
            }
            answers |= self._write(fine, at=at)
        return [(row, answers[row.number]) for row in judged]

    def reasons_in(self, language: str, results: Iterable[tuple[Judged, Outcome]], *, at: datetime) -> dict[int, str]:
        """Return in another language why rows did not come in: they are tried once more, and it is taken back.

        A refusal is worded where it is raised; so the same code says it again, whatever its words are made of.
        """
        failed = [(row.number, row.cells) for row, outcome in results if outcome.verdict == Verdict.FAILED]
        if not failed:
            return {}
        with translation.override(language), transaction.atomic():
            again = self.bring_in(failed, at=at)
            transaction.set_rollback(True)
        return {row.number: outcome.reason for row, outcome in again if outcome.verdict == Verdict.FAILED}

    def read_row(self, cells: list[Any]) -> Values:
        """Return what a row says, as far as it can be read; references stay texts."""
        return self._judge(0, cells).values

    def _judge(self, number: int, cells: list[Any]) -> Judged:
        row = Judged(number, cells)
        said = [self.signature]
        for position, column in self.read:
            raw = cells[position]
            if raw is None or raw == "":
                said.append("")
                continue
            said.append(raw if isinstance(raw, str) else as_text(raw))
            try:
                value = read_cell(column, raw, zone=self.zone, choices=self.run.choices.get(column.name))
            except Unreadable as error:
                row.problems.append(f"{column.label}: {error}")
                continue
            if value is not None:
                row.values[column.name] = value
        row.extra = [
            f"{self.run.headers[position]}: {text}" for position in self.notes if (text := as_text(cells[position]))
        ]
        row.mark = UUID(bytes=blake2b("\x1f".join(said).encode("utf-8", "surrogatepass"), digest_size=16).digest())
        return row

    def _first_of_each(self, rows: list[Judged]) -> tuple[list[Judged], list[Judged]]:
        """Part rows that repeat a key or a row, or name a record of their own kind above, from the first ones."""
        own = [
            column.name for column in self.references if column.reference and column.reference.kind == self.sheet.kind
        ]
        seen: set[Any] = set()
        first: list[Judged] = []
        later: list[Judged] = []
        for row in rows:
            names = {row.mark, *[(key, str(row.values[key]).casefold()) for key in self.keys if key in row.values]}
            needs = [(key, str(row.values[name]).casefold()) for name in own if name in row.values for key in self.keys]
            (first if seen.isdisjoint(names) and seen.isdisjoint(needs) else later).append(row)
            seen |= names
        return first, later

    def _look_up(self, rows: list[Judged]) -> None:
        for column in self.references:
            reference, chosen = column.reference, self.run.choices.get(column.name, {})
            assert reference is not None
            for row in rows:
                if column.name in row.values:
                    row.values[column.name] = chosen.get(row.values[column.name], row.values[column.name])
            texts = {row.values[column.name] for row in rows if row.values.get(column.name)}
            unknown = sorted(text for text in texts if not self.found.get((column.name, text)))
            for start in range(0, len(unknown), 2_000):
                answer = reference.find(unknown[start : start + 2_000], self.by)
                for text in unknown[start : start + 2_000]:
                    self.found[column.name, text] = answer.get(text.casefold(), ())
            for row in rows:
                if column.name in row.values:
                    self._settle(row, column, row.values.pop(column.name))

    def _settle(self, row: Judged, column: Column, text: str) -> None:
        if not text:
            return
        answers = self.found[column.name, text]
        if len(answers) == 1:
            row.values[column.name] = answers[0]
        elif answers:
            row.problems.append(
                _('%(column)s: several are called "%(text)s"; use a key or an e-mail.')
                % {"column": column.label, "text": text[:60]}
            )
        else:
            meant = near(text, list(column.reference.names(self.by))) if column.reference else None
            problem = _('%(column)s: there is no "%(text)s".') % {"column": column.label, "text": text[:60]}
            row.problems.append(f"{problem} {_('Did you mean %(name)s?') % {'name': meant}}" if meant else problem)

    def _write(self, rows: list[Judged], *, at: datetime) -> dict[int, Outcome]:
        self._find_existing(rows)
        mode, answers, fresh = self.run.mode, {}, []
        for row in rows:
            if row.record is not None and mode == ImportRun.Mode.CREATE:
                answers[row.number] = Outcome(Verdict.SKIPPED, row.record.pk, _("This is already there."))
            elif row.record is not None:
                answers[row.number] = self._amend(row, at=at)
            elif mode == ImportRun.Mode.UPDATE or ("id" in self.keys and "id" in row.values):
                answers[row.number] = Outcome(
                    Verdict.FAILED, reason=_("There is no such record to change, or you may not see it.")
                )
            elif missing := [
                str(column.label) for column in self.sheet.required if row.values.get(column.name) in (None, "")
            ]:
                answers[row.number] = Outcome(
                    Verdict.FAILED, reason=_("%(columns)s: this is required.") % {"columns": ", ".join(missing)}
                )
            else:
                fresh.append(row)
        made = self._made_before(fresh)
        answers |= {
            row.number: Outcome(Verdict.SKIPPED, made[row.mark], _("The same row was imported before."))
            for row in fresh
            if row.mark in made
        }
        return answers | self._create([row for row in fresh if row.mark not in made], at=at)

    def _find_existing(self, rows: list[Judged]) -> None:
        for key in self.keys:
            asked = {row.number: row.values[key] for row in rows if row.record is None and row.values.get(key)}
            if not asked:
                continue
            found = self.sheet.find(key, list(dict.fromkeys(asked.values())), self.by)
            for row in rows:
                if row.number in asked:
                    row.record = found.get(asked[row.number])

    def _made_before(self, rows: list[Judged]) -> dict[UUID, int]:
        with connection.cursor() as cursor:
            cursor.execute(_MADE, [self.sheet.kind, str(Verdict.CREATED), [row.mark for row in rows]])
            return dict(cursor.fetchall())

    def _ready(self, row: Judged) -> Values:
        values = dict(row.values)
        values.pop("id", None)
        custom = {name.removeprefix(CUSTOM): values.pop(name) for name in self.custom if name in values}
        if custom:
            values["custom"] = custom
        if row.extra and row.record is None:
            values[self.sheet.notes] = "\n".join(
                [*([values[self.sheet.notes]] if values.get(self.sheet.notes) else []), *row.extra]
            )
        return values

    def _create(self, rows: list[Judged], *, at: datetime) -> dict[int, Outcome]:
        answers: dict[int, Outcome] = {}
        if rows and self.sheet.create_many is not None:
            made = self._create_many(rows, at=at)
            if made is not None:
                return {row.number: self._told(answer) for row, answer in zip(rows, made, strict=True)}
        for row in rows:
            answers[row.number] = self._told(
                self._try(lambda row=row: self.sheet.create(self._ready(row), by=self.by, at=at))
            )
        return answers

    def _create_many(self, rows: list[Judged], *, at: datetime) -> Sequence[Any] | None:
        """Write a batch in few statements; when the database refuses it, the rows are tried one by one."""
        assert self.sheet.create_many is not None
        try:
            with transaction.atomic():
                return self.sheet.create_many([self._ready(row) for row in rows], by=self.by, at=at)
        except (Refusal, DatabaseError):
            return None

    def _amend(self, row: Judged, *, at: datetime) -> Outcome:
        if self.sheet.amend is None:
            return Outcome(Verdict.SKIPPED, row.record.pk, _("This is already there."))
        values = self._ready(row)
        for key in self.keys:
            if key in values and getattr(row.record, key, None) == values[key]:
                del values[key]
        version, amend = row.record.version, self.sheet.amend
        answer = self._try(lambda: amend(row.record, values, by=self.by, at=at))
        if isinstance(answer, Refusal):
            return self._told(answer)
        # A record whose changes make a new version answers with that one.
        after = row.record if answer is None else answer
        is_same = (after.pk, after.version) == (row.record.pk, version)
        return Outcome(Verdict.UNCHANGED if is_same else Verdict.UPDATED, after.pk)

    def _try(self, write: Any) -> Any:
        """Write one row in a savepoint of its own, so that a failed row leaves nothing behind."""
        try:
            with transaction.atomic():
                return write()
        except Refusal as refusal:
            return refusal
        except (DatabaseError, ValueError, TypeError) as error:
            log.warning("import_row_failed", extra={"error": type(error).__name__, "sheet": self.sheet.kind})
            return Refusal(_("This row could not be written: a value does not fit."))

    @staticmethod
    def _told(answer: Any) -> Outcome:
        if isinstance(answer, Refusal):
            return Outcome(Verdict.FAILED, reason=reason_of(answer))
        return Outcome(Verdict.CREATED, answer.pk)


def reason_of(refusal: Refusal) -> str:
    """Return a refusal as a sentence that names what is wrong."""
    return " ".join([message for messages in refusal.fields.values() for message in messages] or [refusal.message])


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count the verdicts."""
    return dict(Counter(str(outcome.verdict) for outcome in outcomes))
