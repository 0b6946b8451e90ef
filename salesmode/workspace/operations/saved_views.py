"""Keep ways of looking at lists."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from salesmode.kernel.events import record
from salesmode.kernel.lists import LISTINGS
from salesmode.kernel.locking import changed, lock, require, save
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.workspace import policies
from salesmode.workspace.events import ViewAmended, ViewDeleted, ViewSaved
from salesmode.workspace.models import SavedView

Audience = SavedView.Audience
AMENDABLE = frozenset({"name", "query", "shared_with", "position"})


@transaction.atomic
def save_view(
    *, list_kind: str, name: str, query: str, shared_with: str = Audience.ME, by: Person, at: datetime
) -> SavedView:
    """Keep a list's filters, order and columns under a name.

    Raises NotAllowed, Invalid for a list that does not exist or a name already given.
    """
    require(policies.may_save_view(by))
    if list_kind not in LISTINGS:
        raise Invalid({"list_kind": [_("There is no such list.")]})
    _refuse_unknown_filters(list_kind, query, by)
    everybody = shared_with == Audience.COMPANY
    view = SavedView(owner=by, team_id=by.team_id, list_kind=list_kind, name=name, query=query)
    view.shared_with = Audience.ME if everybody else shared_with
    view.position = SavedView.objects.filter(owner=by, list_kind=list_kind).count()
    _save_checked(view, at=at)
    record(ViewSaved(**_facts(view)), by=by, at=at)
    return share_view_with_everybody(view, by=by, at=at) if everybody else view


@transaction.atomic
def amend_view(view: SavedView, *, by: Person, at: datetime, version: int | None = None, **changes: Any) -> SavedView:
    """Give a saved view another name, other filters, another audience or another place.

    Raises NotAllowed, Stale, Invalid.
    """
    lock(view, version=version)
    require(policies.may_amend_view(by, view))
    if unknown := changes.keys() - AMENDABLE:
        raise Invalid({field: [_("This cannot be changed.")] for field in sorted(unknown)})
    everybody = changes.get("shared_with") == Audience.COMPANY
    if everybody:
        del changes["shared_with"]
    if "query" in changes:
        _refuse_unknown_filters(view.list_kind, changes["query"], by)
    names = changed(view, changes)
    if names:
        _save_checked(view, at=at)
        record(ViewAmended(**_facts(view), changed=names), by=by, at=at)
    return share_view_with_everybody(view, by=by, at=at) if everybody else view


@transaction.atomic
def share_view_with_everybody(view: SavedView, *, by: Person, at: datetime) -> SavedView:
    """Put a view on everybody's list.

    Raises NotAllowed.
    """
    lock(view)
    require(policies.may_share_view_with_everybody(by, view))
    if view.shared_with != Audience.COMPANY:
        view.shared_with = Audience.COMPANY
        save(view, at=at)
        record(ViewAmended(**_facts(view), changed=["shared_with"]), by=by, at=at)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: Person, at: datetime) -> None:
    """Throw a saved view away.

    Raises NotAllowed.
    """
    lock(view)
    require(policies.may_delete_view(by, view))
    facts = _facts(view)
    view.delete()
    record(ViewDeleted(**facts), by=by, at=at)


def _refuse_unknown_filters(list_kind: str, query: str, by: Person) -> None:
    """Read the filters once: a view that its list would refuse is of no use to anybody."""
    LISTINGS[list_kind].query(QueryDict(query), by)


def _save_checked(view: SavedView, *, at: datetime) -> None:
    view.name = view.name.strip()
    wrong: dict[str, list[str]] = {}
    if not view.name or len(view.name) > 60:
        wrong["name"] = [_("Give the view a name of at most 60 characters.")]
    if len(view.query) > 2000:
        wrong["query"] = [_("These are too many filters to keep.")]
    if view.shared_with not in Audience.values:
        wrong["shared_with"] = [_("Choose who sees it.")]
    if wrong:
        raise Invalid(wrong)
    try:
        with transaction.atomic():
            save(view, at=at)
    except IntegrityError as error:
        if "view_name_is_unique_for_its_owner" not in str(error):
            raise
        raise Invalid({"name": [_("You have a view of this name already.")]}) from None


def _facts(view: SavedView) -> dict[str, Any]:
    return {
        "view_id": view.pk,
        "person_id": view.owner_id,
        "kind": view.list_kind,
        "shared_with": view.shared_with,
    }
