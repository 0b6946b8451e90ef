"""Keep what deals know about contacts with their customers."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from salesmode.selling.models import Deal


@transaction.atomic
def note_interaction(deal_id: int, *, at: datetime) -> None:
    """Let a deal know when somebody last spoke about it, however often told; the interaction itself is the event."""
    earlier = Q(last_interaction_at=None) | Q(last_interaction_at__lt=at)
    Deal.objects.filter(earlier, pk=deal_id).update(last_interaction_at=at)
