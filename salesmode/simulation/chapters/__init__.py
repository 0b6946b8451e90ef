"""What the demonstration tells beyond selling: one module for each app that adds to it.

A chapter is a module with `plan(story, *, since, random)`, which puts steps on the story's agenda. Chapters are planned
in the order of their names, each with a random stream of its own, so that one more changes nothing in the others.
"""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from random import Random

from salesmode.simulation.story import Story


def plan(story: Story, *, since: datetime, seed: int) -> None:
    """Let every chapter put its steps on the story's agenda."""
    for chapter in sorted(module.name for module in iter_modules(__path__)):
        random = Random(f"{seed}:{chapter}")
        import_module(f"{__name__}.{chapter}").plan(story, since=since, random=random)
