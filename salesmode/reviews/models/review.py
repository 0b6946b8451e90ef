"""A review: one person, one period, from the first draft until both have signed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from salesmode.kernel import wording
from salesmode.kernel.models import Company, Record, RecordQuerySet
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Invalid, Refusal
from salesmode.people.models import Person, Team
from salesmode.reviews.models.seen import PersonalQuerySet
from salesmode.reviews.models.template import LineBase, ReviewTemplate


class ReviewLocked(Refusal):
    """Both have signed: nothing changes any more."""

    def __init__(self, review: "Review") -> None:
        super().__init__(_g("This review was signed by both and is locked; nothing in it changes any more."))


class NotYourTurn(Refusal):
    """The review is at another step."""

    def __init__(self, review: "Review") -> None:
        said = _g("That does not go now: the review is at the step “%(step)s”.")
        super().__init__(said % {"step": review.get_status_display()})


class SignedAlready(Refusal):
    """Each side signs once."""

    def __init__(self) -> None:
        super().__init__(_g("This side has signed already."))


class SelfReviewMissing(Refusal):
    """The person speaks first, until the day comes when it goes on without them."""

    def __init__(self, due_on: date | None) -> None:
        said = _g("The person has not sent their own view yet. From the day after %(day)s on it goes without it.")
        super().__init__(said % {"day": due_on or "—"})


class RoundQuerySet(RecordQuerySet):
    """Words for sets of rounds."""

    def visible_to(self, person: Any) -> Self:
        """Return the rounds in which there is a review that somebody may see."""
        return self.filter(pk__in=Review.objects.visible_to(person).values("round"))


class ReviewRound(Record):
    """A round of reviews: one form, one period, one team with those below or the whole company."""

    template = models.ForeignKey(ReviewTemplate, on_delete=models.PROTECT, related_name="rounds")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first = models.DateField(_("From"))
    until = models.DateField()
    label = models.CharField(_("Period"), max_length=40)
    due_on = models.DateField(_("Own view until"))
    grades = models.JSONField(default=list)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "team", "first", "until"], nulls_distinct=False, name="review_round_is_opened_once"
            ),
            models.CheckConstraint(name="review_round_lasts", condition=Q(first__lt=F("until"))),
        ]

    def __str__(self) -> str:
        return f"{self.template.name} · {wording.period(self.label)}"

    @property
    def period(self) -> Period:
        """Return the days that the round looks at."""
        return period_of(self.first, self.until)


def period_of(first: date, until: date) -> Period:
    """Return a period by its days: a month, quarter or year where it is one."""
    for grain in ("month", "quarter", "year"):
        whole = Period.containing(first, grain)
        if (whole.first, whole.until) == (first, until):
            return whole
    company = Company.objects.current()
    code = f"{first}..{until - timedelta(days=1)}"
    return Period(first, until, "days", code, company.zone, company.fiscal_year_starts_in)


class Review(Record):
    """How one person did in one period.

    `result` and `grade` are empty until they are told: what is being thought before that lies elsewhere.
    """

    class Status(models.TextChoices):
        """How far a review has come."""

        DRAFT = "draft", _("Own view is being written")
        SELF = "self_submitted", _("Own view sent")
        SUBMITTED = "submitted", _("With the manager")
        TOLD = "told", _("Told")
        AGREED = "agreed", _("Agreed")
        DISAGREED = "disagreed", _("Disagreed")
        ANSWERED = "answered", _("Disagreement answered")
        SECOND = "second_opinion", _("Second opinion given")
        LOCKED = "locked", _("Signed and locked")

    KNOWN_TO_THE_PERSON = (
        Status.TOLD,
        Status.AGREED,
        Status.DISAGREED,
        Status.ANSWERED,
        Status.SECOND,
        Status.LOCKED,
    )
    TO_BE_SIGNED = (Status.AGREED, Status.ANSWERED, Status.SECOND)

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("Round"))
    template = models.ForeignKey(ReviewTemplate, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("Person"))
    leader = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Manager")
    )
    first = models.DateField(_("From"))
    until = models.DateField()
    status = models.CharField(_("Step"), max_length=16, choices=Status.choices, default=Status.DRAFT)
    result = models.DecimalField(_("Result"), max_digits=9, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("Grade"), max_length=8, blank=True)
    told_at = models.DateTimeField(_("Told"), null=True, blank=True)
    disagreement = models.TextField(_("Disagreement"), blank=True)
    answer = models.TextField(_("Answer"), blank=True)
    opinion = models.TextField(_("Second opinion"), blank=True)
    opinion_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locked_at = models.DateTimeField(_("Locked"), null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "template", "first", "until"], name="one_review_for_a_period"),
            models.CheckConstraint(
                name="review_shows_no_result_before_it_is_told",
                condition=Q(told_at__isnull=False) | Q(result=None, grade=""),
            ),
            models.CheckConstraint(
                name="review_is_locked_with_a_time",
                condition=Q(status="locked", locked_at__isnull=False) | (~Q(status="locked") & Q(locked_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-first"], name="review_by_owner"),
            models.Index(fields=["-first", "-id"], name="review_by_period"),
        ]

    def __str__(self) -> str:
        return f"{self.owner.name} · {wording.period(self.round.label)}"

    @property
    def period(self) -> Period:
        """Return the days that are looked at."""
        return period_of(self.first, self.until)

    @property
    def is_locked(self) -> bool:
        """Whether both have signed."""
        return self.status == self.Status.LOCKED

    @property
    def is_told(self) -> bool:
        """Whether the person knows the result."""
        return self.told_at is not None

    def must_be(self, *steps: str) -> None:
        """Refuse at any other step; raises ReviewLocked, NotYourTurn."""
        if self.is_locked:
            raise ReviewLocked(self)
        if self.status not in steps:
            raise NotYourTurn(self)

    def mark_self_submitted(self) -> None:
        """Have the person's own view."""
        self.must_be(self.Status.DRAFT)
        self.status = self.Status.SELF

    def may_be_assessed(self, *, today: date) -> None:
        """Refuse a manager's view before the person's own, until that was due; raises as `must_be` does."""
        self.must_be(self.Status.DRAFT, self.Status.SELF)
        if self.status == self.Status.DRAFT and today <= self.round.due_on:
            raise SelfReviewMissing(self.round.due_on)

    def mark_submitted(self, *, today: date) -> None:
        """Have the manager's view; raises SelfReviewMissing."""
        self.may_be_assessed(today=today)
        self.status = self.Status.SUBMITTED

    def mark_told(self, result: Decimal | None, grade: str, *, at: datetime) -> None:
        """Let the person know."""
        self.must_be(self.Status.SUBMITTED)
        self.status, self.result, self.grade, self.told_at = self.Status.TOLD, result, grade, at

    def mark_agreed(self) -> None:
        """Be agreed to, at once or after an answer."""
        self.must_be(self.Status.TOLD, self.Status.ANSWERED)
        self.status = self.Status.AGREED

    def mark_disagreed(self, statement: str) -> None:
        """Be disagreed with, in the person's own words; raises Invalid without any."""
        self.must_be(self.Status.TOLD)
        self.disagreement = _said(statement, "statement")
        self.status = self.Status.DISAGREED

    def mark_answered(self, answer: str) -> None:
        """Have the manager's answer to a disagreement."""
        self.must_be(self.Status.DISAGREED)
        self.answer = _said(answer, "answer")
        self.status = self.Status.ANSWERED

    def mark_second_opinion(self, opinion: str, *, by: Person) -> None:
        """Have the opinion of the next leader."""
        self.must_be(self.Status.ANSWERED)
        self.opinion, self.opinion_by = _said(opinion, "opinion"), by
        self.status = self.Status.SECOND

    def mark_locked(self, *, at: datetime) -> None:
        """Stay as it is from now on."""
        self.must_be(*self.TO_BE_SIGNED)
        self.status, self.locked_at = self.Status.LOCKED, at


def _said(text: str, field: str) -> str:
    if not text.strip():
        raise Invalid({field: [_g("Say it in your own words.")]})
    return text.strip()


class ReviewLine(LineBase):
    """One line of a review; a number's reading is frozen with where it came from when the manager submits."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="lines")
    reading = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    points = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # Where the reading came from: question, how it is computed, up to when the numbers were loaded, address of records.
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_line_weighs_something", condition=Q(weight__gt=0, weight__lte=100)),
        ]
