"""How results are worked out: plain arithmetic over weights, readings and levels, without a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from salesmode.kernel.money import split
from salesmode.kernel.refusals import Invalid

LEVELS = (1, 2, 3, 4, 5)
POINTS_OF_A_LEVEL = Decimal(20)
HUNDRED = Decimal(100)
# What a number of which less is better scores at most, so that nought does not count without end.
MOST_FOR_LESS = Decimal(200)
PLACES = Decimal("0.01")
WHOLE = "JPY"  # A currency without decimals: shares of people come out as whole people.


@dataclass(frozen=True)
class Grade:
    """A grade: its letter, from which result on it is given, and the share of people that it is meant for."""

    code: str
    least: Decimal
    share: Decimal

    def as_data(self) -> dict[str, str]:
        """Return the grade as it is stored."""
        return {"code": self.code, "least": f"{self.least:f}", "share": f"{self.share:f}"}


STANDARD_GRADES = (
    Grade("S", Decimal(120), Decimal(10)),
    Grade("A", Decimal(100), Decimal(20)),
    Grade("B", Decimal(80), Decimal(40)),
    Grade("C", Decimal(60), Decimal(20)),
    Grade("D", Decimal(0), Decimal(10)),
)


@dataclass(frozen=True)
class Result:
    """A weighted result, and how much of the weight it rests on; what nobody knows is left out, never counted as 0."""

    value: Decimal | None
    covered: Decimal


def grades_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Grade, ...]:
    """Read stored grades, the best first."""
    read = [Grade(str(one["code"]), Decimal(str(one["least"])), Decimal(str(one["share"]))) for one in stored]
    return tuple(sorted(read, key=lambda grade: -grade.least))


def check_grades(grades: Sequence[Grade]) -> None:
    """Refuse grades that are no scale; raises Invalid."""
    wrong = []
    if not grades or any(not grade.code for grade in grades):
        wrong.append(_("Give every grade a letter."))
    if len({grade.code for grade in grades}) < len(grades) or len({grade.least for grade in grades}) < len(grades):
        wrong.append(_("Each grade has a letter and a least result of its own."))
    if grades and min(grade.least for grade in grades) != 0:
        wrong.append(_("The lowest grade begins at 0, so that everybody gets one."))
    if any(grade.share < 0 for grade in grades) or sum((grade.share for grade in grades), Decimal()) != HUNDRED:
        wrong.append(_("The shares of the grades add up to 100."))
    if wrong:
        raise Invalid({"grades": wrong})


def check_weights(weights: Sequence[Decimal]) -> None:
    """Refuse weights that are not shares of a whole; raises Invalid."""
    total = sum(weights, Decimal())
    if any(weight <= 0 for weight in weights) or total != HUNDRED:
        said = _("The weights add up to %(total)s; they must add up to 100, and each be above 0.")
        raise Invalid({"lines": [said % {"total": f"{total.normalize():f}"}]})


def attainment(
    reading: Decimal | None, target: Decimal | None, *, less_is_better: bool = False, cap: Decimal | None = None
) -> Decimal | None:
    """Return what was reached as points of a hundred; more than 100 counts, up to a cap where there is one.

    Unknown while nobody knows the number or what it is to be.
    """
    if reading is None or target is None or target < 0 or (target == 0 and not less_is_better):
        return None
    if less_is_better:
        points = MOST_FOR_LESS if reading <= 0 else min(target / reading * HUNDRED, MOST_FOR_LESS)
    else:
        points = max(reading / target * HUNDRED, Decimal())
    return (points if cap is None else min(points, cap)).quantize(PLACES)


def points_of_level(level: int | None) -> Decimal | None:
    """Return what a level from 1 to 5 is worth: 20 points each."""
    return None if level is None else level * POINTS_OF_A_LEVEL


def combined(parts: Iterable[tuple[Decimal, Decimal | None]]) -> Result:
    """Weigh points against each other; parts that nobody knows are left out and their weight with them."""
    known = [(weight, points) for weight, points in parts if points is not None]
    covered = sum((weight for weight, _points in known), Decimal())
    if not covered:
        return Result(None, Decimal())
    total = sum((weight * points for weight, points in known), Decimal())
    return Result((total / covered).quantize(PLACES), covered)


def grade_for(value: Decimal | None, grades: Iterable[Grade]) -> str:
    """Return the grade of a result; nothing while there is none."""
    if value is None:
        return ""
    return next((grade.code for grade in sorted(grades, key=lambda each: -each.least) if value >= grade.least), "")


def headcounts(people: int, grades: Sequence[Grade]) -> list[int]:
    """Return how many people each grade is meant for: whole people, who add up."""
    return [int(share) for share in split(Decimal(people), [grade.share for grade in grades], WHOLE)]


def placed(scores: Sequence[Decimal | None]) -> list[tuple[int | None, bool]]:
    """Return each one's place and whether it is shared: equal scores share a place, the next ones are left out."""
    known = [score for score in scores if score is not None]
    return [
        (None, False)
        if score is None
        else (1 + sum(1 for other in known if other > score), sum(1 for other in known if other == score) > 1)
        for score in scores
    ]


def plainly(value: Decimal | None) -> str | None:
    """Write a figure without the zeros that a column adds; nothing for what nobody knows."""
    return None if value is None else f"{value.normalize():f}"
