"""Deals from the files: the process they went through, and each with its dates, as it happened."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from salesmode.catalog.models import Product
from salesmode.customers.models import Contact, Customer
from salesmode.exchange import cells
from salesmode.exchange.cells import Unreadable
from salesmode.kernel.here import company
from salesmode.kernel.money import rounded
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, LossReason, Process, Stage
from salesmode.selling.operations.import_deals import DealRow
from salesmode.workspace.company_import.files import SourceFile
from salesmode.workspace.company_import.organisation import Organisation
from salesmode.workspace.company_import.records import Records, reason_of
from salesmode.workspace.company_import.report import Report

BATCH = 2_000
NOON = time(12)
_WON, _LOST = re.compile(r"\bwon\b|赢单|成交"), re.compile(r"\blost\b|输单|丢单|失败")
# The order of stages in common products; others come in the order of a dictionary file, or by how often they occur.
_ORDER = (
    "prospecting",
    "appointment scheduled",
    "qualified to buy",
    "engaging",
    "presentation scheduled",
    "decision maker bought-in",
    "contract sent",
)


@dataclass(frozen=True)
class Row:
    """One deal as its file has it."""

    number: int
    key: str
    title: str
    stage: str
    process: str
    opened: datetime | None
    closed: datetime | None
    amount: Decimal | None
    cells: dict[str, Any]


class History:
    """The deals of a company, with the process, the stages and the reasons found in them."""

    def __init__(self, file: SourceFile, *, zone: tzinfo, report: Report) -> None:
        self.file, self.zone, self.report = file, zone, report
        self.rows = list(self._read())
        self.days = [moment for row in self.rows for moment in (row.opened, row.closed) if moment]

    def _read(self) -> Iterator[Row]:
        file = self.file
        for number, row in file.rows():
            try:
                opened, closed = (
                    self._noon(row.get("created_at")),
                    self._noon(row.get("decided_at") or row.get("closes_on")),
                )
                amount = cells.without_noise(cells.as_number(row["amount"])) if file.text(row, "amount") else None
            except Unreadable as error:
                self.report.leave_out("deals", file.path.name, number, str(error))
                continue
            key = file.text(row, "external_key") or f"{file.path.name}:{number}"
            stage = file.text(row, "stage") or file.text(row, "outcome")
            yield Row(
                number, key, file.text(row, "title"), stage, file.text(row, "process"), opened, closed, amount, row
            )

    def _noon(self, raw: Any) -> datetime | None:
        """Return a day's noon: the same day in every zone that a company has."""
        return datetime.combine(cells.as_date(raw), NOON, tzinfo=self.zone) if cells.as_text(raw) else None

    def used(self, name: str) -> Counter[str]:
        """Count what a column says."""
        return Counter(self.file.text(row.cells, name) for row in self.rows)

    @property
    def begin(self) -> datetime | None:
        """The first day that any deal names."""
        return min(self.days, default=None)

    @property
    def end(self) -> datetime | None:
        """The last day on which anything happened."""
        return max((row.opened for row in self.rows if row.opened), default=None)

    def describe_gaps(self) -> None:
        """Say what the file leaves open and how it is understood."""
        name = self.file.path.name
        nameless = sum(not self.file.text(row.cells, "customer") for row in self.rows)
        undated = Counter(row.stage for row in self.rows if row.opened is None)
        priceless = sum(not row.amount for row in self.rows)
        if nameless:
            sentence = _("%(rows)s deals name no customer: they stay without one until somebody names it.") % {
                "rows": f"{nameless:,}"
            }
            self.report.repair("deals_without_customer", sentence, file=name, rows=nameless)
        for stage, rows in undated.items():
            sentence = _(
                "%(rows)s deals in %(stage)s have no date: they count as opened on the last day of the file, %(day)s."
            ) % {
                "rows": f"{rows:,}",
                "stage": stage,
                "day": f"{self.end:%Y-%m-%d}",
            }
            self.report.repair("deals_without_date", sentence, file=name, rows=rows, stage=stage)
        if priceless and "product" in self.file.columns:
            sentence = _(
                "%(rows)s deals that are open or lost have no amount: the list price of their product stands in."
            ) % {"rows": f"{priceless:,}"}
            self.report.repair("deals_without_amount", sentence, file=name, rows=priceless)

    @transaction.atomic
    def define_processes(self, *, by: Person, at: datetime, dictionary: str = "") -> None:
        """Write down the processes and stages that the deals went through, unless they are known."""
        for name in dict.fromkeys(row.process or "Sales pipeline" for row in self.rows):
            if Process.objects.filter(name=name).exists():
                self.report.existing["processes"] += 1
                continue
            rows = [row for row in self.rows if (row.process or "Sales pipeline") == name]
            stages = self._stages(Counter(row.stage for row in rows if not _decided(row.stage)), dictionary)
            won, lost = (sum(_decided(row.stage) == outcome for row in rows) for outcome in ("won", "lost"))
            rate = 100 * won / (won + lost) if won + lost else 50
            drafts = [
                selling.StageDraft(stage, round(Decimal(rate * position / len(stages))))
                for position, stage in enumerate(stages, 1)
            ]
            first = not Process.objects.filter(is_default=True).exists()
            selling.define_process(
                name=name, stages=drafts or [selling.StageDraft("Open", 50)], is_default=first, by=by, at=at
            )
            self.report.created["processes"] += 1
            self.report.created["stages"] += len(drafts) or 1

    @staticmethod
    def _stages(found: Counter[str], dictionary: str) -> list[str]:
        said = dictionary.casefold()

        def place(stage: str) -> tuple[int, int]:
            low = stage.casefold()
            if low in said:
                return (said.index(low), 0)
            return (10_000 + _ORDER.index(low), 0) if low in _ORDER else (20_000, -found[stage])

        return sorted((stage for stage in found if stage), key=place)

    def take_deals(
        self,
        *,
        organisation: Organisation,
        records: Records,
        products: dict[str, str],
        currency: str,
        by: Person,
        at: datetime,
    ) -> None:
        """Bring the deals in, many at a time, each with its stays and events on its own days."""
        known = set(Deal.objects.exclude(external_key="").values_list("external_key", flat=True))
        processes = {
            process.name: list(process.stages.order_by("position"))
            for process in Process.objects.prefetch_related("stages")
        }
        reasons = self._reasons(by=by, at=at)
        fresh = [row for row in self.rows if row.key not in known]
        self.report.existing["deals"] += len(self.rows) - len(fresh)
        for start in range(0, len(fresh), BATCH):
            drafts: list[DealRow] = []
            numbers: list[int] = []
            for row in fresh[start : start + BATCH]:
                try:
                    drafts.append(
                        self._draft(
                            row,
                            processes,
                            reasons,
                            organisation=organisation,
                            records=records,
                            products=products,
                            currency=currency,
                        )
                    )
                except Refusal as refusal:
                    self._leave_out(row.number, refusal)
                else:
                    numbers.append(row.number)

            def leave_out(place: int, refusal: Refusal, numbers: list[int] = numbers) -> None:
                self._leave_out(numbers[place - 1], refusal)

            self.report.created["deals"] += len(selling.import_deals(drafts, unfit=leave_out, by=by, at=at))

    def _leave_out(self, number: int, refusal: Refusal) -> None:
        self.report.leave_out("deals", self.file.path.name, number, reason_of(refusal))

    def _draft(
        self,
        row: Row,
        processes: dict[str, list[Stage]],
        reasons: dict[str, LossReason],
        *,
        organisation: Organisation,
        records: Records,
        products: dict[str, str],
        currency: str,
    ) -> DealRow:
        text = lambda name: self.file.text(row.cells, name)  # noqa: E731
        outcome = _decided(row.stage) or "open"
        stages = processes[row.process or "Sales pipeline"]
        stage = next((stage for stage in stages if stage.name == row.stage), stages[-1])
        customer: Customer | None = records.customer(text("customer"))
        contact: Contact | None = records.contact(text("contact"))
        product: Product | None = records.products.get(products.get(text("product"), text("product")).casefold())
        opened = row.opened or min(self.end or row.closed or organisation.at, row.closed or organisation.at)
        amount = row.amount
        if not amount:
            listed = product.price if product and product.price else Decimal(0)
            amount = rounded(listed, currency or company().currency)
        title = (
            row.title
            or " · ".join(part for part in (customer.name if customer else "", product.name if product else "") if part)
            or row.key
        )
        is_over = outcome != Deal.Outcome.OPEN
        details = {
            "external_key": row.key[:80],
            "contact": contact,
            "type": text("type")[:40],
            "source": text("source")[:80],
        }
        return DealRow(
            title=title[:200],
            owner=organisation.person(text("owner")),
            visits=[(stage, opened)],
            customer=customer,
            amount=amount,
            currency=currency,
            closes_on=row.closed.date() if row.closed else None,
            outcome=outcome,
            decided_at=max(row.closed or opened, opened) if is_over else None,
            loss_reason=reasons.get(text("loss_reason")) if outcome == Deal.Outcome.LOST else None,
            product=product,
            details=details,
        )

    def _reasons(self, *, by: Person, at: datetime) -> dict[str, LossReason]:
        """Return the reasons that the files name; where nobody has named any, people find the usual ones later."""
        reasons = {}
        for name in self.used("loss_reason"):
            if name:
                known = LossReason.objects.filter(name=name).first()
                reasons[name] = known or selling.define_loss_reason(name=name, by=by, at=at)
        if not LossReason.objects.exists():
            for name in selling.standard_loss_reasons(company().language):
                selling.define_loss_reason(name=name, by=by, at=at)
        return reasons


def _decided(stage: str) -> str:
    """Return won or lost for a stage that is no stage but an end."""
    low = stage.casefold()
    return "won" if _WON.search(low) else "lost" if _LOST.search(low) else ""
