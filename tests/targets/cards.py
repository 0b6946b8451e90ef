"""Scorecards that several tests use."""

from decimal import Decimal

from salesmode.targets.models.scorecard import LineDraft

PUBLISHED = [
    LineDraft("objective", "won_count", Decimal(20), Decimal(4)),
    LineDraft("objective", "won_amount", Decimal(80), Decimal(20_000)),
]
ACTIVITY = [
    LineDraft("activity", "new_deals", Decimal(50), Decimal(4)),
    LineDraft("activity", "won_count", Decimal(30), Decimal(2)),
    LineDraft("activity", "lost_count", Decimal(20), Decimal(1), cap=Decimal(150)),
]
OBJECTIVE = [
    LineDraft("objective", "won_count", Decimal(20), Decimal(4)),
    LineDraft("objective", "won_amount", Decimal(60), Decimal(20_000)),
    LineDraft("objective", "win_rate", Decimal(20), Decimal("0.5")),
]
