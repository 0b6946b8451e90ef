"""Who may thank, define badges and set up challenges."""

from salesmode.people.models import Person, PersonScope
from salesmode.people.permissions import may
from salesmode.reviews.models import Challenge, DisplayChoice, Recognition


def may_define_badge(by: Person) -> bool:
    """May this person invent a badge?"""
    return may(by, "reviews.define_badge")


def may_amend_badge(by: Person) -> bool:
    """May this person change a badge?"""
    return may(by, "reviews.amend_badge")


def may_give_recognition(by: Person) -> bool:
    """May this person thank somebody?"""
    return may(by, "reviews.give_recognition")


def may_withdraw_recognition(by: Person, recognition: Recognition) -> bool:
    """May this person take thanks back: who gave them, or an administrator?"""
    return may(by, "reviews.withdraw_recognition") and (
        recognition.giver_id == by.pk or by.role == Person.Role.OPERATIONS
    )


def may_choose_display(by: Person, choice: DisplayChoice) -> bool:
    """May this person say what of somebody may be shown? Only of themselves."""
    return may(by, "reviews.choose_display", choice)


def may_set_up_challenge(by: Person, participants: list[Person] | None = None) -> bool:
    """May this person set up a challenge: a manager for people below, others for all?"""
    if not may(by, "reviews.set_up_challenge"):
        return False
    if by.role != Person.Role.MANAGER or participants is None:
        return True
    asked = {person.pk for person in participants}
    return asked <= set(PersonScope.objects.filter(viewer=by, owner__in=asked).values_list("owner", flat=True))


def may_cancel_challenge(by: Person, challenge: Challenge) -> bool:
    """May this person call a challenge off?"""
    return may(by, "reviews.cancel_challenge", challenge)


def may_finish_challenge(by: Person, challenge: Challenge) -> bool:
    """May this person count a challenge that is over?"""
    return may(by, "reviews.finish_challenge", challenge)
