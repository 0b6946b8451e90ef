"""Everything that changes reviews, plans, challenges and thanks."""

from salesmode.reviews.operations.challenges import cancel_challenge, finish_challenge, set_up_challenge
from salesmode.reviews.operations.cycles import end_review_cycle, open_due_rounds, set_review_cycle
from salesmode.reviews.operations.meetings import (
    agree_action,
    amend_meeting,
    decide_deal_in_meeting,
    drop_action,
    finish_action,
    hold_meeting,
    miss_meeting,
    plan_meeting,
)
from salesmode.reviews.operations.plans import (
    GoalDraft,
    StepDraft,
    check_in_on_plan,
    decide_improvement_plan,
    finish_plan_step,
    open_improvement_plan,
)
from salesmode.reviews.operations.recognition import (
    amend_badge,
    choose_display,
    define_badge,
    give_recognition,
    withdraw_recognition,
)
from salesmode.reviews.operations.reports import (
    acknowledge_report,
    amend_report,
    comment_on_report,
    keep_report_draft,
    remind_of_report,
    submit_report,
)
from salesmode.reviews.operations.results import (
    agree_review,
    answer_disagreement,
    calibrate_review,
    disagree_review,
    give_second_opinion,
    tell_review,
)
from salesmode.reviews.operations.rhythm import end_rhythm, set_rhythm
from salesmode.reviews.operations.rounds import open_review_round
from salesmode.reviews.operations.sides import (
    SideDraft,
    assess_review,
    score_self,
    submit_review,
    submit_self_review,
)
from salesmode.reviews.operations.signing import sign_review
from salesmode.reviews.operations.templates import LineDraft, amend_review_template, define_review_template

__all__ = [
    "GoalDraft",
    "LineDraft",
    "SideDraft",
    "StepDraft",
    "acknowledge_report",
    "agree_action",
    "agree_review",
    "amend_badge",
    "amend_meeting",
    "amend_report",
    "amend_review_template",
    "answer_disagreement",
    "assess_review",
    "calibrate_review",
    "cancel_challenge",
    "check_in_on_plan",
    "choose_display",
    "comment_on_report",
    "decide_deal_in_meeting",
    "decide_improvement_plan",
    "define_badge",
    "define_review_template",
    "disagree_review",
    "drop_action",
    "end_review_cycle",
    "end_rhythm",
    "finish_action",
    "finish_challenge",
    "finish_plan_step",
    "give_recognition",
    "give_second_opinion",
    "hold_meeting",
    "keep_report_draft",
    "miss_meeting",
    "open_due_rounds",
    "open_improvement_plan",
    "open_review_round",
    "plan_meeting",
    "remind_of_report",
    "score_self",
    "set_review_cycle",
    "set_rhythm",
    "set_up_challenge",
    "sign_review",
    "submit_report",
    "submit_review",
    "submit_self_review",
    "tell_review",
    "withdraw_recognition",
]
