"""Ending what holds for a team."""

from datetime import date

from salesmode.targets.models.held import HeldByTeam


def end_held(held: HeldByTeam, day: date) -> None:
    """End what holds for a team on a day; what would end on the day it began never was."""
    rows = type(held)._base_manager.filter(pk=held.pk)
    if day == held.starts_on:
        rows.delete()
    else:
        rows.filter(ends_on=None).update(ends_on=day)
