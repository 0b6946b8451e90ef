"""How names are written and how they sound: the words under which search finds them."""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

from salesmode.kernel import phrases

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇\U00020000-\U0003134f"
# A run is what people write without a gap: Chinese, Latin and digits may mix in it.
RUN = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")
WORD = re.compile(r"[^\W_]+")
IS_CHINESE = re.compile(rf"[{CHINESE}]")
# Longer words are cut in the index, so that many names share them; search compares the rest with the name itself.
LONGEST_WORD = 12
LONGEST_INITIALS = 6
MOST_RUNS = 400

_ACCENTED = re.compile("[\u00df-\u052f\u1e00-\u1fff]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Letters of which the accent is a part.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})

# Family names that are read otherwise than the same character elsewhere.
_FAMILY_NAMES = (
    "曾=zeng 单=shan 仇=qiu 解=xie 区=ou 查=zha 朴=piao 翟=zhai 盖=ge 乐=yue 覃=qin 缪=miao 繁=po "
    "尹=yin 宓=mi 员=yun 贠=yun 黑=he 纪=ji 种=chong 秘=bi 冼=xian 洗=xian 燕=yan 折=she 佴=nai "
    "阚=kan 过=guo 召=shao 那=na 尉=wei 长=zhang 重=chong 晟=cheng 柏=bai 尉迟=yuchi 长孙=zhangsun "
    "万俟=moqi 澹台=tantai 宿=su 谌=chen 郇=xun 逄=pang "
)
FAMILY_NAMES = dict(pair.split("=") for pair in _FAMILY_NAMES.split())


def plain(text: str) -> str:
    """Return a text as people type it into a search box: small letters, half width, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.replace("\x00", " ").casefold().split())
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())
    text = " ".join(text.replace("\x00", " ").casefold().split())
    return without_accents(text) if _ACCENTED.search(text) else text


def without_accents(text: str) -> str:
    """Return small letters as who has no accents on the keyboard types them: café is cafe, müller muller, łódź lodz.

    Marks that make another letter elsewhere, as in Japanese or Hindi, stay.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text.translate(_LETTERS)))
    return unicodedata.normalize("NFC", bare)


def words_of(text: str, *, inside: bool = True) -> set[str]:
    """Return the index words of a plain text: Chinese pairs, Latin words and digits, also from their inside."""
    found: set[str] = set()
    for run in RUN.findall(text)[:MOST_RUNS]:
        if not run.isascii() and IS_CHINESE.match(run):
            found.update(_pairs(run))
            continue
        found.add(run[:LONGEST_WORD])
        is_number = run.isdigit()
        if is_number and len(run) > 8:
            found.update((run[-4:], run[-8:]))
        elif inside or is_number:
            found.update([run[place : place + LONGEST_WORD] for place in range(1, len(run) - 2)])
    return found


@lru_cache(maxsize=2_000)
def _pairs(run: str) -> list[str]:
    """Return the pairs of Chinese characters without a gap, kept, for names and places share their runs."""
    return [run[place : place + 2] for place in range(len(run))]


def sounds_of(title: str) -> tuple[list[str], set[str]]:
    """Return how a plain title sounds: its whole sounds and initials, and the index words within them."""
    if not IS_CHINESE.search(title):
        return [], set()
    words = WORD.findall(title)[:20]
    if len(words) > 1:
        words.append("".join(words))
    wholes: dict[str, None] = {}
    found: set[str] = set()
    for word in reversed(words):
        for syllables in _readings(word) if IS_CHINESE.search(word) else ():
            whole, initials = "".join(syllables), "".join([syllable[0] for syllable in syllables])
            wholes[whole] = wholes[initials] = None
            places = accumulate(map(len, syllables[:-1]), initial=0)
            found.update([whole[place : place + LONGEST_WORD] for place in places])
            found.update([initials[place : place + LONGEST_INITIALS] for place in range(len(initials))])
    return list(wholes), found


def sound(text: str) -> str:
    """Return how a plain text sounds when read out, without gaps."""
    return "".join(_spoken(text))


def _readings(word: str) -> list[list[str]]:
    """Return the syllables of a word; a possible family name at its beginning is also read as one."""
    usual = _spoken(word)
    readings = [usual]
    family = next((FAMILY_NAMES[name] for name in (word[:2], word[:1]) if name in FAMILY_NAMES), "")
    if 2 <= len(word) <= 4 and word[:2] in FAMILY_NAMES:
        readings.append([*_cut(word[:2], family), *usual[2:]])
    elif len(word) <= 4 and family and usual[0] != family:
        readings.append([family, *usual[1:]])
    return readings


def _cut(name: str, reading: str) -> tuple[str, str]:
    place = {"尉迟": 2, "长孙": 5, "万俟": 2, "澹台": 3}[name]
    return reading[:place], reading[place:]


def _spoken(text: str) -> list[str]:
    """Return syllables: one for each Chinese character by its phrase, Latin words and digits as they stand."""
    syllables: list[str] = []
    for run in RUN.findall(text):
        syllables += (run,) if run.isascii() or not IS_CHINESE.match(run) else _run(run)
    return syllables


@lru_cache(maxsize=20_000)
def _run(run: str) -> tuple[str, ...]:
    """Return the syllables of Chinese characters without a gap, kept, for names share their ends."""
    return tuple(syllable for phrase in phrases.cut(run) for syllable in _phrase(phrase))


@lru_cache(maxsize=50_000)
def _phrase(phrase: str) -> tuple[str, ...]:
    """Return the syllables of a phrase as the dictionary has it, kept, for names share their phrases."""
    return tuple(syllable.replace("ü", "v") for syllable in phrases.read(phrase))
