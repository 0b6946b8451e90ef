"""How Chinese phrases are read: pypinyin's dictionary in 15 MB instead of 57, and only where somebody writes a name."""

import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class Table(NamedTuple):
    """Phrases and characters in order, each beside its reading."""

    phrases: list[str]
    phrase_readings: list[str]
    characters: str
    character_readings: list[str]

    def place(self, phrase: str) -> int:
        """Return where a phrase stands, or the first that it begins; -1 for neither."""
        found = bisect_left(self.phrases, phrase)
        return found if found < len(self.phrases) and self.phrases[found].startswith(phrase) else -1

    def character(self, one: str) -> str:
        """Return how a character is read when it stands alone; itself when nobody says."""
        found = bisect_left(self.characters, one)
        known = found < len(self.characters) and self.characters[found] == one
        return self.character_readings[found] if known else one


def cut(text: str) -> Iterator[str]:
    """Cut a run of Chinese into its longest phrases and the characters between them, as pypinyin does."""
    table = _table()
    while text:
        best = length = 1
        while length <= len(text) and (place := table.place(text[:length])) >= 0:
            if table.phrases[place] == text[:length]:
                best = length
            length += 1
        yield text[:best]
        text = text[best:]


def read(phrase: str) -> list[str]:
    """Return the syllables of a phrase as the dictionary has it, or of a character that stands alone."""
    table = _table()
    place = table.place(phrase)
    if place >= 0 and table.phrases[place] == phrase:
        return table.phrase_readings[place].split(" ")
    return [table.character(one) for one in phrase]


@cache
def _table() -> Table:
    """Have another process read the dictionary, whose memory goes with it, and keep what we need."""
    made = subprocess.run([sys.executable, "-m", __name__], capture_output=True, check=True)
    phrases, phrase_readings, characters, character_readings = made.stdout.decode().split("\n\n")
    return Table(
        phrases.split("\n"),
        [sys.intern(reading) for reading in phrase_readings.split("\n")],
        characters,
        [sys.intern(reading) for reading in character_readings.split("\n")],
    )


def _tell() -> None:
    from pypinyin import Style
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin.style import convert

    @cache
    def plain(syllable: str) -> str:
        return convert(syllable, Style.NORMAL, strict=True)

    phrases = sorted(PHRASES_DICT)
    keys = sorted(PINYIN_DICT)
    told = [
        "\n".join(phrases),
        "\n".join(" ".join(plain(readings[0]) for readings in PHRASES_DICT[phrase]) for phrase in phrases),
        "".join(map(chr, keys)),
        "\n".join(plain(PINYIN_DICT[key].partition(",")[0]) for key in keys),
    ]
    sys.stdout.buffer.write("\n\n".join(told).encode())


if __name__ == "__main__":
    _tell()
