"""What holds and what is running: for the first page of pay, for deals and orders, and as a payslip."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from salesmode.exchange.cells import protect
from salesmode.kernel.wording import day as said_day
from salesmode.pay.models import CreditSplit, LedgerEntry, PayAccount, PlanAssignment
from salesmode.pay.queries.sentences import one_line
from salesmode.pay.queries.statements import StatementPage, rows_of
from salesmode.people.models import Person


@dataclass(frozen=True)
class InUse:
    """A plan that holds for somebody today."""

    assignment: PlanAssignment
    said: str


def plans_in_force(*, on: date) -> list[InUse]:
    """Return what holds for whom on a day. Two queries."""
    running = Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gt=on))
    rows = PlanAssignment.objects.filter(running).select_related("plan", "person", "team")
    found = []
    for row in rows.prefetch_related("plan__versions").order_by("team__name", "person__name", "pk"):
        held = next((version for version in row.plan.versions.all() if version.holds_on(on)), None)
        found.append(InUse(row, one_line(held.document) if held is not None else ""))
    return found


def this_month(*, today: date, most: int = 60) -> list[tuple[Person, Decimal]]:
    """Return who has earned what in the running month, the most first. Two queries."""
    month = today.replace(day=1)
    earned = LedgerEntry.objects.filter(period=month).exclude(rule="paid").order_by()
    totals = dict(earned.values_list("owner_id").annotate(total=Sum("amount")))
    people = Person.objects.filter(pk__in=totals).select_related("team")
    return sorted(((each, totals[each.pk]) for each in people), key=lambda pair: (-pair[1], pair[0].pk))[:most]


def commission_of(*, seen_by: Any, **sale: Any) -> dict[str, Any]:
    """Return what a deal or order paid, as far as somebody may see it, and who shares in it. Three queries."""
    entries = LedgerEntry.objects.visible_to(seen_by).filter(**sale).select_related("owner", "deal", "order__customer")
    rows = rows_of(entries.order_by("happened_on", "id")[:100])
    shares = list(CreditSplit.objects.filter(**sale).select_related("person").order_by("-percent", "pk"))
    concerned = {*(row.entry.owner_id for row in rows), *(share.person_id for share in shares)}
    return {
        "rows": [row for row in rows if not row.is_cancelled],
        "cancelled": [row for row in rows if row.is_cancelled],
        "total": sum((row.entry.amount for row in rows), Decimal()),
        "shares": shares,
        "is_stale": PayAccount.objects.filter(owner__in=concerned, is_stale=True).exists() if concerned else False,
    }


def payslip(page: StatementPage) -> bytes:
    """Write a month of somebody's pay as an Excel workbook; no cell is ever a formula."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        # The same statement makes the same file, whenever it is fetched.
        book.set_properties({"created": datetime(page.month.year, page.month.month, 1)})
        sheet = book.add_worksheet(f"{page.month:%Y-%m}")
        bold, amounts = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, 2, 16)
        sheet.set_column(3, 3, 36)
        sheet.set_column(4, 4, 14)
        sheet.set_column(5, 5, 70)
        sheet.write_string(0, 0, _("Payslip"), bold)
        for place, (label, value) in enumerate([(_("Person"), page.person.name), (_("Month"), f"{page.month:%Y-%m}"),
                                                (_("Currency"), page.currency)], start=1):  # fmt: skip
            sheet.write_string(place, 0, label)
            sheet.write_string(place, 1, protect(value))
        totals = [(_("Opening balance"), page.opening), (_("Earned"), page.earned), (_("Held back"), page.held),
                  (_("Draw"), page.draw), (_("Paid out"), page.paid), (_("Closing balance"), page.closing)]  # fmt: skip
        if page.statement is not None:
            totals.append((_("To be paid"), page.statement.due))
        for place, (label, amount) in enumerate(totals, start=5):
            sheet.write_string(place, 0, label)
            sheet.write_number(place, 1, float(amount), amounts)
        top = 6 + len(totals)
        headings = (_("Day"), _("Rule"), _("Earned in"), _("Sale"), _("Amount"), _("How it came about"))
        for place, heading in enumerate(headings):
            sheet.write_string(top, place, heading, bold)
        rows = [(group, row) for group in page.groups for row in group.rows]
        for line, (group, row) in enumerate(rows, start=top + 1):
            texts = (said_day(row.entry.happened_on), str(group.label), f"{row.entry.belongs_to:%Y-%m}", row.about)
            for place, text in enumerate(texts):
                sheet.write_string(line, place, protect(text))
            sheet.write_number(line, 4, float(row.entry.amount), amounts)
            sheet.write_string(line, 5, protect(row.why))
    return buffer.getvalue()
