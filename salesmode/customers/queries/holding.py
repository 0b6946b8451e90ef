"""Everything that is held about a contact, as they may ask to see it."""

from typing import Any

from salesmode.customers import account
from salesmode.customers.models import Contact, Interaction
from salesmode.kernel.models import EventRecord, StoredFile

FIELDS = (
    "name", "title", "department", "phone", "mobile", "email", "wechat", "is_decision_maker", "birthday", "notes",
    "external_key", "custom", "created_at", "updated_at", "left_at",
)  # fmt: skip


def held_about(contact: Contact) -> dict[str, Any]:
    """Return what is held about a contact, in plain values: who they are, what was said, files, history, and the rest.

    Four queries, and those of the apps above.
    """
    spoken = Interaction.objects.filter(contact=contact).select_related("by").order_by("happened_at", "pk")
    files = StoredFile.objects.about("contact", contact.pk)
    history = EventRecord.objects.about("contact", contact.pk).order_by("happened_at", "pk")
    held: dict[str, Any] = {
        "contact": {"id": contact.pk, "customer": contact.customer.name if contact.customer else None}
        | {name: getattr(contact, name) for name in FIELDS},
        "interactions": [
            {"id": each.pk, "channel": each.channel, "happened_at": each.happened_at, "by": each.by.name,
             "content": each.content, "next_contact_at": each.next_contact_at}
            for each in spoken
        ],
        "files": [{"name": each.name, "type": each.content_type, "size": each.size, "added_at": each.created_at}
                  for each in files],
        "history": [{"what": each.name, "happened_at": each.happened_at, "facts": each.facts} for each in history],
    }  # fmt: skip
    for elsewhere in account.on_contact_request.tell(contact.pk):
        held |= elsewhere
    return held
