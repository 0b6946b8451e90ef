"""Found and rearrange teams."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people import policies
from salesmode.people.events import TeamAmended, TeamCreated
from salesmode.people.models import Person, Team

# A lead sees everyone in the teams below; the person themselves is always in their own scope.
_REBUILD = """
with recursive under as (
    select id as top, id from people_team
    union
    select under.top, child.id from people_team child join under on child.parent_id = under.id
), pairs as (
    select team.lead_id as viewer_id, member.id as owner_id
    from under join people_team team on team.id = under.top join people_person member on member.team_id = under.id
    where team.lead_id is not null
    union
    select team.lead_id, below.lead_id
    from under join people_team team on team.id = under.top join people_team below on below.id = under.id
    where team.lead_id is not null and below.lead_id is not null
    union
    select id, id from people_person
), gone as (
    delete from people_personscope old where not exists (
        select 1 from pairs where pairs.viewer_id = old.viewer_id and pairs.owner_id = old.owner_id)
)
insert into people_personscope (viewer_id, owner_id) select viewer_id, owner_id from pairs on conflict do nothing
"""


def rebuild_scope() -> None:
    """Work out again who sees whose records; part of every change to teams, leads and membership."""
    hold_the_tree()
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD)


def hold_the_tree() -> None:
    """Let only one change at a time touch the tree of teams: two moves must not close a circle between them."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7301)")


@transaction.atomic
def create_team(*, name: str, parent: Team | None = None, lead: Person | None = None, by: Person, at: datetime) -> Team:
    """Found a team.

    Raises NotAllowed, Invalid when there is a team of this name in the same place.
    """
    require(policies.may_create_team(by))
    team = Team(name=name.strip(), parent=parent, lead=lead)
    _save_with_own_name(team, at=at)
    rebuild_scope()
    record(TeamCreated(**_facts(team)), by=by, at=at)
    return team


@transaction.atomic
def amend_team(team: Team, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> Team:
    """Rename or move a team, or give it another lead.

    Raises NotAllowed, Stale, Invalid when the team would be inside itself or share its name with a neighbour.
    """
    hold_the_tree()
    lock(team, version=version)
    require(policies.may_amend_team(by, team))
    former: dict[str, Any] = {"former_parent_id": team.parent_id, "former_lead_id": team.lead_id}
    names = changed(team, changes)
    if not names:
        return team
    _refuse_a_circle(team)
    _save_with_own_name(team, at=at)
    rebuild_scope()
    record(TeamAmended(**_facts(team), **former, changed=names), by=by, at=at)
    return team


def _save_with_own_name(team: Team, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            save(team, at=at)
    except IntegrityError as error:
        if "team_name_is_unique_within_its_parent" not in str(error):
            raise
        raise Invalid({"name": [_("There is a team of this name in the same place already.")]}) from None


def _refuse_a_circle(team: Team) -> None:
    above = team.parent
    while above is not None:
        if above.pk == team.pk:
            raise Invalid({"parent": [_("A team cannot be part of itself.")]})
        above = above.parent


def _facts(team: Team) -> dict[str, Any]:
    return {"team_id": team.pk, "parent_id": team.parent_id, "lead_id": team.lead_id}
