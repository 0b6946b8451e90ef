"""Who may change what belongs to no app: asked of the permission file through the words that the settings name."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def may(by: Any, operation: str, record: Any = None) -> bool:
    """Ask the permission file."""
    return import_string(settings.ASK_MAY)(by, operation, record)


def may_open(person: Any, route: str) -> bool:
    """Ask the permission file whether somebody may open a page at all."""
    return import_string(settings.ASK_MAY_OPEN)(person, route)


def seen_owner_ids(person: Any) -> list[int] | None:
    """Return whose records a person may see; None for everybody's."""
    return import_string(settings.ASK_SEEN_OWNERS)(person)


def may_set_up_company(by: Any) -> bool:
    """May this person answer the first-run questions and change them later?"""
    return may(by, "kernel.amend_company")


def may_set_rate(by: Any) -> bool:
    """May this person enter exchange rates?"""
    return may(by, "kernel.set_currency_rate")


def may_define_custom_field(by: Any) -> bool:
    """May this person add fields to records, change them or take them out of use?"""
    return may(by, "kernel.define_custom_field")


def may_attach_file(by: Any, record: Any) -> bool:
    """May this person attach files to a record?"""
    return may(by, "kernel.attach_file", record)


def may_detach_file(by: Any, record: Any) -> bool:
    """May this person take files off a record?"""
    return may(by, "kernel.detach_file", record)
