"""A deal: one chance to sell something to one customer."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.catalog.models import Product
from salesmode.customers.models import Contact, Customer
from salesmode.kernel.models import Record
from salesmode.kernel.money import UNIT_PRICE, rounded, unit_price
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person
from salesmode.people.visibility import OwnedQuerySet
from salesmode.selling.models.process import LossReason, Process, Stage


class DealAlreadyDecided(Refusal):
    """A decided deal is decided once."""

    def __init__(self, deal: "Deal") -> None:
        super().__init__(
            _g("%(deal)s was already %(outcome)s.")
            % {"deal": deal.title, "outcome": str(deal.get_outcome_display()).lower()}
        )


class DealStillOpen(Refusal):
    """Only a decided deal can be reopened."""

    def __init__(self, deal: "Deal") -> None:
        super().__init__(_g("%(deal)s is still open.") % {"deal": deal.title})


class StageOfAnotherProcess(Refusal):
    """A deal moves within its own process."""

    def __init__(self, deal: "Deal", stage: Stage) -> None:
        super().__init__(
            _g("%(stage)s is not a stage of the process of %(deal)s.") % {"stage": stage.name, "deal": deal.title}
        )


class DealQuerySet(OwnedQuerySet):
    """Words for sets of deals."""

    owner_fields = ("owner", "account_owner")

    def open(self) -> Self:
        """Return the deals that are not decided yet."""
        return self.filter(outcome=Deal.Outcome.OPEN)

    def won(self) -> Self:
        """Return the deals that customers said yes to."""
        return self.filter(outcome=Deal.Outcome.WON)

    def counting_for(self, period: Period, categories: Collection[str]) -> Self:
        """Return the deals that a forecast for a period counts: won in it (closed), or open and due in it."""
        won = Q(outcome=Deal.Outcome.WON, decided_at__gte=period.starts_at, decided_at__lt=period.ends_at)
        due = Q(outcome=Deal.Outcome.OPEN, closes_on__gte=period.first, closes_on__lt=period.until)
        wanted = due & Q(category__in=categories)
        return self.filter(won | wanted if "closed" in categories else wanted)


class Deal(Record):
    """One chance to sell something to one customer.

    `amount` is in the deal's currency, `company_amount` the same in the company's, kept for sorting and sums.
    """

    class Outcome(models.TextChoices):
        """How a deal ended, or that it has not."""

        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    title = models.CharField(_("Deal"), max_length=200)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("Customer")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="deals", verbose_name=_("Contact")
    )
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deals", verbose_name=_("Owner"))
    account_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="deals", verbose_name=_("Process"))
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deals", verbose_name=_("Stage"))
    stage_entered_at = models.DateTimeField(editable=False)
    probability = models.DecimalField(_("Probability, %"), max_digits=5, decimal_places=2, default=0)
    category = models.CharField(
        _("Forecast category"), max_length=12, choices=Stage.Category.choices, default=Stage.Category.PIPELINE
    )
    # What its owner thinks, kept beside what the stage says and never overwritten by it; `category` is what counts.
    own_category = models.CharField(
        _("Own forecast category"), max_length=12, choices=Stage.Category.choices, blank=True, default=""
    )
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3, default=0)
    currency = models.CharField(_("Currency"), max_length=3)
    company_amount = models.DecimalField(max_digits=18, decimal_places=3, default=0, editable=False)
    closes_on = models.DateField(_("Expected close"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=80, blank=True)
    type = models.CharField(_("Type"), max_length=40, blank=True)
    next_step = models.CharField(_("Next step"), max_length=300, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    outcome = models.CharField(_("Outcome"), max_length=5, choices=Outcome.choices, default=Outcome.OPEN)
    opened_at = models.DateTimeField(_("Opened"), editable=False)
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True, editable=False)
    loss_reason = models.ForeignKey(
        LossReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Why lost")
    )
    competitor = models.CharField(_("Lost to"), max_length=120, blank=True)
    push_count = models.PositiveSmallIntegerField(_("Times the close date was moved out"), default=0, editable=False)
    last_interaction_at = models.DateTimeField(null=True, blank=True, editable=False)
    external_key = models.CharField(_("Key in the former system"), max_length=80, blank=True)

    objects = DealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deal_has_a_date_once_decided",
                condition=Q(outcome="open", decided_at=None) | (~Q(outcome="open") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="won_deal_has_a_customer", condition=~Q(outcome="won") | Q(customer__isnull=False)
            ),
            models.CheckConstraint(name="deal_amount_is_not_negative", condition=Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["stage", "closes_on", "id"],
                include=["company_amount", "owner", "account_owner"],
                name="deal_board",
                condition=Q(outcome="open"),
            ),
            models.Index(
                fields=["owner", "stage", "closes_on", "id"], name="deal_board_by_owner", condition=Q(outcome="open")
            ),
            models.Index(fields=["owner", "-created_at", "-id"], name="deal_by_owner"),
            models.Index(fields=["account_owner", "-created_at", "-id"], name="deal_by_account_owner"),
            models.Index(fields=["-created_at", "-id"], name="deal_by_creation"),
            models.Index(fields=["-company_amount", "-id"], name="deal_by_amount"),
            models.Index(fields=["closes_on", "id"], name="deal_by_close"),
            models.Index(fields=["closes_on", "id"], name="deal_open_by_close", condition=Q(outcome="open")),
            models.Index(
                fields=["-company_amount", "-id"],
                name="deal_without_next_step",
                condition=Q(outcome="open", next_step=""),
            ),
            models.Index(fields=["-decided_at", "-id"], name="deal_by_decision"),
            models.Index(fields=["stage", "owner", "-created_at", "-id"], name="deal_by_stage_owner"),
            models.Index(fields=["owner", "stage", "-company_amount", "-id"], name="deal_by_owner_stage_amount"),
            models.Index(fields=["external_key"], name="deal_by_external_key", condition=~Q(external_key="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether this deal is not decided yet."""
        return self.outcome == self.Outcome.OPEN

    def days_in_stage(self, *, at: datetime) -> int:
        """Return for how many whole days the deal has been where it is, or was when it was decided."""
        return max(0, ((self.decided_at or at) - self.stage_entered_at).days)

    def warning(self, *, at: datetime, today: date) -> str:
        """Return the one thing about this open deal that its owner should look at first, or nothing."""
        if not self.is_open:
            return ""
        if self.closes_on and self.closes_on < today:
            return _g("Close date has passed.")
        days, expected = self.days_in_stage(at=at), self.stage.expected_days
        if expected and days > expected:
            return _g("%(days)s days in this stage, %(expected)s expected.") % {"days": days, "expected": expected}
        return "" if self.next_step else _g("No next step yet.")

    @property
    def weighted_amount(self) -> Decimal:
        """Return the amount times its probability, in the company's currency."""
        return self.company_amount * self.probability / 100

    def move_to(self, stage: Stage, *, at: datetime) -> None:
        """Enter another stage of the same process; raises DealAlreadyDecided, StageOfAnotherProcess."""
        if not self.is_open:
            raise DealAlreadyDecided(self)
        if stage.process_id != self.process_id:
            raise StageOfAnotherProcess(self, stage)
        self.stage, self.stage_entered_at = stage, at
        self.probability, self.category = Decimal(stage.probability), self.own_category or stage.category

    def estimate(self, *, probability: Decimal | None = None, category: str | None = None) -> None:
        """Know better than the stage how sure the deal is: a probability until it moves, a category until taken back.

        An empty category is the stage's again. Raises Invalid.
        """
        if probability is not None:
            if not 0 <= probability <= 100:
                raise Invalid({"probability": [_g("A probability is between 0 and 100 percent.")]})
            self.probability = probability
        if category is not None:
            self.own_category, self.category = category, category or self.stage.category

    def belong_to(self, customer: Customer | None) -> None:
        """Be a chance with this customer, whose owner sees it from now on; a contact elsewhere is forgotten."""
        if customer is None or customer.pk != self.customer_id:
            self.contact = None
        self.customer, self.account_owner_id = customer, customer.owner_id if customer else None

    def speak_with(self, contact: Contact | None) -> None:
        """Have a contact there; raises Invalid for somebody at another customer."""
        if contact is not None and contact.customer_id != self.customer_id:
            raise Invalid({"contact": [_g("This contact belongs to another customer.")]})
        self.contact = contact

    def give_to(self, owner: Person) -> None:
        """Belong to somebody else; stage, history and next step stay."""
        self.owner = owner

    def expect_close_on(self, day: date | None) -> None:
        """Expect the decision on another day; moving it out counts as a push."""
        if self.is_open and self.closes_on and day and day > self.closes_on:
            self.push_count += 1
        self.closes_on = day

    def mark_won(self, *, at: datetime) -> None:
        """Be won; raises DealAlreadyDecided, and Invalid while nobody knows whose deal it is."""
        if self.is_open and self.customer_id is None:
            raise Invalid({"customer": [_g("Name the customer before you win the deal.")]})
        self._decide(self.Outcome.WON, probability=Decimal(100), at=at)

    def mark_lost(self, *, reason: LossReason | None, competitor: str = "", at: datetime) -> None:
        """Be lost; raises DealAlreadyDecided."""
        self._decide(self.Outcome.LOST, probability=Decimal(0), at=at)
        self.loss_reason, self.competitor = reason, competitor

    def mark_open(self, *, stage: Stage, at: datetime) -> None:
        """Be open again, in a stage of its process; raises DealStillOpen."""
        if self.is_open:
            raise DealStillOpen(self)
        self.outcome, self.decided_at, self.loss_reason, self.competitor = self.Outcome.OPEN, None, None, ""
        self.move_to(stage, at=at)

    def _decide(self, outcome: str, *, probability: Decimal, at: datetime) -> None:
        if not self.is_open:
            raise DealAlreadyDecided(self)
        self.outcome, self.probability, self.decided_at = outcome, probability, at


class DealLine(models.Model):
    """One product on a deal: how many, at which price, with which discount."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("Product"))
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=3, default=1)
    price = models.DecimalField(_("Price"), **UNIT_PRICE)
    discount = models.DecimalField(_("Discount, %"), max_digits=5, decimal_places=2, default=0)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=3)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="deal_line_quantity_is_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="deal_line_discount_is_a_percentage", condition=Q(discount__range=(0, 100))),
        ]

    def work_out(self) -> None:
        """Work out the line's amount, rounded to the smallest unit of the deal's currency; raises Invalid."""
        if self.quantity <= 0:
            raise Invalid({"lines": [_g("A quantity is more than zero.")]})
        if self.price < 0:
            raise Invalid({"lines": [_g("A price is not negative.")]})
        unit_price(self.price, name="lines")
        if not 0 <= self.discount <= 100:
            raise Invalid({"lines": [_g("A discount is between 0 and 100 percent.")]})
        self.amount = rounded(self.quantity * self.price * (100 - self.discount) / 100, self.deal.currency)


class DealStay(models.Model):
    """One stay of a deal in a stage: when it entered and when it left."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="stays")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(left_at=None), name="deal_is_in_one_stage_at_a_time")
        ]
