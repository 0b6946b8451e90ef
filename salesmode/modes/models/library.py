"""What a mode and a practice are, as their files say it."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from salesmode.modes.models.words import Said, Strict

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Simple = str | int | float | bool | None


class Choice(Strict):
    """One of the answers to a parameter."""

    value: str | int
    name: Said


class Parameter(Strict):
    """Something about a practice that a director may set otherwise."""

    code: Code
    name: Said
    help: Said | None = None
    kind: Literal["number", "choice", "text", "yes_no"] = "number"
    default: Simple
    least: float | None = None
    most: float | None = None
    choices: list[Choice] = []

    @model_validator(mode="after")
    def _default_fits(self) -> "Parameter":
        if problem := self.wrong_about(self.default):
            raise ValueError(f"the default does not fit: {problem}")
        return self

    def wrong_about(self, value: Any) -> str:
        """Return what is wrong with a value, or nothing."""
        if self.kind == "choice":
            return "" if value in [each.value for each in self.choices] else "not among the choices"
        if self.kind == "yes_no":
            return "" if isinstance(value, bool) else "neither true nor false"
        if self.kind == "text":
            return "" if isinstance(value, str) else "not a text"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "not a number"
        low, high = self.least is not None and value < self.least, self.most is not None and value > self.most
        return "out of bounds" if low or high else ""


class Setting(Strict):
    """What a practice sets: a part and a value, in which $name stands for a parameter."""

    part: str
    value: dict[str, Any] = {}


class Measure(Strict):
    """How it is counted whether a practice is really done: which events, of whom, how often in which time."""

    events: Annotated[list[str], Field(min_length=1)]
    facts: dict[str, Any] = {}
    # Facts that must be known, whatever they are.
    has: list[str] = []
    # The fact that two events must differ in to count twice in the same stretch: five notes on one deal are one deal.
    apart: str = ""
    # The fact that names whose doing it was; without it, whoever did it.
    person: str = ""
    # The fact that names the day it was about; without it, the day it happened.
    day: str = ""
    who: Literal["sellers", "leads", "members", "teams"] = "sellers"
    times: int | str = 1
    each: Literal["workday", "week", "month", "quarter"] = "week"


class Target(Strict):
    """The number that a practice should move, and the smallest move that would be worth it."""

    metric: str
    direction: Literal["up", "down"] = "up"
    worth: Annotated[float, Field(ge=0, le=1)] = 0.05


class Practice(Strict):
    """One habit that can be adopted."""

    code: Code
    name: Said
    why: Said
    asks: Said
    icon: str = "checklist"
    parameters: list[Parameter] = []
    settings: list[Setting] = []
    adoption: Measure
    moves: Target
    cards: list[str] = []
    # Where somebody goes to do it: the name of a page.
    open: str = ""
    # Whether people find it among today's things; a watch, for example, asks nobody for anything.
    today: bool = True

    def defaults(self) -> dict[str, Any]:
        """Return every parameter as the file sets it."""
        return {each.code: each.default for each in self.parameters}

    def parameter(self, code: str) -> Parameter | None:
        """Return a parameter by its code."""
        return next((each for each in self.parameters if each.code == code), None)

    def filled(self, value: Any, given: dict[str, Any]) -> Any:
        """Return a value with the parameters in the place of their $names."""
        if isinstance(value, str) and value.startswith("$"):
            return (self.defaults() | given)[value[1:]]
        if isinstance(value, dict):
            return {name: self.filled(each, given) for name, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each, given) for each in value]
        return value


class Hint(Strict):
    """When a mode fits, as far as it can be measured: a measure of the company, and on which side it should lie."""

    measure: str
    least: float | None = None
    most: float | None = None
    says: Said

    def fits(self, value: float | None) -> bool | None:
        """Say whether a measured value speaks for the mode; None when nobody knows the value."""
        if value is None:
            return None
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


class Asks(Strict):
    """What a mode asks of people, by what their work is."""

    seller: Said
    manager: Said
    director: Said


class Mode(Strict):
    """A named bundle of practices."""

    code: Code
    name: Said
    summary: Said
    why: Said
    strength: Said
    weakness: Said
    icon: str = "compass"
    order: int = 50
    asks: Asks
    moves: Target
    fits: list[Hint] = []
    practices: Annotated[list[Code], Field(min_length=1)]
