"""Menu lines, palette commands, what waits for somebody today, and how the audit log tells it."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from salesmode.customers.timeline import names_of, sentence
from salesmode.kernel.panels import Command, MenuEntry, Panel, add_command, add_menu, add_panel
from salesmode.people.visibility import viewer
from salesmode.reviews.models import Challenge, Review
from salesmode.reviews.queries.waiting import waiting_for

PERFORMANCE, SETTINGS = _("Performance"), _("Settings")

add_menu(MenuEntry(PERFORMANCE, _("Leaderboards"), "reviews:leaderboards", "trophy", order=340))
add_menu(MenuEntry(PERFORMANCE, _("Challenges"), "reviews:challenges", "flame", order=342))
add_menu(MenuEntry(PERFORMANCE, _("Recognition"), "reviews:recognitions", "award", order=344))
add_menu(MenuEntry(PERFORMANCE, _("Reviews"), "reviews:reviews", "clipboard-check", order=350))
add_menu(MenuEntry(PERFORMANCE, _("Improvement plans"), "reviews:plans", "trending-up", order=352))
add_menu(MenuEntry(PERFORMANCE, _("Dependence"), "reviews:dependence", "chart-dots", order=356))
add_menu(MenuEntry(SETTINGS, _("Review forms"), "reviews:templates", "clipboard-list", order=93))
add_menu(MenuEntry(SETTINGS, _("Badges"), "reviews:badges", "medal", order=94))
add_command(Command(_("Reviews"), "reviews:reviews", "clipboard-check", "考核 绩效 kaohe review appraisal"))
add_command(Command(_("Leaderboards"), "reviews:leaderboards", "trophy", "排行榜 paihang leaderboard ranking"))
add_command(Command(_("Challenges"), "reviews:challenges", "flame", "挑战赛 tiaozhan challenge"))
add_command(Command(_("Recognition"), "reviews:recognitions", "award", "表扬 biaoyang badges thanks 徽章"))
add_command(Command(_("Improvement plans"), "reviews:plans", "trending-up", "改进计划 gaijin pip"))
add_command(Command(_("Dependence on individuals"), "reviews:dependence", "chart-dots", "个人依赖 yilai gini lorenz"))
add_command(Command(_("Thank somebody"), "reviews:thank", "plus", "表扬 感谢 thank praise", group=_("Create")))


def _waiting(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    found = waiting_for(viewer(request), today=localdate())
    return {"waiting": found} if found else None


add_panel(Panel("today.cards", "reviews", _("Reviews and plans"), _waiting, "reviews/waiting.html", order=60))

names_of(
    "review",
    lambda keys: {row.pk: str(row) for row in Review.objects.filter(pk__in=keys).select_related("owner", "round")},
    facts=["review_id"],
)
names_of(
    "challenge",
    lambda keys: dict(Challenge.objects.filter(pk__in=keys).values_list("pk", "name")),
    facts=["challenge_id"],
)

_TOLD = {
    "review_template.defined": ("clipboard-list", _("Wrote a review form down")),
    "review_template.amended": ("clipboard-list", _("Changed a review form")),
    "review_round.opened": ("clipboard-check", _("Began a round of reviews")),
    "review.opened": ("clipboard-check", _("A review was begun")),
    "review.drafted": ("pencil", _("Wrote in a review")),
    "review.self_submitted": ("send", _("Sent their own view")),
    "review.submitted": ("send", _("Sent the manager's view")),
    "review.calibrated": ("adjustments", _("Calibrated a result")),
    "review.told": ("message", _("Told the result")),
    "review.agreed": ("check", _("Agreed with the review")),
    "review.disagreed": ("hand-stop", _("Disagreed with the review")),
    "review.answered": ("messages", _("Answered the disagreement")),
    "review.second_opinion_given": ("users", _("Gave a second opinion")),
    "review.signed": ("writing", _("Signed the review")),
    "review.locked": ("lock", _("The review is locked")),
    "review_cycle.set": ("calendar", _("Set how often reviews come")),
    "review_cycle.ended": ("calendar", _("Ended a cycle of reviews")),
    "improvement_plan.opened": ("trending-up", _("Agreed on an improvement plan")),
    "improvement_plan.checked_in": ("message", _("Said how the plan goes")),
    "improvement_plan.step_done": ("check", _("Finished a step of a plan")),
    "improvement_plan.decided": ("flag", _("Decided an improvement plan")),
    "badge.defined": ("medal", _("Invented a badge")),
    "badge.amended": ("medal", _("Changed a badge")),
    "recognition.given": ("award", _("Thanked somebody")),
    "recognition.withdrawn": ("award", _("Took thanks back")),
    "display_choice.made": ("eye-off", _("Chose what others are shown")),
    "challenge.set_up": ("flame", _("Set up a challenge")),
    "challenge.finished": ("trophy", _("A challenge was counted")),
    "challenge.cancelled": ("flame", _("Called a challenge off")),
}
for _name, (_icon, _text) in _TOLD.items():
    sentence(_name, icon=_icon)(lambda moment, text=_text: text)  # type: ignore[misc]
