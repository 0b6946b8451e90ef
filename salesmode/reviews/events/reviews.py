"""What happens to reviews; never what was thought of somebody: results are told to them first."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from salesmode.kernel.events import Event


class ReviewTemplateDefined(Event):
    """A form for reviews was written down."""

    name: ClassVar[str] = "review_template.defined"
    review_template_id: int


class ReviewTemplateAmended(Event):
    """A form for reviews was changed; rounds that were opened keep theirs."""

    name: ClassVar[str] = "review_template.amended"
    review_template_id: int


class ReviewRoundOpened(Event):
    """A round of reviews began."""

    name: ClassVar[str] = "review_round.opened"
    review_round_id: int
    review_template_id: int
    team_id: int | None = None
    first: date
    until: date


class ReviewEvent(Event):
    """Something happened to somebody's review."""

    review_id: int
    person_id: int
    owner_id: int
    team_id: int | None = None
    review_round_id: int
    first: date
    until: date


class ReviewOpened(ReviewEvent):
    """Somebody has a review to fill in."""

    name: ClassVar[str] = "review.opened"


class ReviewDrafted(ReviewEvent):
    """One side wrote something down."""

    name: ClassVar[str] = "review.drafted"
    side: str


class ReviewSelfSubmitted(ReviewEvent):
    """Somebody sent their own view."""

    name: ClassVar[str] = "review.self_submitted"


class ReviewSubmitted(ReviewEvent):
    """The manager sent theirs, and the numbers were frozen."""

    name: ClassVar[str] = "review.submitted"


class ReviewCalibrated(ReviewEvent):
    """A result was said otherwise, with a reason."""

    name: ClassVar[str] = "review.calibrated"


class ReviewTold(ReviewEvent):
    """The person knows the result."""

    name: ClassVar[str] = "review.told"
    result: Decimal | None = None
    grade: str = ""


class ReviewAgreed(ReviewEvent):
    """The person agreed."""

    name: ClassVar[str] = "review.agreed"


class ReviewDisagreed(ReviewEvent):
    """The person did not agree, and said why."""

    name: ClassVar[str] = "review.disagreed"


class ReviewAnswered(ReviewEvent):
    """The manager answered a disagreement."""

    name: ClassVar[str] = "review.answered"


class ReviewSecondOpinionGiven(ReviewEvent):
    """The next leader said what they think."""

    name: ClassVar[str] = "review.second_opinion_given"
    result: Decimal | None = None
    grade: str = ""


class ReviewSigned(ReviewEvent):
    """One side signed."""

    name: ClassVar[str] = "review.signed"
    role: str


class ReviewLockedForGood(ReviewEvent):
    """Both have signed."""

    name: ClassVar[str] = "review.locked"
    result: Decimal | None = None
    grade: str = ""


class ReviewCycleEvent(Event):
    """How often a team is reviewed."""

    review_cycle_id: int
    review_template_id: int
    team_id: int | None = None
    grain: str
    starts_on: date


class ReviewCycleSet(ReviewCycleEvent):
    """From a day on, a team or the company is reviewed every so often."""

    name: ClassVar[str] = "review_cycle.set"


class ReviewCycleEnded(ReviewCycleEvent):
    """From a day on, that is over."""

    name: ClassVar[str] = "review_cycle.ended"
    ends_on: date
