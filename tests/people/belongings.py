"""Ana herself, her team, her program's key, and somebody who is invited."""

from typing import Any

from salesmode.kernel.models import EventRecord
from salesmode.people import operations as people
from tests.conftest import MONDAY


def make(cast: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return Ana, her team, a token of hers and an invitation."""
    ana = cast["ana"]
    token, _secret = people.create_token(ana, name="Mine", by=ana, at=MONDAY)
    invitation, _link = people.invite_person(email="new@example.com", name="New", by=cast["system"], at=MONDAY)
    event = EventRecord.objects.latest("pk")
    return {
        "event_id": event.pk,
        "person_id": ana.pk,
        "team_id": cast["north"].pk,
        "token_id": token.pk,
        "invitation_id": invitation.pk,
    }
