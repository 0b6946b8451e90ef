"""Bring in many customers at once, written in few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField
from django.utils.translation import gettext as _

from salesmode.customers import policies
from salesmode.customers.events import ContactCreated, CustomerCreated
from salesmode.customers.models import Contact, Customer
from salesmode.customers.models.customer import CustomerAlreadyKnown
from salesmode.customers.models.sameness import name_key
from salesmode.customers.operations.facts import contact_entry, contact_facts, customer_entry, customer_facts
from salesmode.kernel import search
from salesmode.kernel.bulk import Among, copy_in, new_row
from salesmode.kernel.custom_fields import clean_custom, fields_of
from salesmode.kernel.events import record_many
from salesmode.kernel.locking import fit, require
from salesmode.kernel.refusals import Invalid, NotAllowed, Refusal
from salesmode.people.models import Person

CONTACT = "contact_"
CUSTOMER_FIELDS = {field.name: field for field in Customer._meta.concrete_fields if not field.is_relation}
# Texts of which only the length matters.
LONGEST = {
    name: field.max_length or 0
    for name, field in CUSTOMER_FIELDS.items()
    if type(field) is CharField and not field.choices
}


@transaction.atomic
def import_customers(rows: Sequence[Mapping[str, Any]], *, by: Person, at: datetime) -> list[Customer | Refusal]:
    """Add many customers, each with its first contact and its own date; a row that is refused hinders no other.

    Returns a customer or its refusal for each row. A name or former key that the importer already has is refused; so is
    one that comes twice. Raises NotAllowed.
    """
    require(policies.may_import_customers(by))
    gate = _Gate(by, rows)
    answers = [gate.examine(row, at=at) for row in rows]
    made = [customer for customer in answers if isinstance(customer, Customer)]
    early: dict[int, search.Row] = {}

    def work_out(customer: Customer) -> None:
        # The database takes longer over a customer than it takes to send it: enough for every other search entry.
        if customer.id % 2:
            early[customer.id] = search.worked_out(customer_entry(customer))

    copy_in(made, meanwhile=work_out)
    search.index_new(early.get(customer.id) or customer_entry(customer) for customer in made)
    events = ((CustomerCreated(**customer_facts(each), imported=True), each.created_at) for each in made)
    record_many(list(events), by=by)
    _add_contacts(answers, rows, by=by)
    return answers


class _Gate:
    """What each row is judged by: who may give customers to whom, what is known already, the company's own fields."""

    def __init__(self, by: Person, rows: Sequence[Mapping[str, Any]]) -> None:
        self.by = by
        self.has_fields = bool(fields_of("customer"))
        owners = {owner for row in rows if (owner := row.get("owner")) is not None}
        self.allowed = {owner.pk: policies.may_create_customer(by, owner) for owner in owners}
        self.names, self.keys = _known(by, rows)

    def examine(self, row: Mapping[str, Any], *, at: datetime) -> Customer | Refusal:
        """Return the customer that a row describes, not saved yet, or why it is refused."""
        owner = row.get("owner")
        if owner is not None and not self.allowed[owner.pk]:
            return NotAllowed(_("You may not give customers to %(person)s.") % {"person": owner.name})
        try:
            customer = self._customer(row, at=min(row.get("created_at") or at, at))
        except Refusal as refusal:
            return refusal
        name = _exactly(customer.name)
        if name in self.names or (customer.external_key and customer.external_key in self.keys):
            return CustomerAlreadyKnown(customer)
        self.names.add(name)
        self.keys.add(customer.external_key)
        return customer

    def _customer(self, row: Mapping[str, Any], *, at: datetime) -> Customer:
        values = {name: value for name, value in row.items() if name != "created_at" and not name.startswith(CONTACT)}
        owner = values.pop("owner", None)
        values["name"] = str(values.get("name") or "").strip()
        customer = new_row(Customer, **values, created_at=at, updated_at=at, version=1)
        if owner is not None:
            customer.belong_to(owner, at=at)
        if customer.tags:
            customer.retag()
        if self.has_fields or customer.custom:
            customer.custom = clean_custom("customer", customer.custom)
        customer.derive_keys()
        customer.ensure_valid()
        _fit_what_is_given(customer, values)
        return customer


def _known(by: Person, rows: Sequence[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Return which of these names and former keys are there already, as far as the importer sees. Two queries."""
    names = {name_key(str(row.get("name") or "")) for row in rows} - {""}
    visible = Customer.objects.reachable_by(by).order_by()
    same = visible.filter(Among("name_key", names)).values_list("name", flat=True)
    given = {str(row["external_key"]) for row in rows if row.get("external_key")}
    keys = set(visible.filter(Among("external_key", given)).values_list("external_key", flat=True)) if given else set()
    return {_exactly(name) for name in same}, keys


def _fit_what_is_given(customer: Customer, given: Mapping[str, Any]) -> None:
    """Refuse values that their columns cannot hold; only what the row gives is looked at, for there are many rows."""
    wrong = {}
    for name in given:
        value, longest = getattr(customer, name), LONGEST.get(name)
        if longest and isinstance(value, str) and len(value) <= longest and "\x00" not in value:
            continue
        field = CUSTOMER_FIELDS.get(name)
        if field is None or value is None or value == "":
            continue
        try:
            setattr(customer, name, field.clean(value, customer))
        except ValidationError as error:
            wrong[name] = error.messages
        if isinstance(value, str) and "\x00" in value:
            wrong[name] = [_("Null characters are not allowed.")]
    if wrong:
        raise Invalid(wrong)


def _exactly(name: str) -> str:
    return " ".join(name.casefold().split())


def _add_contacts(answers: Sequence[Customer | Refusal], rows: Sequence[Mapping[str, Any]], *, by: Person) -> None:
    contacts: list[Contact] = []
    for customer, row in zip(answers, rows, strict=True):
        if not isinstance(customer, Customer) or not row.get(f"{CONTACT}name"):
            continue
        values = {name.removeprefix(CONTACT): value for name, value in row.items() if name.startswith(CONTACT)}
        contact = Contact(customer=customer, owner=customer.owner, **values, version=1)
        contact.created_at = contact.updated_at = customer.created_at
        contact.derive_keys()
        try:
            contact.ensure_valid()
            fit(contact)
        except Refusal:
            # The customer is in; what does not fit as a contact is kept in its notes rather than lost.
            left = ", ".join(str(value) for value in values.values() if value)
            customer.notes = f"{customer.notes}\n{left}".strip().replace("\x00", "")
            Customer.objects.filter(pk=customer.pk).update(notes=customer.notes)
            continue
        contacts.append(contact)
    copy_in(contacts)
    search.index_new(contact_entry(contact) for contact in contacts)
    events = [(ContactCreated(**contact_facts(each), imported=True), each.created_at) for each in contacts]
    record_many(events, by=by)
