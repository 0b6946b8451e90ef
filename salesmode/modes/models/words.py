"""What a file says in both languages."""

from typing import Annotated

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]


class Strict(BaseModel):
    """Part of a file: what is not foreseen is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(Strict):
    """A sentence in Chinese and in English, read in the language of who looks."""

    zh: Sentence
    en: Sentence

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en
