"""The files of modes and practices, read and checked; whatever is wrong is named with its line and key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import NoReverseMatch, get_resolver
from pydantic import BaseModel, ValidationError

from salesmode.analytics.metrics import REGISTRY as METRICS
from salesmode.kernel.events import REGISTRY as EVENTS
from salesmode.modes.models import PARTS, Mode, Practice
from salesmode.modes.queries.measures import MEASURES

FOLDER = Path(__file__).resolve().parent.parent / "files"
Path_ = tuple[str | int, ...]
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class FileWrong(ValueError):
    """A file of a mode or practice does not say what it should; every mistake is named with its line and key."""

    def __init__(self, mistakes: Sequence["Mistake"]) -> None:
        super().__init__("\n".join(str(each) for each in mistakes))
        self.mistakes = list(mistakes)


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong in a file."""

    file: str
    line: int
    key: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.key}: {self.says}"


@dataclass(frozen=True)
class Library:
    """Every mode and practice there is."""

    modes: Mapping[str, Mode]
    practices: Mapping[str, Practice]

    def practices_of(self, mode: Mode) -> list[Practice]:
        """Return the practices that a mode bundles, in its order."""
        return [self.practices[code] for code in mode.practices]


@cache
def library() -> Library:
    """Return the modes and practices that came with the program; raises FileWrong."""
    return read(FOLDER)


def read(folder: Path) -> Library:
    """Read and check a folder of mode and practice files; raises FileWrong with every mistake."""
    mistakes: list[Mistake] = []
    practices: dict[str, Practice] = {}
    modes: dict[str, Mode] = {}
    for file in sorted((folder / "practices").glob("*.yaml")):
        source = _Source(file)
        if practice := source.parsed(Practice):
            mistakes += [source.mistake(path, says) for path, says in _wrong_in_practice(practice)]
            if practice.code != file.stem:
                mistakes.append(source.mistake(("code",), f"the file is called {file.stem}"))
            practices[practice.code] = practice
        mistakes += source.mistakes
    for file in sorted((folder / "modes").glob("*.yaml")):
        source = _Source(file)
        if mode := source.parsed(Mode):
            mistakes += [source.mistake(path, says) for path, says in _wrong_in_mode(mode, practices)]
            modes[mode.code] = mode
        mistakes += source.mistakes
    if mistakes:
        raise FileWrong(mistakes)
    return Library(dict(sorted(modes.items(), key=lambda pair: (pair[1].order, pair[0]))), practices)


