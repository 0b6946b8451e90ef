"""Search: one entry for each record, found by Chinese characters, pinyin, initials, Latin words, digits and mixtures.

`index_record` belongs in the operation that changes the record. Whose entries somebody may see is decided above:
people/search.py calls `find` with the ids of the owners whose records this person sees.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, Q, QuerySet, Value
from django.db.models.expressions import Func

from salesmode.kernel.models import SearchEntry
from salesmode.kernel.models.search_entry import EVERYONE
from salesmode.kernel.prepared import prepared
from salesmode.kernel.sounds import IS_CHINESE, LONGEST_INITIALS, LONGEST_WORD, RUN, plain, sound, sounds_of, words_of

log = logging.getLogger(__name__)

LONGEST_TEXT = 4_000
LONGEST_QUERY = 80
MOST_WORDS = 8
BATCH = 1_000
INDEX = SearchEntry._meta.indexes[0].name
SORTING = "sorting the search index"
# Between words that travel to the database as one text.
GAP = "\x01"
SEAM = "' '"

_COLUMNS = "kind, record_id, title, subtitle, url, owners, key, sounds, text, words"
_ON_CONFLICT = """
on conflict (kind, record_id) do update set
    title = excluded.title, subtitle = excluded.subtitle, url = excluded.url, owners = excluded.owners,
    key = excluded.key, sounds = excluded.sounds, text = excluded.text, words = excluded.words
where (old.title, old.subtitle, old.url, old.owners, old.text)
    is distinct from (excluded.title, excluded.subtitle, excluded.url, excluded.owners, excluded.text)
"""
_WRITE = f"""
insert into kernel_searchentry as old ({_COLUMNS})
select kind, record_id, title, subtitle, url, string_to_array(owners, ',')::bigint[], key, sounds, text,
       array_to_tsvector(string_to_array(words, %s))
from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[]) as new ({_COLUMNS})
{_ON_CONFLICT}
"""  # noqa: S608
# For a single entry, whose columns need no lists around them.
_WRITE_ONE = f"""
insert into kernel_searchentry as old ({_COLUMNS})
values (%s, %s, %s, %s, %s, string_to_array(%s, ',')::bigint[], %s, %s, %s,
        array_to_tsvector(string_to_array(%s, '{GAP}')))
{_ON_CONFLICT}
"""  # noqa: S608


class Entry(NamedTuple):
    """What is to be found of one record, and by whom."""

    kind: str
    id: int
    title: str
    subtitle: str = ""
    text: str = ""
    owner_id: int | None = None
    account_owner_id: int | None = None
    shared_with: Sequence[int] = ()
    is_for_everyone: bool = False
    url: str = ""
    has_name: bool = True  # else the title is the beginning of a text, which nobody looks for by its sound

    def row(self) -> tuple[Any, ...]:
        """Return the columns to store; the words are worked out here."""
        title, subtitle = self.title.replace("\x00", "")[:300], self.subtitle.replace("\x00", "")[:300]
        key, rest = plain(title)[:300], plain(f"{subtitle} {self.text[:LONGEST_TEXT]}")
        wholes, sounds = sounds_of(key) if self.has_name else ([], set())
        words = words_of(key, inside=self.has_name)
        words |= words_of(rest, inside=False)
        words |= sounds
        owners = {owner for owner in (self.owner_id, self.account_owner_id, *self.shared_with) if owner is not None}
        if self.is_for_everyone:
            owners.add(EVERYONE)
        numbers = ",".join([str(owner) for owner in sorted(owners)])
        whole = " ".join(wholes)[:1500]
        return (
            self.kind,
            self.id,
            title,
            subtitle,
            self.url,
            numbers,
            key,
            whole,
            f"{key} {rest}",
            GAP.join(words),
        )


class Row(tuple[Any, ...]):
    """What is stored of an entry, as COPY takes it."""


def index_record(
    kind: str,
    id: int,
    *,
    title: str,
    subtitle: str = "",
    text: str = "",
    owner_id: int | None = None,
    account_owner_id: int | None = None,
    shared_with: Sequence[int] = (),
    is_for_everyone: bool = False,
    url: str = "",
    has_name: bool = True,
) -> None:
    """Let a record be found under its title (a name also by sound) and text, by those who may see an owner of it."""
    owners = (owner_id, account_owner_id, shared_with, is_for_everyone)
    index_many([Entry(kind, id, title, subtitle, text, *owners, url, has_name)])


def _whole(entries: Iterable[Entry | Mapping[str, Any]]) -> Iterator[Entry]:
    return (entry if isinstance(entry, Entry) else Entry(**entry) for entry in entries)


def index_many(entries: Iterable[Entry | Mapping[str, Any]]) -> int:
    """Let many records be found; returns how many."""
    count, waiting = 0, _whole(entries)
    while batch := list({(entry.kind, entry.id): entry for entry in islice(waiting, BATCH)}.values()):
        if len(batch) == 1:
            with prepared() as cursor:
                cursor.execute(_WRITE_ONE, batch[0].row())
            count += 1
            continue
        columns = [list(column) for column in zip(*(entry.row() for entry in batch), strict=True)]
        with prepared() as cursor:
            if len(batch) == BATCH and connection.in_atomic_block:
                cursor.execute("set local gin_pending_list_limit = '16MB'")
            cursor.execute(_WRITE, [GAP, *columns])
        count += len(batch)
    return count


def worked_out(entry: Entry | Mapping[str, Any]) -> Row:
    """Return what is stored of an entry, for `index_new`: most of its work, which may be done before."""
    row = (entry if isinstance(entry, Entry) else Entry(**entry)).row()
    return Row((*row[:5], f"{{{row[5]}}}", *row[6:9], _vector(row[9])))


def index_new(entries: Iterable[Entry | Row | Mapping[str, Any]]) -> int:
    """Let many records be found that are made in this very transaction: none has an entry yet. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("set local gin_pending_list_limit = '16MB'")
        with cursor.copy(f"copy kernel_searchentry ({_COLUMNS}) from stdin") as copy:
            for entry in entries:
                copy.write_row(entry if isinstance(entry, Row) else worked_out(entry))
        count = cursor.rowcount
    if count >= BATCH:
        transaction.on_commit(lambda: threading.Thread(target=_sort_in, name=SORTING, daemon=True).start(), robust=True)
    return count


