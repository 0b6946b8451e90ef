"""What is told on timelines."""

from datetime import UTC, datetime
from typing import Any, get_origin

from salesmode.customers.timeline import LEFT_OUT, SENTENCES, Moment
from salesmode.kernel.events import REGISTRY, Event

SAMPLES: dict[Any, Any] = {int: 1, str: "x", bool: True, datetime: datetime(2026, 3, 2, tzinfo=UTC).isoformat()}


def _facts(event: type[Event]) -> dict[str, Any]:
    """Invent facts as this event would have them."""
    return {
        name: [] if get_origin(field.annotation) is list else SAMPLES.get(field.annotation)
        for name, field in event.model_fields.items()
    }


class TestEveryEventOfCustomers:
    def test_is_told_or_left_out_on_purpose(self, db):
        links = ("customer", "contact", "interaction", "follow_up")
        told = [
            event for name, event in REGISTRY.items() if name.partition(".")[0] in links or "customer" in event.links
        ]

        assert [event.name for event in told if event.name not in SENTENCES and event.name not in LEFT_OUT] == []

    def test_is_told_even_with_no_more_than_it_must_say(self, db):
        for name, sentence in SENTENCES.items():
            event = REGISTRY.get(name)
            assert event is None or str(sentence.tell(Moment(name, _facts(event))))
