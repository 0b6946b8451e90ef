"""Customers, contacts, products and interactions from the files, row by row through the operations."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.catalog import operations as catalog
from salesmode.catalog.models import Product
from salesmode.customers import operations as customers
from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.exchange.cells import Unreadable
from salesmode.exchange.values import read_cell
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.workspace.company_import import repairs
from salesmode.workspace.company_import.files import SourceFile
from salesmode.workspace.company_import.organisation import Organisation
from salesmode.workspace.company_import.report import Report

_PLAIN = ("industry", "source", "country", "province", "city", "district", "address", "phone", "email", "website")


class Records:
    """What the company knows of its customers and sells, made or found again as the rows are read."""

    def __init__(self, *, organisation: Organisation, by: Person, at: datetime, zone: tzinfo, report: Report) -> None:
        self.organisation, self.by, self.at, self.zone, self.report = organisation, by, at, zone, report
        self.million = Decimal(1)
        self.customers: dict[str, Customer] = {}
        self.contacts: dict[str, Contact] = {}
        self.products: dict[str, Product] = {}

    def _each(self, file: SourceFile, kind: str, make: Callable[[dict[str, Any], list[str]], bool]) -> None:
        """Make what a file lists, each row in a savepoint; a row that is refused is named and the rest goes on."""
        assert file.sheet is not None
        for number, row in file.rows():
            values: dict[str, Any] = {}
            try:
                for column in file.sheet.columns:
                    if column.name in file.columns and column.kind != "reference":
                        values[column.name] = read_cell(column, row[column.name], zone=self.zone)
                    elif column.name in file.columns:
                        values[column.name] = file.text(row, column.name)
                with transaction.atomic():
                    is_new = make(
                        {name: value for name, value in values.items() if value not in (None, "")}, row["extra"]
                    )
                (self.report.created if is_new else self.report.existing)[kind] += 1
            except Unreadable as error:
                self.report.leave_out(kind, file.path.name, number, str(error))
            except Refusal as refusal:
                self.report.leave_out(kind, file.path.name, number, reason_of(refusal))

    @transaction.atomic
    def take_products(self, file: SourceFile) -> None:
        """Add the products that a file lists."""

        def make(values: dict[str, Any], extra: list[str]) -> bool:
            known = Product.objects.filter(name__iexact=values["name"]).first()
            self.products[values["name"].casefold()] = known or catalog.create_product(**values, by=self.by, at=self.at)
            return known is None

        self._each(file, "products", make)

    @transaction.atomic
    def take_customers(self, file: SourceFile) -> None:
        """Add the customers that a file lists, then say which belongs to which."""
        industries, countries = self._misspelt(file)
        parents: list[tuple[str, str]] = []

        def make(values: dict[str, Any], extra: list[str]) -> bool:
            at, parent, owner = values.pop("created_at", self.at), values.pop("parent", ""), values.pop("owner", "")
            key = values.setdefault("external_key", values["name"])
            values["industry"] = industries.get(values.get("industry", ""), values.get("industry", ""))
            values["country"] = countries.get(values.get("country", ""), values.get("country", ""))
            if "annual_revenue" in values:
                values["annual_revenue"] *= self.million
            if extra:
                values["notes"] = "\n".join([*([values["notes"]] if values.get("notes") else []), *extra])
            if parent:
                parents.append((values["name"], parent))
            known = Customer.objects.filter(external_key=key).first()
            seller = self.organisation.person(owner) if owner else None
            customer = known or customers.create_customer(**values, owner=seller, by=self.by, at=at)
            for text in (key, customer.name, customer.website):
                if text:
                    self.customers.setdefault(text.casefold(), customer)
            return known is None

        self._each(file, "customers", make)
        for name, above in parents:
            customer, parent = self.customers.get(name.casefold()), self.customers.get(above.casefold())
            if customer and parent and customer.parent_id != parent.pk:
                customers.amend_customer(customer, parent=parent, by=self.by, at=self.at)

    def _misspelt(self, file: SourceFile) -> tuple[dict[str, str], dict[str, str]]:
        counted = {
            name: Counter(file.text(row, name) for _row_number, row in file.rows()) for name in ("industry", "country")
        }
        found = (repairs.misspelt_industries(counted["industry"]), repairs.misspelt_countries(counted["country"]))
        for name, words in zip(("industry", "country"), found, strict=True):
            for wrong, right in words.items():
                rows = counted[name][wrong]
                sentence = _('"%(wrong)s" is taken for "%(right)s" in %(rows)s rows.') % {
                    "wrong": wrong,
                    "right": right,
                    "rows": rows,
                }
                self.report.repair(
                    f"{name}_spelling", sentence, file=file.path.name, rows=rows, **{"from": wrong, "to": right}
                )
        return found

    @transaction.atomic
    def take_contacts(self, file: SourceFile) -> None:
        """Add the contacts that a file lists, each at its customer."""

        def make(values: dict[str, Any], extra: list[str]) -> bool:
            at = values.pop("created_at", self.at)
            customer = self.customer(values.pop("customer", ""))
            first, last = values.pop("first_name", ""), values.pop("last_name", "")
            values.setdefault("name", f"{first} {last}".strip())
            if extra:
                values["notes"] = "\n".join([*([values["notes"]] if values.get("notes") else []), *extra])
            known = Contact.objects.filter(external_key=values.get("external_key") or "?").first()
            contact = known or customers.create_contact(**values, customer=customer, by=self.by, at=at)
            for text in (contact.external_key, contact.email, contact.name):
                if text:
                    self.contacts.setdefault(text.casefold(), contact)
            return known is None

        self._each(file, "contacts", make)

    @transaction.atomic
    def take_interactions(self, file: SourceFile) -> None:
        """Write down the contacts with customers that a file lists, by those who had them."""
        there = set(Interaction.objects.exclude(external_key="").values_list("external_key", flat=True))

        def make(values: dict[str, Any], extra: list[str]) -> bool:
            if values.get("external_key") in there:
                return False
            contact = self.contact(values.pop("contact", ""))
            customer = self.customer(values.pop("customer", "")) or (contact.customer if contact else None)
            author = values.pop("author", "")
            parts = [values.pop("subject", ""), values.pop("content", ""), *extra]
            values["content"] = "\n".join(part for part in parts if part)
            person = self.organisation.person(author) if author else None
            customers.log_interaction(
                customer=customer, contact=contact, **values, author=person, by=self.by, at=values["happened_at"]
            )
            return True

        self._each(file, "interactions", make)

    def customer(self, text: str) -> Customer | None:
        """Return the customer that a file means: by key, name or website. Raises Refusal when there is none."""
        return _looked_up(self.customers, text, _('There is no customer "%(text)s".'))

    def contact(self, text: str) -> Contact | None:
        """Return the contact that a file means: by key, e-mail or name. Raises Refusal when there is none."""
        return _looked_up(self.contacts, text, _('There is no contact "%(text)s".'))


def _looked_up(known: dict[str, Any], text: str, what: str) -> Any:
    if not text:
        return None
    found = known.get(text.casefold())
    if found is None:
        raise Refusal(what % {"text": text})
    return found


def reason_of(refusal: Refusal) -> str:
    """Return a refusal as one sentence that names what is wrong."""
    return " ".join([message for messages in refusal.fields.values() for message in messages] or [refusal.message])
