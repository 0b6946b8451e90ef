"""Who can own what is sold."""

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person


class CannotOwn(Invalid):
    """Leads and deals belong to people who sell and still work here."""

    def __init__(self, person: Person) -> None:
        super().__init__({"owner": [_("%(person)s cannot own leads or deals.") % {"person": person.name}]})
