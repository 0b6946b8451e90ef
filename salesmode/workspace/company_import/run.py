"""Take over a company from a folder, in the order in which things depend on each other; twice makes nothing twice."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.forecasts import operations as forecasts
from salesmode.kernel.models import Company
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.workspace.company_import import repairs
from salesmode.workspace.company_import.company import currency_named, prepare_company
from salesmode.workspace.company_import.files import SourceFile, recognise
from salesmode.workspace.company_import.history import History
from salesmode.workspace.company_import.organisation import Organisation
from salesmode.workspace.company_import.records import Records
from salesmode.workspace.company_import.report import Report


class NothingRecognised(Refusal):
    """A folder in which no file says what it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_("No file is recognised by its columns: nothing was imported."))


class _Rehearsed(Exception):
    """Ends a rehearsal: everything is taken back."""


def import_company(
    folder: Path, *, by: Person, at: datetime, rehearse: bool = False, **settings: Any
) -> dict[str, Any]:
    """Build a company from a folder of exported files and say what was recognised, repaired, made and left out.

    Raises NothingRecognised. A rehearsal does everything and takes it back.
    """
    report = Report(is_rehearsal=rehearse)
    files = recognise(folder)
    report.files = [_describe(file) for file in files]
    if not any(file.role in ("customer", "deal", "contact", "product", "organisation") for file in files):
        raise NothingRecognised(folder)
    try:
        with transaction.atomic():
            _build(folder, files, report, by=by, at=at, settings=settings)
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass
    else:  # nobody should wait for the hour until the imported deals are looked at
        forecasts.learn_expectations(at=at)
        forecasts.refresh_warnings(at=at)
    return report.document()


def _describe(file: SourceFile) -> dict[str, Any]:
    found = {file.table.headers[position]: name for name, position in file.columns.items()} if file.table else {}
    unused = [file.table.headers[position] for position in file.kept_as_notes] if file.table else []
    rows = sum(1 for _row in file.table.rows()) if file.table else 0
    return {
        "file": file.path.name,
        "recognised_as": file.role,
        "rows": rows,
        "encoding": file.table.encoding if file.table else "",
        "columns": found,
        "kept_in_notes": unused,
    }


def _build(
    folder: Path, files: list[SourceFile], report: Report, *, by: Person, at: datetime, settings: dict[str, Any]
) -> None:
    one = {role: [file for file in files if file.role == role] for role in {file.role for file in files}}
    dictionary = "\n".join(
        " ".join(file.text(row, name) for name in ("table", "field", "description"))
        for file in one.get("dictionary", [])
        for _row_number, row in file.rows()
    )
    company = prepare_company(folder.name, dictionary, by=by, at=at, **settings)
    report.company = {
        "name": company.name,
        "language": company.language,
        "currency": company.currency,
        "time_zone": company.time_zone,
    }
    counted_in = currency_named(dictionary)
    foreign = "" if counted_in in ("", company.currency) else counted_in
    histories = [History(file, zone=company.zone, report=report) for file in one.get("deal", [])]
    begin = min([at, *(history.begin for history in histories if history.begin)])
    organisation = Organisation(domain=_domain(company), by=by, at=begin, report=report)
    records = Records(organisation=organisation, by=by, at=begin, zone=company.zone, report=report)
    if re.search(r"revenue.*in millions", dictionary, re.I):
        records.million = records.million * 1_000_000
        report.repair("revenue_unit", _("Annual revenue is in millions: it is kept in full."), file="", rows=0)
    for file in one.get("organisation", []):
        organisation.build(file)
    for file in one.get("product", []):
        records.take_products(file)
    for file in one.get("customer", []):
        records.take_customers(file)
    for file in one.get("contact", []):
        records.take_contacts(file)
    for history in histories:
        _take_history(history, organisation, records, report, dictionary, currency=foreign, by=by, begin=begin, at=at)
    for file in one.get("organisation", []):
        _name_the_idle(file, organisation, histories, report)
    for file in one.get("interaction", []):
        records.take_interactions(file)
    for file in one.get("ticket", []):
        rows = sum(1 for _row in file.rows())
        report.repair(
            "not_imported",
            _("%(rows)s tickets stay outside: there is no place for tickets yet.") % {"rows": f"{rows:,}"},
            file=file.path.name,
            rows=rows,
        )


def _take_history(
    history: History,
    organisation: Organisation,
    records: Records,
    report: Report,
    dictionary: str,
    *,
    currency: str,
    by: Person,
    begin: datetime,
    at: datetime,
) -> None:
    used = history.used("product")
    known = [product.name for product in records.products.values()]
    products = repairs.other_spellings(used, known)
    for wrong, right in products.items():
        sentence = _('Product "%(wrong)s" is taken for "%(right)s" in %(rows)s deals.') % {
            "wrong": wrong,
            "right": right,
            "rows": f"{used[wrong]:,}",
        }
        report.repair(
            "product_name", sentence, file=history.file.path.name, rows=used[wrong], **{"from": wrong, "to": right}
        )
    history.describe_gaps()
    history.define_processes(by=by, at=begin, dictionary=dictionary)
    history.take_deals(organisation=organisation, records=records, products=products, currency=currency, by=by, at=at)


def _name_the_idle(file: SourceFile, organisation: Organisation, histories: list[History], report: Report) -> None:
    busy = (
        sum((history.used("owner") for history in histories), start=type(histories[0].used("owner"))())
        if histories
        else None
    )
    idle = organisation.without_work(file, busy) if busy is not None else []
    if idle:
        sentence = _("%(count)s people have no deals: %(names)s. They are let in all the same.") % {
            "count": len(idle),
            "names": ", ".join(idle),
        }
        report.repair("people_without_deals", sentence, file=file.path.name, rows=len(idle), people=idle)


def _domain(company: Company) -> str:
    slug = "-".join(re.findall(r"[a-z0-9]+", company.name.lower())) or "company"
    return f"{slug}.invalid"
