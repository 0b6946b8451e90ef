"""The web door of required target sheets."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel.pages import toast
from salesmode.people.models import Team
from salesmode.people.visibility import viewer
from salesmode.targets import operations
from salesmode.targets.models.whose import teams_led_by


@require_POST
@login_required
def confirm_target_sheet(request: HttpRequest, team_id: int) -> HttpResponse:
    """Say that a team's targets were gone over for this quarter."""
    person = viewer(request)
    teams = Team.objects.select_related("lead")
    if not person.sees_all:
        teams = teams.filter(pk__in=teams_led_by(person))
    team = get_object_or_404(teams, pk=team_id)
    operations.confirm_target_sheet(team, by=person, at=now())
    toast(request, _("The targets of %(team)s are confirmed for this quarter.") % {"team": team.name})
    return redirect("workspace:today")