class _Source:
    """One file: what it says, and on which line each key stands."""

    def __init__(self, file: Path) -> None:
        self.file, self.mistakes = file, list[Mistake]()
        self.lines: dict[Path_, int] = {(): 1}
        self.content: Any = None
        try:
            node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.mistakes.append(Mistake(file.name, line, "-", str(error.problem or "this is no YAML")))
            return
        if node is None:
            self.mistakes.append(Mistake(file.name, 1, "-", "the file is empty"))
            return
        self.content = self._built(node, ())

    def _built(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            made: dict[str, Any] = {}
            for key, value in node.value:
                here = (*path, str(key.value))
                if key.value in made:
                    self.lines[here] = key.start_mark.line + 1
                    self.mistakes.append(self.mistake(here, "this key stands here twice"))
                self.lines[here] = key.start_mark.line + 1
                made[str(key.value)] = self._built(value, here)
            return made
        if isinstance(node, yaml.SequenceNode):
            return [self._built(each, (*path, place)) for place, each in enumerate(node.value)]
        return yaml.SafeLoader("").construct_object(node)

    def parsed(self, shape: type[BaseModel]) -> Any:
        """Return what the file says as a mode or practice, or nothing when its shape is wrong."""
        if self.content is None or self.mistakes:
            return None
        try:
            return shape.model_validate(self.content)
        except ValidationError as error:
            for each in error.errors():
                self.mistakes.append(self.mistake(each["loc"], each["msg"]))
            return None

    def mistake(self, path: Sequence[str | int], says: str) -> Mistake:
        """Say what is wrong at a key: on its line, or on that of the nearest key around it."""
        known = tuple(path)
        while known not in self.lines:
            known = known[:-1]
        return Mistake(self.file.name, self.lines[known], ".".join(str(each) for each in path) or "-", says)


def _wrong_in_practice(practice: Practice) -> Iterator[tuple[Path_, str]]:
    declared = set(practice.defaults())
    if len(declared) < len(practice.parameters):
        yield ("parameters",), "two parameters have the same code"
    used: dict[tuple[str, str], int] = {}
    for place, setting in enumerate(practice.settings):
        at: Path_ = ("settings", place)
        part = PARTS.get(setting.part)
        if part is None:
            yield (*at, "part"), f"there is no part called {setting.part}; there are: {', '.join(sorted(PARTS))}"
            continue
        unknown = [(path, name) for path, name in _named(setting.value) if name not in declared]
        for path, name in unknown:
            yield (*at, "value", *path), f"there is no parameter called {name}"
        if unknown:
            continue
        try:
            value = part.shaped(practice.filled(setting.value, {}))
        except ValidationError as error:
            for each in error.errors():
                yield (*at, "value", *each["loc"]), each["msg"]
            continue
        if used.setdefault((part.code, part.slot(value)), place) != place:
            yield at, "another setting of this practice sets the same"
    for place, name in enumerate(practice.adoption.events):
        if name not in EVENTS:
            yield ("adoption", "events", place), f"there is no event called {name}"
        else:
            fields = set(EVENTS[name].model_fields)
            for key in ("person", "day"):
                fact = getattr(practice.adoption, key)
                if fact and fact not in fields:
                    yield ("adoption", key), f"{name} does not say {fact}"
            for fact in practice.adoption.facts:
                if fact not in fields:
                    yield ("adoption", "facts", fact), f"{name} does not say {fact}"
            for number, fact in enumerate(practice.adoption.has):
                if fact not in fields:
                    yield ("adoption", "has", number), f"{name} does not say {fact}"
            if practice.adoption.apart and practice.adoption.apart not in fields:
                yield ("adoption", "apart"), f"{name} does not say {practice.adoption.apart}"
    for key in ("facts", "times"):
        for path, name in _named(getattr(practice.adoption, key)):
            if name not in declared:
                yield ("adoption", key, *path), f"there is no parameter called {name}"
    times = practice.adoption.times
    if isinstance(times, str) and not times.startswith("$"):
        yield ("adoption", "times"), "a number, or the $name of a parameter"
    if practice.moves.metric not in METRICS:
        yield ("moves", "metric"), f"there is no metric called {practice.moves.metric}"
    elif "team" not in _dimensions(practice.moves.metric):
        yield ("moves", "metric"), f"{practice.moves.metric} cannot be told by team"
    for place, code in enumerate(practice.cards):
        if code not in METRICS:
            yield ("cards", place), f"there is no metric called {code}"
    if practice.open and not _is_page(practice.open):
        yield ("open",), f"there is no page called {practice.open}"


def _wrong_in_mode(mode: Mode, practices: Mapping[str, Practice]) -> Iterator[tuple[Path_, str]]:
    if mode.moves.metric not in METRICS:
        yield ("moves", "metric"), f"there is no metric called {mode.moves.metric}"
    for place, hint in enumerate(mode.fits):
        if hint.measure not in MEASURES:
            yield ("fits", place, "measure"), f"nothing called {hint.measure} is measured"
    used: dict[tuple[str, str], str] = {}
    for place, code in enumerate(mode.practices):
        practice = practices.get(code)
        if practice is None:
            yield ("practices", place), f"there is no practice called {code}"
            continue
        if code in mode.practices[:place]:
            yield ("practices", place), f"{code} stands here twice"
            continue
        for setting in practice.settings:
            part = PARTS.get(setting.part)
            if part is None:
                continue
            try:
                slot = part.slot(part.shaped(practice.filled(setting.value, {})))
            except (ValidationError, KeyError):  # told about the practice already
                continue
            other = used.setdefault((part.code, slot), code)
            if other != code:
                yield ("practices", place), f"{code} sets what {other} sets too: {part.code} {slot}".strip()


def _named(value: Any, path: Path_ = ()) -> list[tuple[Path_, str]]:
    """Return which parameters a value names, and where in it."""
    if isinstance(value, str):
        return [(path, value[1:])] if value.startswith("$") and _NAME.match(value[1:]) else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in parts for found in _named(each, (*path, key))]


def _dimensions(code: str) -> list[str]:
    from salesmode.analytics.measure import dimensions_of

    return dimensions_of(METRICS[code])


def _is_page(route: str) -> bool:
    from django.urls import reverse

    try:
        reverse(route)
    except NoReverseMatch:
        return False
    return bool(get_resolver())
