"""Reviews, plans, challenges, leaderboards and thanks for programs."""

from salesmode.reviews.api.plans import plans
from salesmode.reviews.api.recognition import challenges, leaderboards, recognitions
from salesmode.reviews.api.reviews import reviews

ROUTERS = {
    "reviews": reviews,
    "improvement-plans": plans,
    "leaderboards": leaderboards,
    "challenges": challenges,
    "recognitions": recognitions,
}

__all__ = ["ROUTERS"]
