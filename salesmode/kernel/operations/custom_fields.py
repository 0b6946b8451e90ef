"""Add fields to kinds of records, change them, take them out of use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from salesmode.kernel import policies
from salesmode.kernel.custom_fields import kinds
from salesmode.kernel.events import Actor, record
from salesmode.kernel.locking import changed, fit, lock, require, save
from salesmode.kernel.models import CustomField
from salesmode.kernel.own_events import CustomFieldAmended, CustomFieldDefined, CustomFieldRetired
from salesmode.kernel.refusals import Invalid

MAY_CHANGE = frozenset({"label_zh", "label_en", "choices", "is_required", "position", "is_active"})
MOST_CHOICES = 500


@transaction.atomic
def define_custom_field(
    *,
    kind: str,
    key: str,
    type: str,
    label_zh: str = "",
    label_en: str = "",
    choices: Sequence[str] = (),
    is_required: bool = False,
    position: int = 0,
    by: Actor,
    at: datetime,
) -> CustomField:
    """Add a field to a kind of record.

    Raises Invalid, also when the kind has such a field already; NotAllowed.
    """
    require(policies.may_define_custom_field(by))
    if kind not in kinds():
        raise Invalid({"kind": [_("Records of this kind have no custom fields.")]})
    field = CustomField(kind=kind, key=key, type=type, is_required=is_required, position=position)
    field.label_zh, field.label_en, field.choices = label_zh or label_en, label_en or label_zh, list(choices)
    _check(field)
    try:
        with transaction.atomic():
            save(field, at=at)
    except IntegrityError:
        raise Invalid({"key": [_("There is a field with this key already.")]}) from None
    record(CustomFieldDefined(**_facts(field)), by=by, at=at)
    return field


@transaction.atomic
def amend_custom_field(
    field: CustomField, *, by: Actor, at: datetime, version: int | None = None, **changes: Any
) -> CustomField:
    """Change a field's labels, choices or place, or bring it back into use; its key and type stay for good.

    Raises Invalid, NotAllowed, Stale.
    """
    lock(field, version=version)
    require(policies.may_define_custom_field(by))
    if fixed := changes.keys() - MAY_CHANGE:
        raise Invalid({name: [_("This cannot be changed; add another field instead.")] for name in sorted(fixed)})
    names = changed(field, changes)
    if not names:
        return field
    _check(field)
    save(field, at=at)
    record(CustomFieldAmended(**_facts(field), changed=names), by=by, at=at)
    return field


@transaction.atomic
def retire_custom_field(field: CustomField, *, by: Actor, at: datetime, version: int | None = None) -> CustomField:
    """Take a field out of use; what it held stays and comes back with it.

    Raises NotAllowed, Stale.
    """
    lock(field, version=version)
    require(policies.may_define_custom_field(by))
    if not field.is_active:
        return field
    field.is_active = False
    save(field, at=at)
    record(CustomFieldRetired(**_facts(field)), by=by, at=at)
    return field


def _check(field: CustomField) -> None:
    fit(field)
    if not isinstance(field.choices, list) or not all(isinstance(choice, str) for choice in field.choices):
        raise Invalid({"choices": [_("Give the choices as a list of texts.")]})
    field.choices = list(dict.fromkeys(choice.strip() for choice in field.choices if choice.strip()))
    if field.has_choices and not 0 < len(field.choices) <= MOST_CHOICES:
        raise Invalid({"choices": [_("Give 1 to %(most)s choices.") % {"most": MOST_CHOICES}]})
    if any(len(choice) > 200 or "\x00" in choice for choice in field.choices):
        raise Invalid({"choices": [_("A choice has at most 200 characters.")]})


def _facts(field: CustomField) -> dict[str, Any]:
    return {
        "custom_field_id": field.pk,
        "kind": field.kind,
        "key": field.key,
        "type": field.type,
        "is_required": field.is_required,
    }
