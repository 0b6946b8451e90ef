"""Who may do what to reviews: the person speaks for themselves, leaders for those below, nobody judges themselves."""

from salesmode.people.models import Person, PersonScope, Team
from salesmode.people.permissions import may
from salesmode.reviews.models import Review, ReviewSide


def may_define_review_template(by: Person) -> bool:
    """May this person decide what reviews ask?"""
    return may(by, "reviews.define_review_template")


def may_amend_review_template(by: Person) -> bool:
    """May this person change what reviews ask?"""
    return may(by, "reviews.amend_review_template")


def may_open_review_round(by: Person, team: Team | None) -> bool:
    """May this person begin a round: leaders for teams that they lead, others for all?"""
    return may(by, "reviews.open_review_round") and (by.role != Person.Role.MANAGER or leads(by, team))


def leads(person: Person, team: Team | None) -> bool:
    """Say whether a team is led by somebody, or by somebody whose people they see."""
    if team is None or team.lead_id is None:
        return False
    return team.lead_id == person.pk or PersonScope.objects.filter(viewer=person, owner_id=team.lead_id).exists()


def may_score_self(by: Person, review: Review) -> bool:
    """May this person write the own view? Only of themselves."""
    return may(by, "reviews.score_self", review)


def may_submit_self_review(by: Person, review: Review) -> bool:
    """May this person send the own view?"""
    return may(by, "reviews.submit_self_review", review)


def _judges(by: Person, review: Review, operation: str) -> bool:
    return may(by, operation, review) and by.pk != review.owner_id


def may_assess_review(by: Person, review: Review) -> bool:
    """May this person write the manager's view?"""
    return _judges(by, review, "reviews.assess_review")


def may_submit_review(by: Person, review: Review) -> bool:
    """May this person send the manager's view?"""
    return _judges(by, review, "reviews.submit_review")


def may_calibrate_review(by: Person, review: Review) -> bool:
    """May this person say a result otherwise?"""
    return _judges(by, review, "reviews.calibrate_review")


def may_tell_review(by: Person, review: Review) -> bool:
    """May this person let somebody know the result?"""
    return _judges(by, review, "reviews.tell_review")


def may_agree_review(by: Person, review: Review) -> bool:
    """May this person agree? Only for themselves."""
    return may(by, "reviews.agree_review", review)


def may_disagree_review(by: Person, review: Review) -> bool:
    """May this person disagree? Only for themselves."""
    return may(by, "reviews.disagree_review", review)


def may_answer_disagreement(by: Person, review: Review) -> bool:
    """May this person answer a disagreement?"""
    return _judges(by, review, "reviews.answer_disagreement")


def may_give_second_opinion(by: Person, review: Review) -> bool:
    """May this person say what they think besides the one who assessed?"""
    assessor = review.sides.filter(side=ReviewSide.Side.MANAGER).values_list("by_id", flat=True).first()
    return _judges(by, review, "reviews.give_second_opinion") and by.pk not in (assessor, review.leader_id)


def may_sign_review(by: Person, review: Review) -> bool:
    """May this person sign: the person for themselves, a leader for the company?"""
    return may(by, "reviews.sign_review", review)


def may_set_review_cycle(by: Person) -> bool:
    """May this person decide how often a team is reviewed?"""
    return may(by, "reviews.set_review_cycle")


def may_end_review_cycle(by: Person) -> bool:
    """May this person decide that a team is no longer reviewed like that?"""
    return may(by, "reviews.end_review_cycle")
