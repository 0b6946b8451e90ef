"""How a name, key, website or e-mail finds a customer or a contact in any file, and the columns that all share."""

from collections.abc import Callable, Mapping, Sequence

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.customers.models import Contact, Customer
from salesmode.customers.queries import anybody_was_erased, warnings_among
from salesmode.exchange.sheet import Column, Reference, Values, by_text
from salesmode.people.models import Person

KEY = Column(
    "external_key",
    _("Key in the former system"),
    aliases=("record id", "id", "编号", "system id", "pipedrive system id", "原系统编号", "external id", "外部编号"),
    length=80,
)
CREATED = Column(
    "created_at",
    _("Created"),
    "datetime",
    ("创建时间", "创建日期", "create date", "created", "creation date", "date created", "created at", "建档日期"),
)
NOTES = (
    "备注",
    "notes",
    "note",
    "remark",
    "说明",
    "comment",
    "comments",
    "note content",
    "描述",
    "description",
    "备注信息",
)


def erased_again() -> Callable[[Sequence[Values]], Mapping[int, str]] | None:
    """Return what warns of rows about somebody whose data was erased, None while nobody's was."""
    return warnings_among if anybody_was_erased() else None


def _host(website: str) -> str:
    return website.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]


def find_customers(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Customer]]:
    """Return the customers that answer to a name, a key of the former system or the host of their website."""
    wanted = [text.casefold() for text in texts]
    customers = Customer.objects.reachable_by(by).filter(merged_into=None)
    found = list(customers.filter(external_key__in=texts)) + list(
        customers.annotate(low=Lower("name")).filter(low__in=wanted)
    )
    known = {text for customer in found for text in (customer.external_key.casefold(), customer.name.casefold())}
    hosts = [text for text in wanted if text not in known and "." in text and " " not in text]
    if hosts:
        spellings = [
            start + host
            for host in hosts
            for start in ("", "www.", "https://", "http://", "https://www.", "http://www.")
        ]
        found += customers.annotate(site=Lower("website")).filter(
            site__in=[*spellings, *(f"{spelling}/" for spelling in spellings)]
        )
    return by_text(
        (text, customer)
        for customer in found
        for text in (customer.external_key, customer.name, _host(customer.website))
        if text
    )


def find_contacts(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Contact]]:
    """Return the contacts that answer to an e-mail, a key of the former system or a name."""
    wanted = [text.casefold() for text in texts]
    contacts = Contact.objects.visible_to(by)
    found = list(contacts.filter(external_key__in=texts)) + list(
        contacts.annotate(low=Lower("email")).filter(low__in=wanted)
    )
    known = {text for contact in found for text in (contact.external_key.casefold(), contact.email.casefold())}
    names = [text for text in texts if text.casefold() not in known and "@" not in text]
    if names:
        found += contacts.filter(name__in=names)
    return by_text(
        (text, contact) for contact in found for text in (contact.external_key, contact.email, contact.name) if text
    )


customer_reference = Reference("customer", find_customers)
contact_reference = Reference("contact", find_contacts)


def customer_column(*aliases: str, required: bool = False) -> Column:
    """Return the column that says which customer a record belongs to."""
    names = (
        "客户名称",
        "客户",
        "所属客户",
        "公司",
        "公司名称",
        "account",
        "account name",
        "company",
        "company name",
        "customer",
        "organization",
        "organization name",
        "associated company",
        "associated company domain",
    )
    return Column(
        "customer", _("Customer"), "reference", (*names, *aliases), required=required, reference=customer_reference
    )
