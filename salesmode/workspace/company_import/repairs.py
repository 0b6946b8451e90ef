"""Words that are spelt wrong: a product that is spelt two ways, an industry or a country with a letter missing."""

from collections import Counter
from collections.abc import Iterable

import pycountry

from salesmode.exchange.mapping import near

INDUSTRIES = [
    "technology",
    "medical",
    "retail",
    "software",
    "entertainment",
    "marketing",
    "telecommunications",
    "telecommunication",
    "finance",
    "employment",
    "services",
    "manufacturing",
    "healthcare",
    "education",
    "government",
    "insurance",
    "banking",
    "construction",
    "consulting",
    "energy",
    "agriculture",
    "automotive",
    "hospitality",
    "logistics",
    "transportation",
    "media",
    "pharmaceuticals",
    "biotechnology",
    "aerospace",
    "chemicals",
    "mining",
    "utilities",
    "real-estate",
    "non-profit",
    "legal",
    "food",
    "beverage",
    "fashion",
    "travel",
    "tourism",
    "electronics",
    "hardware",
    "security",
    "research",
    "advertising",
]
NEARLY = 88


def misspelt_industries(values: Counter[str]) -> dict[str, str]:
    """Return the industries that are a known word but for a letter or two."""
    return _misspelt(
        values, [*INDUSTRIES, *(value for value, count in values.items() if count > 20 and value.lower() in INDUSTRIES)]
    )


def misspelt_countries(values: Counter[str]) -> dict[str, str]:
    """Return the countries that are a known name but for a letter or two."""
    names = [
        name for country in pycountry.countries for name in (getattr(country, "common_name", ""), country.name) if name
    ]
    known = {name.casefold() for name in names} | {
        "korea",
        "usa",
        "uk",
        "russia",
        "vietnam",
        "taiwan",
        "south korea",
        "iran",
    }
    return _misspelt(Counter({value: count for value, count in values.items() if value.casefold() not in known}), names)


def _misspelt(values: Counter[str], vocabulary: Iterable[str]) -> dict[str, str]:
    from rapidfuzz import fuzz, process

    words = list(dict.fromkeys(vocabulary))
    folded = {word.casefold() for word in words}
    found = {}
    for value in values:
        if len(value) < 5 or value.casefold() in folded:
            continue
        hit = process.extractOne(
            value.casefold(), [word.casefold() for word in words], scorer=fuzz.ratio, score_cutoff=NEARLY
        )
        if hit:
            word = words[hit[2]]
            found[value] = word.capitalize() if value[:1].isupper() and word.islower() else word
    return found


def other_spellings(used: Counter[str], known: Iterable[str]) -> dict[str, str]:
    """Return the names that are in no list but near to exactly one that is: GTXPro → GTX Pro."""
    names = list(known)
    there = {name.casefold() for name in names}
    found = {}
    for value in used:
        if value and value.casefold() not in there and (meant := near(value, names)):
            found[value] = meant
    return found
