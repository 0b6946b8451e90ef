"""Places on the earth: how far apart they are, and in which order to go round them."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_008.8
Place = tuple[float, float]


def metres_between(one: Place, other: Place) -> float:
    """Return the great-circle distance between two places, each (latitude, longitude) in degrees."""
    (lat_1, long_1), (lat_2, long_2) = [tuple(map(radians, place)) for place in (one, other)]
    half = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((long_2 - long_1) / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Say whether two numbers are a place on the earth."""
    if latitude is None or longitude is None:
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def nearest_first(places: Sequence[Place | None], *, start: Place | None = None) -> list[int]:
    """Return the order in which to go round: always on to the nearest; places that nobody knows come last."""
    known = {index: place for index, place in enumerate(places) if place is not None}
    order: list[int] = []
    here = start
    while known:
        now_at = here or next(iter(known.values()))
        nearest = min(known, key=lambda index: (metres_between(now_at, known[index]), index))
        order.append(nearest)
        here = known.pop(nearest)
    return order + [index for index, place in enumerate(places) if place is None]
