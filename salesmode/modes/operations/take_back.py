"""Give up what was taken up: every setting becomes what it was before, unless somebody has changed it since."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import lock, require, save
from salesmode.kernel.refusals import Refusal
from salesmode.modes import policies, queries
from salesmode.modes.events import AdoptionTakenBack, PracticeTakenBack
from salesmode.modes.models import AdoptedPractice, Adoption, NotInForce
from salesmode.modes.operations.facts import adoption_facts, practice_facts
from salesmode.modes.operations.holding import hold_the_modes
from salesmode.people.models import Person


class ChangedSince(Refusal):
    """Somebody changed settings after the adoption: whoever takes it back says what becomes of each."""

    def __init__(self, undone: Iterable[queries.Undo]) -> None:
        self.undone = list(undone)
        names = ", ".join(str(each.name) for each in self.undone)
        super().__init__(
            _("These settings were changed after the adoption: %(names)s. Say for each whether the later change stays.")
            % {"names": names}
        )

    def extras(self) -> dict:
        """Name the settings, so that a program can answer for each."""
        return {"settings": [each.change.pk for each in self.undone]}


@transaction.atomic
def take_back_adoption(
    adoption: Adoption, *, on: date, keep: Iterable[int] = (), restore: Iterable[int] = (), by: Person, at: datetime
) -> Adoption:
    """Give up everything that was taken up at once, from a day on.

    `keep` and `restore` name changed settings that somebody moved since: left as they are, or restored all the same.
    Raises NotAllowed, NotInForce, ChangedSince when such a setting is named in neither; then nothing is changed.
    """
    hold_the_modes()
    lock(adoption)
    require(policies.may_take_back(by, adoption))
    adoption.mark_taken_back(on=on, at=at)
    rows = list(adoption.practices.filter(ended_at=None).select_related("team").order_by("-pk"))
    restored, kept = _undo(rows, on=on, keep=set(keep), restore=set(restore), by=by, at=at)
    save(adoption, at=at)
    for row in rows:
        record(PracticeTakenBack(**practice_facts(row)), by=by, at=at)
    facts = adoption_facts(adoption, sorted(row.code for row in rows))
    record(AdoptionTakenBack(**facts, settings_restored=restored, settings_kept=kept), by=by, at=at)
    return adoption


@transaction.atomic
def take_back_practice(
    row: AdoptedPractice, *, on: date, keep: Iterable[int] = (), restore: Iterable[int] = (), by: Person, at: datetime
) -> AdoptedPractice:
    """Give up one practice, from a day on; the rest of its mode goes on.

    Raises NotAllowed, NotInForce, ChangedSince.
    """
    hold_the_modes()
    lock(row)
    require(policies.may_take_back(by, row))
    if not row.is_in_force:
        raise NotInForce
    _undo([row], on=on, keep=set(keep), restore=set(restore), by=by, at=at)
    record(PracticeTakenBack(**practice_facts(row)), by=by, at=at)
    return row


def _undo(
    rows: list[AdoptedPractice], *, on: date, keep: set[int], restore: set[int], by: Person, at: datetime
) -> tuple[int, int]:
    undone = queries.undo_of(rows, on)
    unanswered = [each for each in undone if each.is_moved and each.change.pk not in keep | restore]
    if unanswered:
        raise ChangedSince(unanswered)
    for each in undone:
        change, team = each.change, each.change.practice.team
        stays = each.part is None or (each.is_moved and change.pk in keep)
        if each.part is not None and not stays and each.now != change.before:
            if change.before is None:
                each.part.remove(team, change.asked, on, by, at)
            else:
                each.part.apply(team, change.before, on, by, at)
        change.outcome = "kept" if stays else "restored"
        change.save(update_fields=["outcome"])
    for row in rows:
        row.mark_taken_back(on=max(on, row.from_day), at=at)
        save(row, at=at)
    kept = sum(each.change.outcome == "kept" for each in undone)
    return len(undone) - kept, kept
