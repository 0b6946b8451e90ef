"""What the simulation adds to other pages: its offer among the ways to begin."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from salesmode.kernel.panels import Panel, add_panel
from salesmode.simulation import policies, queries


def _offer(request: HttpRequest, record: Any) -> dict[str, Any]:
    return {"is_empty": queries.is_empty(), "is_on_its_way": queries.is_on_its_way()}


add_panel(
    Panel(
        "begin.offers",
        "demonstration",
        _("Look at the demonstration"),
        _offer,
        "simulation/offer.html",
        may_see=lambda person, record: policies.may_request_demonstration(person),
    )
)
