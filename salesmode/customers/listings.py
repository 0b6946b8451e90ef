"""The lists of customers, of the pool, of contacts and of interactions: pages, API and export."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from salesmode.customers import operations, queries
from salesmode.customers.forms import MomentInput, TagsField
from salesmode.customers.models import Contact, Customer, Interaction, Visit
from salesmode.kernel.lists import BulkAction, Column, Filter, Inline, Listing, register
from salesmode.kernel.lists_filters import whole_number
from salesmode.people.models import Person

LENGTHS = {field.name: field.max_length for field in Customer._meta.concrete_fields}
GRADE_TONES = {"A": "accent"}
MOST_SILENT = 36_500


def _customer_url(row: Customer) -> str:
    return reverse("customers:customer", args=[row.pk])


def _of_customer(row: Any) -> str:
    return reverse("customers:customer", args=[row.customer_id]) if row.customer_id else ""


def _next_tone(row: Customer) -> str:
    return "attention" if row.next_contact_at and row.next_contact_at < now() else ""


def _in_use(field: str) -> Callable[[Person], list[tuple[Any, Any]]]:
    return lambda viewer: queries.values_in_use(field, seen_by=viewer)


def _tagged(rows: QuerySet, values: list[str], viewer: Person) -> QuerySet:
    for tag in values:
        rows = rows.filter(tags__contains=[tag])
    return rows


def _silent(rows: QuerySet, values: list[str], viewer: Person) -> QuerySet:
    since = now() - timedelta(days=min(abs(whole_number("silent", values[-1])), MOST_SILENT))
    return rows.exclude(last_interaction_at__gte=since).filter(created_at__lt=since)


def _follow_up(rows: QuerySet, values: list[str], viewer: Person) -> QuerySet:
    if values[-1] == "overdue":
        return rows.filter(next_contact_at__lt=now())
    return rows.filter(next_contact_at=None)


def _change(name: str) -> Callable[..., Customer]:
    def save(row: Customer, value: Any, *, by: Person, at: Any) -> Customer:
        return operations.amend_customer(row, by=by, at=at, **{name: value})

    return save


def _plan(row: Customer, value: Any, *, by: Person, at: Any) -> Customer:
    return operations.schedule_follow_up(row, next_contact_at=value, by=by, at=at)


def _text(name: str) -> Inline:
    length = LENGTHS[name]
    return Inline(lambda row, viewer: forms.CharField(required=name == "name", max_length=length), _change(name))


def _choices(choices: Any) -> Callable[..., forms.Field]:
    return lambda row, viewer: forms.ChoiceField(choices=[("", "—"), *choices], required=False)


def _figure(name: str, field: Callable[[], forms.Field]) -> Inline:
    return Inline(lambda row, viewer: field(), _change(name))


COLUMNS = [
    Column("name", _("Customer"), "text", sort="name"),
    Column("owner", _("Owner"), "person", sort="owner__name"),
    Column("grade", _("Grade"), "chip", sort="grade", tone=lambda row: GRADE_TONES.get(row.grade, "")),
    Column("industry", _("Industry"), "text", sort="industry"),
    Column("place", _("Place"), "text"),
    Column("last_interaction_at", _("Last contact"), "datetime", sort="last_interaction_at"),
    Column("next_contact_at", _("Next contact"), "datetime", sort="next_contact_at", tone=_next_tone),
    Column("tags", _("Tags"), "tags"),
    Column("type", _("Type"), "text", path="get_type_display", default=False),
    Column("source", _("Source"), "text", sort="source", default=False),
    Column("phone", _("Phone"), "text", default=False),
    Column("email", _("E-mail"), "text", default=False),
    Column("website", _("Website"), "text", default=False),
    Column("country", _("Country or region"), "text", default=False),
    Column("province", _("Province"), "text", default=False),
    Column("city", _("City"), "text", default=False),
    Column("district", _("District"), "text", default=False),
    Column("address", _("Address"), "text", default=False),
    Column("tax_number", _("Tax number"), "text", default=False),
    Column("employees", _("Employees"), "number", sort="employees", default=False),
    Column("annual_revenue", _("Annual revenue"), "money", sort="annual_revenue", currency="", default=False),
    Column("founded_in", _("Founded in"), "text", default=False),
    Column("parent", _("Subsidiary of"), "text", path="parent.name", default=False),
    Column("created_at", _("Created"), "date", sort="created_at", default=False),
]
FILTERS = [
    Filter("owner", _("Owner"), "person", field="owner_id"),
    Filter("team", _("Team"), "team", field="owner__team_id"),
    Filter("grade", _("Grade"), "choice", choices=lambda: Customer.Grade.choices),
    Filter("industry", _("Industry"), "choice", choices=_in_use("industry")),
    Filter("source", _("Source"), "choice", choices=_in_use("source")),
    Filter("province", _("Province"), "choice", choices=_in_use("province")),
    Filter("city", _("City"), "text", lookup="iexact", visible=False),
    Filter("tag", _("Tag"), "choice", choices=lambda viewer: queries.tags_in_use(seen_by=viewer), apply=_tagged),
    Filter("type", _("Type"), "choice", choices=lambda: Customer.Kind.choices),
    Filter("last_contact", _("Last contact"), "date", field="last_interaction_at"),
    Filter("next_contact", _("Next contact"), "date", field="next_contact_at"),
    Filter(
        "follow_up",
        _("Follow-up"),
        "choice",
        choices=lambda: [("overdue", _("Overdue")), ("unplanned", _("Not planned"))],
        apply=_follow_up,
    ),
    Filter(
        "silent",
        _("Silent for"),
        "choice",
        choices=lambda: [("30", _("30 days")), ("60", _("60 days")), ("90", _("90 days"))],
        apply=_silent,
    ),
    Filter("created", _("Created"), "date", field="created_at"),
]
SORTS: dict[str, tuple[str, ...]] = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "created_at": ("created_at", "id"),
    "-created_at": ("-created_at", "-id"),
    "last_interaction_at": ("last_interaction_at", "id"),
    "-last_interaction_at": ("-last_interaction_at", "-id"),
    "next_contact_at": ("next_contact_at", "id"),
    "grade": ("grade", "id"),
}

CUSTOMERS = register(
    Listing(
        kind="customer",
        title=_("Customers"),
        model=Customer,
        base=lambda person: Customer.objects.visible_to(person).with_names("owner", "parent"),
        columns=COLUMNS,
        filters=FILTERS,
        sorts=SORTS,
        row_url=_customer_url,
        bulk=[
            BulkAction("hand_over", _("Hand over"), "customers:hand_over_customers", "arrows-exchange"),
            BulkAction("tag", _("Tag"), "customers:tag_customers", "tag"),
            BulkAction("release", _("Release to the pool"), "customers:release_customers", "arrow-back-up"),
        ],
        inline={
            "name": _text("name"),
            "industry": _text("industry"),
            "source": _text("source"),
            "phone": _text("phone"),
            "email": _figure("email", lambda: forms.EmailField(required=False)),
            "website": _text("website"),
            "address": _text("address"),
            "province": _text("province"),
            "city": _text("city"),
            "district": _text("district"),
            "country": _text("country"),
            "tax_number": _text("tax_number"),
            "grade": Inline(_choices(Customer.Grade.choices), _change("grade")),
            "tags": _figure("tags", lambda: TagsField(required=False)),
            "employees": _figure(
                "employees", lambda: forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
            ),
            "annual_revenue": _figure(
                "annual_revenue", lambda: forms.DecimalField(required=False, max_digits=18, decimal_places=3)
            ),
            "next_contact_at": Inline(
                lambda row, viewer: forms.DateTimeField(required=False, widget=MomentInput()), _plan
            ),
        },
        groups={"grade": "grade", "owner": "owner__name", "industry": "industry"},
        create_route="customers:create_customer",
        create_label=_("New customer"),
        empty=_("Customers are the companies and people who buy from you, or might."),
        card=("place", "grade", "last_interaction_at", "next_contact_at"),
    )
)

POOL = register(
    Listing(
        kind="pool",
        title=_("Pool"),
        model=Customer,
        base=lambda person: Customer.objects.in_pool_for(person).with_names("owner", "parent"),
        columns=[column for column in COLUMNS if column.name not in {"owner", "next_contact_at", "phone", "email"}],
        filters=[each for each in FILTERS if each.name in {"grade", "city", "type", "last_contact", "created", "tag"}]
        + [Filter("province", _("Province"), "text"), Filter("industry", _("Industry"), "text")],
        sorts={name: order for name, order in SORTS.items() if name != "next_contact_at"},
        row_url=_customer_url,
        bulk=[BulkAction("claim", _("Claim"), "customers:claim_customers", "hand-grab")],
        empty=_("The pool is empty: every customer has an owner."),
        search_fields=("name",),
        card=("grade", "industry", "place"),
    )
)


def _contact_status(row: Contact) -> Any:
    return _("Has left") if row.has_left else ""


register(
    Listing(
        kind="contact",
        title=_("Contacts"),
        model=Contact,
        base=lambda person: Contact.objects.visible_to(person).kept().with_names("customer", "owner"),
        columns=[
            Column("name", _("Name"), "text", sort="name"),
            Column("customer", _("Customer"), "link", sort="customer__name", url=_of_customer),
            Column("title", _("Job title"), "text"),
            Column("department", _("Department"), "text", default=False),
            Column("mobile", _("Mobile"), "text"),
            Column("phone", _("Phone"), "text", default=False),
            Column("email", _("E-mail"), "text", sort="email"),
            Column("wechat", _("WeChat"), "text", default=False),
            Column("is_decision_maker", _("Decision maker"), "bool"),
            Column("status", _("Status"), "text", value=_contact_status, default=False),
            Column("owner", _("Owner"), "person", sort="owner__name"),
            Column("birthday", _("Birthday"), "date", default=False),
            Column("created_at", _("Created"), "date", sort="created_at", default=False),
        ],
        filters=[
            Filter("owner", _("Owner"), "person", field="owner_id"),
            Filter("team", _("Team"), "team", field="owner__team_id"),
            Filter("customer", _("Customer"), "reference", field="customer_id", visible=False),
            Filter("decision_maker", _("Decision maker"), "bool", field="is_decision_maker"),
            Filter("left", _("Left"), "date", field="left_at", visible=False),
            Filter("created", _("Created"), "date", field="created_at"),
        ],
        sorts={
            "name": ("name", "id"),
            "-name": ("-name", "-id"),
            "created_at": ("created_at", "id"),
            "-created_at": ("-created_at", "-id"),
        },
        row_url=lambda row: reverse("customers:contact", args=[row.pk]),
        create_route="customers:create_contact",
        create_label=_("New contact"),
        empty=_("Contacts are the people you speak with at your customers."),
        card=("customer", "title", "mobile"),
    )
)

register(
    Listing(
        kind="interaction",
        title=_("Interactions"),
        model=Interaction,
        base=lambda person: Interaction.objects.visible_to(person).with_names("customer", "contact", "by"),
        columns=[
            Column("content", _("What was said"), "text", value=str),
            Column("customer", _("Customer"), "link", url=_of_customer),
            Column("channel", _("How"), "text", path="get_channel_display", sort="channel"),
            Column("happened_at", _("When"), "datetime", sort="happened_at"),
            Column("by", _("By"), "person"),
            Column("next_contact_at", _("Next contact"), "datetime", sort="next_contact_at"),
            Column("contact", _("With"), "text", path="contact.name", default=False),
            Column("is_inbound", _("They came to us"), "bool", default=False),
            Column("minutes", _("Minutes"), "number", default=False),
        ],
        filters=[
            Filter("by", _("By"), "person", field="by_id"),
            Filter("team", _("Team"), "team", field="by__team_id"),
            Filter("channel", _("How"), "choice"),
            Filter("happened", _("When"), "date", field="happened_at"),
            Filter("next_contact", _("Next contact"), "date", field="next_contact_at"),
            Filter("customer", _("Customer"), "reference", field="customer_id", visible=False),
            Filter("about", _("About"), "text", field="subject_kind", lookup="exact", visible=False),
            Filter("about_id", _("About"), "number", field="subject_id", visible=False),
        ],
        sorts={
            "happened_at": ("happened_at", "id"),
            "-happened_at": ("-happened_at", "-id"),
            "next_contact_at": ("next_contact_at", "id"),
        },
        default_sort="-happened_at",
        row_url=lambda row: reverse("customers:interaction", args=[row.pk]),
        empty=_("Every call, visit and message with a customer is written down here."),
        card=("customer", "channel", "happened_at"),
    )
)

register(
    Listing(
        kind="visit",
        title=_("Visits"),
        model=Visit,
        base=lambda person: Visit.objects.visible_to(person).select_related("customer", "owner", "type", "interaction"),
        columns=[
            Column("customer", _("Customer"), "link", url=lambda row: reverse("customers:visit", args=[row.pk])),
            Column("planned_on", _("Day"), "date", sort="planned_on"),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda row: row.tone),
            Column("owner", _("Visitor"), "person"),
            Column("type", _("Kind of visit"), path="type.name"),
            Column("checked_in_at", _("Checked in"), "datetime", sort="checked_in_at"),
            Column("minutes", _("Minutes"), "number"),
            Column("distance_m", _("Distance, m"), "number"),
            Column("doubt", _("Doubt"), path="get_doubt_display", default=False),
            Column("was_planned", _("Planned beforehand"), "bool", default=False),
            Column("result", _("What came of it"), path="interaction.content", default=False),
        ],
        filters=[
            Filter("owner", _("Visitor"), "person", field="owner_id"),
            Filter("team", _("Team"), "team", field="owner__team_id"),
            Filter("status", _("Status"), "choice", choices=lambda viewer: Visit.Status.choices),
            Filter("planned", _("Day"), "date", field="planned_on"),
            Filter("checked_in", _("Checked in"), "date", field="checked_in_at"),
            Filter("far", _("Far from the customer"), "bool", field="is_far"),
            Filter(
                "grade", _("Grade"), "choice", field="customer__grade", choices=lambda viewer: Customer.Grade.choices
            ),
            Filter("customer", _("Customer"), "reference", field="customer_id", visible=False),
        ],
        sorts={
            "planned_on": ("planned_on", "id"),
            "-planned_on": ("-planned_on", "-id"),
            "checked_in_at": ("checked_in_at", "id"),
            "-checked_in_at": ("-checked_in_at", "-id"),
        },
        default_sort="-planned_on",
        row_url=lambda row: reverse("customers:visit", args=[row.pk]),
        search_fields=("customer__name", "purpose"),
        create_route="customers:plan_visit",
        create_label=_("Plan a visit"),
        empty=_("Plan visits here, or check in from a customer's page when you are there."),
        card=("customer", "planned_on", "status"),
    )
)
