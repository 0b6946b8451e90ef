"""Which customers might be the same one."""

from dataclasses import dataclass

from django.db.models import Q

from salesmode.customers.models import Contact, Customer
from salesmode.customers.models.sameness import name_key, phone_key, site_key
from salesmode.people.models import Person

MOST_SHOWN = 5


@dataclass(frozen=True)
class Likeness:
    """A customer that might be the same, and what is alike: name, phone, email, website."""

    customer: Customer
    alike: tuple[str, ...]


@dataclass(frozen=True)
class PossibleDuplicates:
    """The customers that might be the same; `another_exists` says that a company of this name is somebody else's.

    A hidden customer is told by its public name only, never by a phone number or address: otherwise a stolen list of
    contacts could be checked against ours. The door that shows it counts how often it says so.
    """

    seen: list[Likeness]
    another_exists: bool

    def __bool__(self) -> bool:
        return bool(self.seen) or self.another_exists


def find_possible_duplicates(
    *, name: str = "", phone: str = "", email: str = "", website: str = "", seen_by: Person, besides: int | None = None
) -> PossibleDuplicates:
    """Return the customers that might be the same as one with these details. Three queries, all by index."""
    keys = {
        "name": name_key(name),
        "phone": phone_key(phone),
        "email": email.strip().casefold(),
        "website": site_key(website),
    }
    conditions = {
        "name": Q(name_key=keys["name"]),
        "phone": Q(phone_key=keys["phone"]) & ~Q(phone_key=""),
        "email": Q(email__iexact=keys["email"]) & ~Q(email=""),
        "website": Q(site_key=keys["website"]) & ~Q(site_key=""),
    }
    alike = Q()
    for what, condition in conditions.items():
        if keys[what]:
            alike |= condition
    if not alike:
        return PossibleDuplicates([], False)
    others = Customer.objects.filter(merged_into=None).exclude(pk=besides or 0)
    reached = others.filter(alike | Q(pk__in=_through_contacts(keys, seen_by))).reachable_by(seen_by)
    seen = [_likeness(customer, keys) for customer in reached.select_related("owner").order_by("pk")[:MOST_SHOWN]]
    another = False
    if keys["name"] and not any("name" in each.alike for each in seen):
        another = others.filter(name_key=keys["name"]).exists()
    return PossibleDuplicates(seen, another)


def _through_contacts(keys: dict[str, str], seen_by: Person) -> list[int]:
    """Return the customers at which a visible contact has this phone number or address."""
    alike = Q()
    if keys["phone"]:
        alike |= Q(phone_key=keys["phone"]) & ~Q(phone_key="")
    if keys["email"]:
        alike |= Q(email__iexact=keys["email"]) & ~Q(email="")
    if not alike:
        return []
    contacts = Contact.objects.filter(alike, customer__isnull=False).visible_to(seen_by)
    return list(contacts.values_list("customer_id", flat=True)[:MOST_SHOWN])


def _likeness(customer: Customer, keys: dict[str, str]) -> Likeness:
    own = {
        "name": customer.name_key,
        "phone": customer.phone_key,
        "email": customer.email.casefold(),
        "website": customer.site_key,
    }
    return Likeness(customer, tuple(what for what, key in keys.items() if key and own[what] == key) or ("contact",))
