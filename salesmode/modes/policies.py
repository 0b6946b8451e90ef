"""Who may take up, adjust and give up modes and practices."""

from salesmode.modes.models import AdoptedPractice, Adoption, Watch
from salesmode.people.models import Person, Team
from salesmode.people.permissions import may


def may_adopt_mode(by: Person) -> bool:
    """May this person choose the mode of a team or of the company?"""
    return may(by, "modes.adopt")


def may_adopt_practices(by: Person, team: Team | None) -> bool:
    """May this person take up single practices for a team? A manager for a team that they or their people lead."""
    return may(by, "modes.adopt", team.lead if team else None)


def may_take_back(by: Person, row: Adoption | AdoptedPractice) -> bool:
    """May this person give up what a team took up? A whole mode only who may choose one."""
    if row.mode and isinstance(row, Adoption):
        return may(by, "modes.take_back_adoption")
    return may(by, "modes.take_back_practice", row.team.lead if row.team else None)


def may_adjust(by: Person, row: AdoptedPractice) -> bool:
    """May this person change a practice's parameters?"""
    return may(by, "modes.adjust_practice", row.team.lead if row.team else None)


def may_decide(by: Person, row: AdoptedPractice) -> bool:
    """May this person say whether a practice is kept?"""
    return may(by, "modes.decide_on_practice", row.team.lead if row.team else None)


def may_request_effect(by: Person) -> bool:
    """May this person ask whether a practice works?"""
    return may(by, "modes.request_effect")


def may_measure_effect(by: Person) -> bool:
    """May this person work out whether a practice works? Only the system, in the background."""
    return may(by, "modes.measure_effect")


def may_set_watch(by: Person, team: Team | None) -> bool:
    """May this person have a team watched for dependence on its best seller?"""
    return may(by, "modes.set_watch", team.lead if team else None)


def may_end_watch(by: Person, watch: Watch) -> bool:
    """May this person end a watch?"""
    return may(by, "modes.end_watch", watch.team.lead if watch.team else None)
