"""What Ana said she will win."""

from decimal import Decimal
from typing import Any

from salesmode.forecasts import operations as forecasts
from salesmode.kernel.periods import Period
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return a forecast of hers."""
    ana = cast["ana"]
    period = Period.parse("2026-03")
    said = forecasts.submit_forecast(person=ana, period=period, amount=Decimal(900), by=ana, at=MONDAY)
    return {"submission_id": said.pk}
