"""Reviews, plans, challenges and thanks as lists: for pages, API, export and saved views."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import Column, Filter, Listing, register
from salesmode.people.models import Person
from salesmode.reviews.models import Badge, Challenge, ImprovementPlan, Recognition, Review, ReviewTemplate

STEP_TONES = {
    "draft": "", "self_submitted": "info", "submitted": "attention", "told": "accent", "agreed": "accent",
    "disagreed": "wrong", "answered": "attention", "second_opinion": "attention", "locked": "good",
}  # fmt: skip
PLAN_TONES = {"open": "info", "reached": "good", "not_reached": "wrong"}
CHALLENGE_TONES = {"running": "info", "finished": "good", "cancelled": ""}


def _reviews(person: Person) -> QuerySet[Review]:
    found = Review.objects.visible_to(person).select_related("owner", "leader", "round", "template")
    return found.defer("disagreement", "answer", "opinion")


def _plans(person: Person) -> QuerySet[ImprovementPlan]:
    return ImprovementPlan.objects.visible_to(person).select_related("owner", "leader")


def _challenges(person: Person) -> QuerySet[Challenge]:
    return Challenge.objects.visible_to(person).select_related("owner", "badge")


def _recognitions(person: Person) -> QuerySet[Recognition]:
    return Recognition.objects.visible_to(person).select_related("owner", "giver", "badge")


def _last_day(row: Any) -> Any:
    return row.until - timedelta(days=1)


# What a review's manager thinks is in none of these columns: the result is empty until it is told.
register(
    Listing(
        kind="review",
        title=_("Reviews"),
        model=Review,
        base=_reviews,
        columns=[
            Column("owner", _("Person"), "person", sort="owner_id"),
            Column("period", _("Period"), "period", "round.label", sort="first"),
            Column("template", _("Review form"), path="template.name"),
            Column("status", _("Step"), "chip", "get_status_display", tone=lambda row: STEP_TONES[row.status]),
            Column("leader", _("Manager"), "person"),
            Column("result", _("Result"), "number"),
            Column("grade", _("Grade")),
            Column("told_at", _("Told"), "datetime", default=False),
            Column("locked_at", _("Locked"), "datetime", default=False),
            Column("first", _("From"), "date", default=False),
            Column("last", _("To"), "date", value=_last_day, default=False),
        ],
        filters=[
            Filter("owner", _("Person"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("status", _("Step"), choices=lambda: Review.Status.choices),
            Filter("leader", _("Manager"), "person"),
            Filter(
                "template",
                _("Review form"),
                "reference",
                choices=lambda: [(row.pk, row.name) for row in ReviewTemplate.objects.order_by("name")],
            ),
            Filter("round", _("Round"), "reference", visible=False),
            Filter("first", _("From"), "date", visible=False),
            Filter("grade", _("Grade"), "text", visible=False, lookup="iexact"),
        ],
        sorts={
            "first": ("first", "id"),
            "period": ("first", "id"),
            "owner": ("owner_id", "first", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-first",
        row_url=lambda row: f"/reviews/{row.pk}",
        search_fields=("owner__name", "round__label", "template__name"),
        empty=_("No reviews yet. A round gives everybody in a team a form for a period."),
        create_route="reviews:open_round",
        create_label=_("Begin a round"),
        card=("owner", "period", "status", "grade"),
    )
)

register(
    Listing(
        kind="improvementplan",
        title=_("Improvement plans"),
        model=ImprovementPlan,
        base=_plans,
        columns=[
            Column("owner", _("Person"), "person", sort="owner_id"),
            Column("reason", _("Why")),
            Column("starts_on", _("From"), "date", sort="starts_on"),
            Column("ends_on", _("Until"), "date", sort="ends_on"),
            Column("outcome", _("Outcome"), "chip", "get_outcome_display", tone=lambda row: PLAN_TONES[row.outcome]),
            Column("leader", _("Agreed with"), "person"),
            Column("decided_at", _("Decided"), "datetime", default=False),
        ],
        filters=[
            Filter("owner", _("Person"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter("outcome", _("Outcome"), choices=lambda: ImprovementPlan.Outcome.choices),
            Filter("ends_on", _("Until"), "date"),
        ],
        sorts={
            "starts_on": ("starts_on", "id"),
            "ends_on": ("ends_on", "id"),
            "owner": ("owner_id", "starts_on", "id"),
            "created_at": ("created_at", "id"),
        },
        default_sort="-starts_on",
        row_url=lambda row: f"/improvement-plans/{row.pk}",
        search_fields=("owner__name", "reason"),
        empty=_("No improvement plans. A plan names what is to become better, in which steps, and until when."),
        create_route="reviews:open_plan",
        create_label=_("New improvement plan"),
        card=("owner", "reason", "ends_on", "outcome"),
    )
)

register(
    Listing(
        kind="challenge",
        title=_("Challenges"),
        model=Challenge,
        base=_challenges,
        columns=[
            Column("name", _("Challenge")),
            Column("metric", _("Metric"), path="metric_label"),
            Column("rule", _("Who wins"), path="get_rule_display"),
            Column("first", _("From"), "date", sort="first"),
            Column("last", _("To"), "date", value=_last_day, sort="until"),
            Column("status", _("Status"), "chip", "get_status_display", tone=lambda row: CHALLENGE_TONES[row.status]),
            Column("badge", _("Badge"), path="badge.name"),
            Column("reward", _("Reward"), default=False),
            Column("owner", _("Set up by"), "person", default=False),
        ],
        filters=[
            Filter("status", _("Status"), choices=lambda: Challenge.Status.choices),
            Filter("owner", _("Set up by"), "person", visible=False),
        ],
        sorts={"first": ("first", "id"), "last": ("until", "id"), "created_at": ("created_at", "id")},
        default_sort="-last",
        row_url=lambda row: f"/challenges/{row.pk}",
        search_fields=("name", "reward"),
        empty=_("No challenges yet. A challenge has a period, people, a number, and something to win."),
        create_route="reviews:set_up_challenge",
        create_label=_("New challenge"),
        card=("name", "metric", "status", "last"),
    )
)

register(
    Listing(
        kind="recognition",
        title=_("Recognition"),
        model=Recognition,
        base=_recognitions,
        columns=[
            Column("given_at", _("When"), "datetime", sort="given_at"),
            Column("owner", _("Who"), "person"),
            Column("text", _("For what")),
            Column("badge", _("Badge"), path="badge.name"),
            Column("giver", _("From"), "person"),
        ],
        filters=[
            Filter("owner", _("Who"), "person"),
            Filter("giver", _("From"), "person"),
            Filter("team", _("Team"), "team", "owner__team"),
            Filter(
                "badge",
                _("Badge"),
                "reference",
                choices=lambda: [(row.pk, row.name) for row in Badge.objects.order_by("name")],
            ),
            Filter("given_at", _("When"), "date"),
        ],
        sorts={"given_at": ("given_at", "id"), "created_at": ("created_at", "id")},
        default_sort="-given_at",
        search_fields=("owner__name", "text"),
        empty=_("Nobody has been thanked yet. Be the first."),
        create_route="reviews:thank",
        create_label=_("Thank somebody"),
        card=("owner", "text", "badge", "given_at"),
    )
)
