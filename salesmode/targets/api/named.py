"""What bodies name: teams, which everybody may know."""

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Team


def load_team(team_id: int | None) -> Team | None:
    """Return the team that a body names; raises Invalid at the field when there is none."""
    if team_id is None:
        return None
    team = Team.objects.select_related("lead").filter(pk=team_id).first()
    if team is None:
        raise Invalid({"team_id": [_("There is no such record, or you may not see it.")]})
    return team
