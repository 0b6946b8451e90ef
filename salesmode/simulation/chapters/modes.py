"""How the demonstration company changed its mode: one team by figures, one by tradition, the others as they were."""

import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from salesmode.analytics import loader, manifest
from salesmode.modes import operations as modes
from salesmode.modes import queries
from salesmode.modes.models import AdoptedPractice
from salesmode.people.models import Person, Team
from salesmode.simulation.story import Story

MONTHS_AGO = 9
NOTES = {
    "deal_care": ("keep", "盘点时商机都是新的，会议时间少了一半，继续。"),
    "new_customers": ("adjust", "每周一个偏少，下季度提到两个看看。"),
}


def plan(story: Story, *, since: datetime, random: Random) -> None:
    """Adopt two modes nine months ago, and look near the end at what they brought."""
    if (story.until - since).days < 365:
        return
    began = (story.until - timedelta(days=MONTHS_AGO * 30.5)).replace(day=1, hour=9, minute=30)
    for number, mode in enumerate(("performance", "traditional")):
        story.plan(began + timedelta(minutes=number), partial(_adopt, story, number, mode))
    last = story.until - timedelta(days=1)
    while story.office_hours(last.replace(hour=17)) > story.until:
        last -= timedelta(days=1)
    story.plan(last.replace(hour=17, minute=30), partial(_look_back, story))


def _adopt(story: Story, number: int, mode: str, at: datetime) -> None:
    team = Team.objects.get(pk=list(story.cast.managers)[number])
    wanted: dict[str, Any] = {"team": team, "mode": mode, "from_day": at.date()}
    note = "先在一个团队试行，年底看效果再决定是否推广。"
    director = story.cast.by_role["director"]
    modes.adopt(**wanted, seen=queries.preview(**wanted).mark, note=note, by=director, at=at)


def _look_back(story: Story, at: datetime) -> None:
    """Evaluate everything that some team does, from a warehouse of this moment, and decide on two practices."""
    system = Person.objects.system()
    known = queries.library()
    subjects = [*(f"mode:{code}" for code in known.modes), *(f"practice:{code}" for code in known.practices)]
    with tempfile.TemporaryDirectory() as folder, manifest.kept_in(Path(folder)):
        loader.load_once(own=True)
        for subject in subjects:
            if queries.adopted_by(subject):
                effect = modes.request_effect(subject, by=story.cast.by_role["director"], at=at)
                modes.measure_effect(effect, by=system, at=at)
    for row in AdoptedPractice.objects.in_force().filter(code__in=NOTES).select_related("team").order_by("pk"):
        decision, note = NOTES[row.code]
        if row.team is not None and row.team.lead is not None:
            modes.decide_on_practice(row, decision=decision, note=note, by=row.team.lead, at=at)
