"""What forecasts do by the clock: look at every open deal, because time alone makes warnings."""

from datetime import datetime

from salesmode.forecasts import operations
from salesmode.kernel.jobs import every


@every("hour")
def look_at_all_deals(*, at: datetime) -> None:
    """Warn of what the hour has brought, and forget the warnings of what is decided."""
    operations.refresh_warnings(at=at)


@every("day", at="04:20")
def learn_how_long_stages_take(*, at: datetime) -> None:
    """Learn from the deals won so far how long a stage usually takes."""
    operations.learn_expectations(at=at)
