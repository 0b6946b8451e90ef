"""Questions about modes: what there is, what runs, what would change, whether it is done, whether it works."""

from salesmode.modes.queries.adjusting import Adjustment, adjustment
from salesmode.modes.queries.counting import Cell, Due, Row, Sheet, counts_from, due_now, events_of, sheet, weeks_until
from salesmode.modes.queries.excuses import excuse, excused_days
from salesmode.modes.queries.library import FileWrong, Library, Mistake, library, read
from salesmode.modes.queries.loop import adopters_of, fits_of, led_alone, loop, measured, steps_of, teams_shown
from salesmode.modes.queries.measures import MEASURES, share_of_best
from salesmode.modes.queries.organisation import people_of, selling_teams, tree
from salesmode.modes.queries.preview import Change, Preview, chosen_practices, described, preview
from salesmode.modes.queries.running import (
    Running,
    adoption_of,
    cards_of,
    cockpit_cards,
    mode_of,
    rows_in_force,
    running_for,
    watch_for,
)
from salesmode.modes.queries.studies import adopted_by, may_look_at_effect, moved_by, study, subject_of
from salesmode.modes.queries.undo import Undo, undo_of

__all__ = [
    "MEASURES",
    "Adjustment",
    "Cell",
    "Change",
    "Due",
    "FileWrong",
    "Library",
    "Mistake",
    "Preview",
    "Row",
    "Running",
    "Sheet",
    "Undo",
    "adjustment",
    "adopted_by",
    "adopters_of",
    "adoption_of",
    "cards_of",
    "chosen_practices",
    "cockpit_cards",
    "counts_from",
    "described",
    "due_now",
    "events_of",
    "excuse",
    "excused_days",
    "fits_of",
    "led_alone",
    "library",
    "loop",
    "may_look_at_effect",
    "measured",
    "mode_of",
    "moved_by",
    "people_of",
    "preview",
    "read",
    "rows_in_force",
    "running_for",
    "selling_teams",
    "share_of_best",
    "sheet",
    "steps_of",
    "study",
    "subject_of",
    "teams_shown",
    "tree",
    "undo_of",
    "watch_for",
    "weeks_until",
]
