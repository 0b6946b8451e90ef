"""Who may do what about forecasts and inspections."""

from salesmode.forecasts.models import ForecastSubmission
from salesmode.people.models import Person
from salesmode.people.permissions import may


def may_submit_forecast(by: Person, forecast: ForecastSubmission) -> bool:
    """May this person say what somebody, a team or the company will win?"""
    return may(by, "forecasts.submit_forecast", forecast)


def may_set_submission_cycle(by: Person) -> bool:
    """May this person decide when forecasts are submitted?"""
    return may(by, "forecasts.set_submission_cycle")


def may_attend_to_warnings(by: Person) -> bool:
    """May this person write down that warned deals were dealt with? Only the system, when it sees it."""
    return may(by, "forecasts.attend_to_warnings")


def may_set_inspection(by: Person) -> bool:
    """May this person decide what deals are inspected for?"""
    return may(by, "forecasts.set_inspection")