_sorting = threading.Lock()


def _sort_in() -> None:
    """Sort new words into the index on a connection of its own, while the next rows are made ready.

    It costs as much as all else that the database does for a new row, and nobody who writes one record has to do it.
    """
    if not _sorting.acquire(blocking=False):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("select gin_clean_pending_list(%s::regclass)", [INDEX])
    except DatabaseError:
        log.info("search_index_not_sorted", exc_info=True)  # whoever writes next does it
    finally:
        connection.close()
        _sorting.release()


def _vector(words: str) -> str:
    """Return words as the database reads a tsvector."""
    if "'" in words or "\\" in words:
        words = words.replace("\\", "\\\\").replace("'", "''")
    return f"'{words.replace(GAP, SEAM)}'" if words else ""


def forget_record(kind: str, record_id: int) -> None:
    """Let a record be found no longer."""
    SearchEntry.objects.filter(kind=kind, record_id=record_id).delete()


def find(
    text: str,
    *,
    owners: Sequence[int] | QuerySet | None,
    kinds: Sequence[str] | None = None,
    limit: int = 20,
    also: Q | None = None,
) -> list[SearchEntry]:
    """Return the records that a text means: the exact name first, names that begin so, then the newest. One query.

    `owners` are the ids (or a query for them) of those whose records may be seen, None for all.
    """
    asked = plain(text[: LONGEST_QUERY * 4])[:LONGEST_QUERY]
    if not asked:
        return []
    query, recheck = _condition(asked)
    entries = SearchEntry.objects.defer("words", "text").filter(recheck, *([also] if also else []), *_seen(owners))
    if kinds:
        entries = entries.filter(kind__in=list(kinds))
    if query:
        entries = entries.filter(_Matches(query))
    typed = asked.replace(" ", "")
    branches = [entries.filter(key__startswith=asked).order_by("key", "-id")[: 2 * limit]]
    if query:
        branches.append(entries.order_by("-id")[: 3 * limit])
    if typed.isascii():
        branches.append(entries.filter(sounds__startswith=typed).order_by("sounds", "-id")[: 2 * limit])
    hits = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    found = (
        {hit.pk: hit for hit in hits.defer("words", "text")} if len(branches) == 1 else {hit.pk: hit for hit in hits}
    )
    return sorted(found.values(), key=lambda hit: (*_nearness(hit, asked, typed), -hit.pk))[:limit]


