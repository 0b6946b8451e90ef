"""What other parameters of a running practice would change."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid
from salesmode.modes.models import AdoptedPractice
from salesmode.modes.queries.library import library
from salesmode.modes.queries.preview import Change, changes_of, checked_parameters


@dataclass(frozen=True)
class Adjustment:
    """What would change, and the mark by which it is recognised when it is confirmed."""

    parameters: dict[str, Any]
    changes: list[Change]
    mark: str


def adjustment(row: AdoptedPractice, parameters: Mapping[str, Any], from_day: date) -> Adjustment:
    """Say what a practice's other parameters would change; writes nothing. Raises Invalid."""
    practice = library().practices.get(row.code)
    if practice is None:
        raise Invalid({"practice": [_("There is no practice of this name any more.")]})
    # What an earlier file let be set and this one does not is left out.
    kept = {name: value for name, value in row.parameters.items() if practice.parameter(name)}
    chosen = checked_parameters([practice], {practice.code: {**kept, **parameters}})[practice.code]
    changes = changes_of(practice, chosen, row.team, max(from_day, row.from_day))
    seen = [
        row.pk,
        row.version,
        chosen,
        from_day.isoformat(),
        [[each.part.code, each.before, each.after] for each in changes],
    ]
    mark = hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()[:32]
    return Adjustment(chosen, changes, mark)
