"""What the simulation needs to know of an installation."""

from salesmode.customers.models import Customer
from salesmode.kernel.models import EventRecord
from salesmode.selling.models import Deal, Lead


def is_empty() -> bool:
    """Whether no customer, deal or lead would be mixed up with invented ones. At most three queries."""
    return not any(model.objects.exists() for model in (Customer, Deal, Lead))


def is_on_its_way() -> bool:
    """Whether the demonstration was asked for and has not arrived yet. One query."""
    names = ("company.demonstration_requested", "company.demonstration_loaded")
    latest = EventRecord.objects.filter(name__in=names).order_by("-pk").values_list("name", flat=True).first()
    return latest == names[0]
