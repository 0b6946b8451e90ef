"""Reviews, plans, challenges, leaderboards and thanks, reports and meetings for programs."""

from salesmode.reviews.api.plans import plans
from salesmode.reviews.api.recognition import challenges, leaderboards, recognitions
from salesmode.reviews.api.reviews import reviews
from salesmode.reviews.api.rhythm import meetings, reports

ROUTERS = {
    "reviews": reviews,
    "improvement-plans": plans,
    "leaderboards": leaderboards,
    "challenges": challenges,
    "recognitions": recognitions,
    "work-reports": reports,
    "meetings": meetings,
}

__all__ = ["ROUTERS"]
