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
from salesmode.customers.queries.likeness import Likeness, PossibleDuplicates, find_possible_duplicates
from salesmode.customers.queries.story import Day, Entry, Story, story_of

__all__ = [
    "CustomerPage",
    "Day",
    "Entry",
    "Likeness",
    "PossibleDuplicates",
    "Story",
    "customer_called",
    "customer_page",
    "files_of",
    "find_possible_duplicates",
    "pickable_customers",
    "story_of",
    "tags_in_use",
    "values_in_use",
]