def records_matching(text: str, *, kind: str) -> QuerySet:
    """Return the ids of the records of a kind that a text means, as a query for a list that decides who sees them."""
    asked = plain(text[: LONGEST_QUERY * 4])[:LONGEST_QUERY]
    if not asked:
        return SearchEntry.objects.none().values("record_id")
    query, recheck = _condition(asked)
    typed = asked.replace(" ", "")
    found = Q(key__startswith=asked)
    if query:
        found |= Q(_Matches(query))
    if typed.isascii():
        found |= Q(sounds__startswith=typed)
    return SearchEntry.objects.filter(found, recheck, kind=kind).values("record_id")


class _Matches(Func):
    """The entry's words match a query of index words."""

    template = "words @@ %(expressions)s::tsquery"
    output_field = BooleanField()
    conditional = True

    def __init__(self, query: str) -> None:
        super().__init__(Value(query))


class _ArrayWithEveryone(Func):
    template = f"array_append(%(expressions)s, {EVERYONE}::bigint)"


def _seen(owners: Sequence[int] | QuerySet | None) -> Iterator[Q]:
    if owners is None:
        return
    if isinstance(owners, QuerySet):
        yield Q(owners__overlap=_ArrayWithEveryone(ArraySubquery(owners)))
    else:
        yield Q(owners__overlap=[EVERYONE, *owners])


def _nearness(hit: SearchEntry, asked: str, typed: str) -> tuple[int, int]:
    if hit.key == asked:
        return 0, 0
    sounds = hit.sounds.split(" ")
    if typed in sounds:
        return 1, 0
    if hit.key.startswith(asked):
        return 2, len(hit.key)
    return (3, 0) if any(sound.startswith(typed) for sound in sounds) else (4, 0)


def _condition(asked: str) -> tuple[str, Q]:
    """Return the query over index words, empty where none is specific enough, and what the hits must also contain."""
    terms, recheck = [], Q()
    for word in asked.split()[:MOST_WORDS]:
        runs = RUN.findall(word)
        if not runs:
            recheck &= Q(text__contains=word)
            continue
        chinese = [run for run in runs if IS_CHINESE.match(run)]
        parts = [part for run in runs for part in _terms(run)]
        if chinese and len(chinese) < len(runs):
            term, condition = _mixed(word, chinese, parts)
            terms.append(term)
            recheck &= condition
        else:
            terms += parts
            for run in runs:
                recheck &= _recheck(run)
    return " & ".join(terms), recheck


def _mixed(word: str, chinese: list[str], parts: list[str]) -> tuple[str, Q]:
    """Return term and recheck for characters typed together with letters, of which either may stand for the sound."""
    spoken, characters = sound(word), Q()
    for run in chinese:
        characters &= Q(text__contains=run)
    by_sound = Q(text__contains=word) | (Q(sounds__contains=spoken) & characters)
    if any(len(run) == 1 for run in chinese):
        # One character says too little by itself: it must stand beside the letters.
        return _latin(spoken), by_sound
    return f"(({' & '.join(parts)}) | {_latin(spoken)})", by_sound | characters


def _latin(run: str) -> str:
    """Return the term for letters: the beginning of a word or a sound, or initials that the index has cut."""
    begins = _term(run[:LONGEST_WORD]) + ":*"
    return begins if len(run) <= LONGEST_INITIALS else f"({begins} | {_term(run[:LONGEST_INITIALS])})"


def _terms(run: str) -> list[str]:
    if not IS_CHINESE.match(run):
        return [_latin(run)] if len(run) > 1 else []
    if len(run) == 1:
        return [_term(run) + ":*"]
    return [_term(run[place : place + 2]) for place in range(len(run) - 1)]


def _recheck(run: str) -> Q:
    if IS_CHINESE.match(run):
        return Q(text__contains=run) if len(run) > 2 else Q()
    if len(run) == 1 or len(run) > LONGEST_INITIALS:
        return Q(text__contains=run) | Q(sounds__contains=run)
    return Q()


def _term(word: str) -> str:
    """Quote an index word for a query."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
