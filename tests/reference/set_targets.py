"""Set the targets of 2018 and a scorecard in a data folder, all through the pages, and print what they show."""

import csv
import io
import json
import sys
from typing import Any

from salesmode.config.terminal import product

LINES = (("won_amount", 50, 60_000), ("won_count", 30, 20), ("win_rate", 20, 0.5))


def main() -> None:
    """Propose, take out and approve targets; design a scorecard and put it in use; look in both languages."""
    with product("current"):
        from django.test import Client
        from django.utils.timezone import now

        from salesmode.analytics import loader
        from salesmode.people import operations
        from salesmode.people.models import Person

        loader.load_once()

        system = Person.objects.system()
        by = operations.create_person(
            email="di@example.com", name="Di", role="director", language="en", by=system, at=now()
        )
        client = Client(headers={"host": "localhost"})
        client.force_login(by)
        said: dict[str, Any] = {"wrong": _wrong(client)}
        proposed = client.post("/targets/propose", {"metric": "won_amount", "year": "2018", "growth": "10"})
        said["proposed"] = proposed.status_code
        said["targets"] = _taken_out(client)
        client.post("/targets/approve?metric=won_amount&year=2018")
        said["card"] = _scorecard(client)
        agent = Person.objects.get(name="Darcel Schlecht")
        for language in ("en", "zh-hans"):
            operations.change_own_profile(by, language=language, by=by, at=now())
            said[language] = {
                "sheet": client.get("/targets/?metric=won_amount&year=2018").content.decode(),
                "score": client.get(f"/scorecards/people/{agent.pk}?on=2017-12-15").content.decode(),
                "team": client.get("/scorecards/?score=objective&on=2017-12-15").content.decode(),
            }
        sys.stdout.write(json.dumps(said))


def _wrong(client: Any) -> dict[str, Any]:
    """Send what must not be kept, and say what came back."""
    from salesmode.targets.models import Scorecard, Target

    below = client.post("/targets/set?metric=won_amount&year=2018", {"base": "-5", "distribution": "even"})
    unknown = client.post("/targets/propose", {"metric": "nonsense", "year": "2018", "growth": "10"})
    weights = client.post("/scorecards/designs/new", _design([(*LINES[0][:1], 40, 1), *LINES[1:]]))
    kept = Target.objects.count() + Scorecard.objects.count()
    pages = {"below": below, "unknown": unknown, "weights": weights}
    return {name: [page.status_code, page.content.decode()] for name, page in pages.items()} | {"kept": kept}


def _design(lines: Any) -> dict[str, str]:
    sent = {"name": "Closers", "description": "", "ramp": ""}
    for score in ("activity", "objective"):
        sent |= {f"{score}-TOTAL_FORMS": "5", f"{score}-INITIAL_FORMS": "0"}
    for number, (code, weight, benchmark) in enumerate(lines):
        values = {"metric": code, "weight": weight, "benchmark": benchmark}
        sent |= {f"objective-{number}-{name}": str(value) for name, value in values.items()}
    return sent


def _scorecard(client: Any) -> int:
    made = client.post("/scorecards/designs/new", _design(LINES))
    used = client.post(f"{made['Location']}/use", {"team": "", "starts_on": "2017-01-01"})
    return int(used.status_code)


def _taken_out(client: Any) -> list[dict[str, str]]:
    """Return the targets as the list is taken out, complete."""
    file = client.get("/export?kind=target&format=csv&complete=1")
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


if __name__ == "__main__":
    main()
