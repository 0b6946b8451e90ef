"""Names sound as pypinyin's dictionary says, and a web process does without its 57 MB."""

import random
import subprocess
import sys

from salesmode.kernel import phrases


def test_names_are_cut_and_read_as_the_dictionary_does() -> None:
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.seg.mmseg import seg

    known = sorted(PHRASES_DICT)
    chance = random.Random(7)
    for _each in range(2_000):
        name = chance.choice(known)[: chance.randint(1, 4)] + chance.choice(known)[chance.randint(0, 2) :] + "𠲎"
        pieces = list(phrases.cut(name))
        assert pieces == list(seg.cut(name))
        assert [phrases.read(piece) for piece in pieces] == [lazy_pinyin(piece) for piece in pieces]


def test_a_web_process_starts_without_the_dictionary_and_without_numbers() -> None:
    code = (
        "import sys; from salesmode.config import asgi; from django.urls import get_resolver;"
        " get_resolver().url_patterns; print(sorted({'pypinyin', 'duckdb', 'numpy', 'scipy'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip().endswith("[]")
