"""Who may do what to processes, leads and deals."""

from salesmode.people.models import Person
from salesmode.people.permissions import may
from salesmode.selling.models import Deal


def may_define_process(by: Person) -> bool:
    """May this person decide how deals go here?"""
    return may(by, "selling.define_process")


def may_open_deal(by: Person) -> bool:
    """May this person open deals?"""
    return may(by, "selling.open_deal")


def may_amend_deal(by: Person, deal: Deal) -> bool:
    """May this person change a deal's details?"""
    return may(by, "selling.amend_deal", deal)


def may_move_deal(by: Person, deal: Deal) -> bool:
    """May this person move a deal to another stage?"""
    return may(by, "selling.move_deal", deal)


def may_decide_deal(by: Person, deal: Deal) -> bool:
    """May this person win, lose or reopen a deal?"""
    return may(by, "selling.win_deal", deal)


def may_hand_over_deal(by: Person, deal: Deal) -> bool:
    """May this person give a deal to somebody else?"""
    return may(by, "selling.hand_over_deal", deal)
