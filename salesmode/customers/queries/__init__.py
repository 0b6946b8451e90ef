"""Questions about customers."""

from salesmode.customers.queries.account import (
    CustomerPage,
    customer_called,
    customer_page,
    files_of,
    pickable_customers,
    tags_in_use,
    values_in_use,
)
from salesmode.customers.queries.erased import (
    anybody_was_erased,
    erased_among,
    erased_sentence,
    warnings_among,
)
from salesmode.customers.queries.holding import held_about
from salesmode.customers.queries.likeness import Likeness, PossibleDuplicates, find_possible_duplicates
from salesmode.customers.queries.story import Day, Entry, Story, story_of
from salesmode.customers.queries.visits import (
    Coverage,
    MonthPlan,
    VisitDay,
    coverage,
    month_plan,
    photos_of,
    strike_rates,
    visit_day,
    visit_types,
    visits_at,
)

__all__ = [
    "Coverage",
    "CustomerPage",
    "Day",
    "Entry",
    "Likeness",
    "MonthPlan",
    "PossibleDuplicates",
    "Story",
    "VisitDay",
    "anybody_was_erased",
    "coverage",
    "customer_called",
    "customer_page",
    "erased_among",
    "erased_sentence",
    "files_of",
    "find_possible_duplicates",
    "held_about",
    "month_plan",
    "photos_of",
    "pickable_customers",
    "story_of",
    "strike_rates",
    "tags_in_use",
    "values_in_use",
    "visit_day",
    "visit_types",
    "visits_at",
    "warnings_among",
]
