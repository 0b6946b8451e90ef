"""How the characters of a file are written: by its mark, or by what reads every line of it."""

import codecs
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOKED_AT = 256 * 1024
# UTF-8 among other lines, as when lists of two programs were put together: each line is read as it was written.
MIXED = "utf-8+gb18030"
# Stands where a character could not be read; a cell with it is reported with its row.
UNREAD = "\ufffd"


class NotText(ValueError):
    """A file that is no text at all."""


@contextmanager
def opened(path: Path, encoding: str, *, errors: str = "strict") -> Iterator[Iterator[str]]:
    """Give the lines of a file as text, with their ends; raises UnicodeDecodeError at a line that cannot be read."""
    if encoding == MIXED:
        with path.open("rb") as binary:
            yield map(_read_either, binary)
    else:
        with path.open(encoding=encoding, errors=errors, newline="") as text:
            yield text


def encoding_of(path: Path) -> str:
    """Return a file's encoding: by its mark, else the strictest that reads it whole.

    Raises NotText, UnicodeError when nothing reads it.
    """
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = Counter(position % 2 for position, byte in enumerate(start[:4000]) if byte == 0)
    if sum(zeros.values()) > len(start[:4000]) // 4 and max(zeros.values()) > 0.9 * sum(zeros.values()):
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    if b"\0" in start:
        raise NotText
    if _reads_whole(path, "utf-8"):
        return "utf-8"
    if _is_mixed(path):
        return MIXED
    if _reads_whole(path, "gb18030"):
        return "gb18030"
    if _looks_western(start):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(start).best()
    if best is None:
        raise UnicodeError
    return best.encoding if _reads_whole(path, best.encoding) else "latin-1"


def _looks_western(start: bytes) -> bool:
    """Whether every letter beyond ASCII is one of western Europe, as most such files are."""
    try:
        letters = [letter for letter in start.decode("cp1252") if letter.isalpha() or ord(letter) > 127]
    except UnicodeDecodeError:
        return False
    foreign = [letter for letter in letters if ord(letter) > 127]
    return len(foreign) < 0.4 * len(letters) and all(
        (letter.isalpha() and ord(letter) < 0x180) or letter in "€‘’“”–—…°·«»£§" for letter in foreign
    )


def _reads_whole(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, errors="strict", newline="") as file:
            while piece := file.read(1 << 20):
                if encoding == "gb18030" and not _looks_chinese(piece):
                    return False
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(text: str) -> bool:
    """Whether what GB18030 makes of the bytes is everyday Chinese, not another encoding's letters misread."""
    foreign = [letter for letter in text if ord(letter) > 127]
    everyday = sum("一" <= letter <= "龥" or "\u3000" <= letter <= "〗" or "！" <= letter <= "～" for letter in foreign)
    return everyday >= 0.7 * len(foreign) if foreign else True


def _is_mixed(path: Path) -> bool:
    """Whether a file that is not UTF-8 as a whole has lines that are: others were added, or damaged."""
    with path.open("rb") as file:
        return any(not line.isascii() and _written_in(line) == "utf-8" for line in file)


def _written_in(line: bytes) -> str:
    """Return which of both a line is Chinese in; nothing when it is in neither.

    Two Chinese characters in UTF-8 never make sense in GB18030: such a line is taken for what it says.
    """
    for encoding in ("utf-8", "gb18030"):
        text = _decoded(line, encoding)
        foreign = sum(ord(letter) > 127 for letter in text)
        if text and _looks_chinese(text) and (encoding == "gb18030" or foreign > 1):
            return encoding
    return ""


def _read_either(line: bytes) -> str:
    encoding = "ascii" if line.isascii() else _written_in(line)
    return line.decode(encoding) if encoding else line.decode("utf-8", errors="replace")


def _decoded(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return ""
