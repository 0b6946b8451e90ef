"""What open deals are warned of in one line: what an app above keeps, else what the deal itself knows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from salesmode.selling.models import Deal

Warner = Callable[[Sequence[int]], Mapping[int, str]]
_WARNER: list[Warner] = []


def warn_by(warner: Warner) -> Warner:
    """Name who keeps warnings: given the keys of deals, it answers with the worst warning of each that has any."""
    _WARNER[:] = [warner]
    return warner


def warnings_of(deals: Sequence[Deal], *, at: datetime, today: date) -> dict[int, str]:
    """Return one line for each deal that somebody should look at. One query at most, however many deals."""
    open_keys = [deal.pk for deal in deals if deal.is_open]
    kept = _WARNER[0](open_keys) if _WARNER and open_keys else {}
    found = {deal.pk: kept.get(deal.pk) or deal.warning(at=at, today=today) for deal in deals}
    return {key: warning for key, warning in found.items() if warning}
