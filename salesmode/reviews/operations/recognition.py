"""Thank people, define badges, and say what of oneself may be shown."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import fit, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.reviews import policies
from salesmode.reviews.events.recognition import (
    BadgeAmended,
    BadgeDefined,
    DisplayChosen,
    RecognitionGiven,
    RecognitionWithdrawn,
)
from salesmode.reviews.models import Badge, DisplayChoice, Recognition


@transaction.atomic
def give_recognition(*, owner: Person, text: str, badge: Badge | None = None, by: Person, at: datetime) -> Recognition:
    """Thank somebody, perhaps with a badge; their team sees it unless they would rather not.

    Raises NotAllowed, Invalid.
    """
    require(policies.may_give_recognition(by))
    wrong = {}
    if owner.pk == by.pk or not owner.is_active:
        wrong["owner"] = [_("Thank somebody else who works here.")]
    if not text.strip():
        wrong["text"] = [_("Say what for.")]
    if badge is not None and not badge.is_active:
        wrong["badge"] = [_("This badge is out of use.")]
    if wrong:
        raise Invalid(wrong)
    row = Recognition(owner=owner, giver=by, text=text.strip(), badge=badge, given_at=at)
    fit(row)
    save(row, at=at)
    record(_given(row), by=by, at=at)
    return row


def reward(owner: Person, *, text: str, badge: Badge | None, challenge_id: int, by: Person, at: datetime) -> None:
    """Thank somebody for a challenge; part of counting it, and once."""
    row = Recognition(owner=owner, giver=by, text=text, badge=badge, challenge_id=challenge_id, given_at=at)
    save(row, at=at)
    record(_given(row), by=by, at=at)


def _given(row: Recognition) -> RecognitionGiven:
    return RecognitionGiven(
        recognition_id=row.pk,
        person_id=row.owner_id,
        owner_id=row.owner_id,
        giver_id=row.giver_id,
        team_id=row.owner.team_id,
        badge_id=row.badge_id,
        challenge_id=row.challenge_id,
    )


@transaction.atomic
def withdraw_recognition(recognition: Recognition, *, by: Person, at: datetime) -> None:
    """Take thanks back.

    Raises NotAllowed to anybody but who gave them and administrators, Invalid for what a challenge gave.
    """
    lock(recognition)
    require(policies.may_withdraw_recognition(by, recognition))
    if recognition.challenge_id is not None:
        raise Invalid(message=_("What a challenge gave stays."))
    key, owner = recognition.pk, recognition.owner_id
    recognition.delete()
    record(RecognitionWithdrawn(recognition_id=key, person_id=owner, owner_id=owner), by=by, at=at)


@transaction.atomic
def define_badge(
    *, name: str, meaning: str = "", icon: str = "award", is_active: bool = True, by: Person, at: datetime
) -> Badge:
    """Invent a badge.

    Raises NotAllowed, Invalid when there is one of this name.
    """
    require(policies.may_define_badge(by))
    badge = Badge(name=name.strip(), meaning=meaning.strip(), icon=icon, is_active=is_active)
    _save_badge(badge, at=at)
    record(BadgeDefined(badge_id=badge.pk), by=by, at=at)
    return badge


@transaction.atomic
def amend_badge(
    badge: Badge,
    *,
    name: str,
    meaning: str = "",
    icon: str = "award",
    is_active: bool = True,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Badge:
    """Change a badge, or take it out of use.

    Raises NotAllowed, Stale, Invalid when there is another of this name.
    """
    lock(badge, version=version)
    require(policies.may_amend_badge(by))
    badge.name, badge.meaning, badge.icon, badge.is_active = name.strip(), meaning.strip(), icon, is_active
    _save_badge(badge, at=at)
    record(BadgeAmended(badge_id=badge.pk), by=by, at=at)
    return badge


def _save_badge(badge: Badge, *, at: datetime) -> None:
    if not badge.name:
        raise Invalid({"name": [_("Give the badge a name.")]})
    fit(badge)
    try:
        with transaction.atomic():
            save(badge, at=at)
    except IntegrityError:
        raise Invalid({"name": [_("There is a badge of this name already.")]}) from None


@transaction.atomic
def choose_display(person: Person, *, hides_rank: bool, hides_praise: bool, by: Person, at: datetime) -> DisplayChoice:
    """Say what of oneself others may be shown.

    Raises NotAllowed for anybody else.
    """
    require(policies.may_choose_display(by, DisplayChoice(owner=person)))
    lock(person)
    choice = DisplayChoice.objects.filter(owner=person).first() or DisplayChoice(owner=person)
    choice.hides_rank, choice.hides_praise = hides_rank, hides_praise
    save(choice, at=at)
    record(
        DisplayChosen(
            display_choice_id=choice.pk, person_id=person.pk, hides_rank=hides_rank, hides_praise=hides_praise
        ),
        by=by,
        at=at,
    )
    return choice
