"""Two people open the same form and both save: the second is told, and overwrites nothing."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import F
from django.test import Client
from django.urls import Resolver404, resolve

from salesmode.pay.models import CreditSplit
from tests.belongings import address
from tests.conftest import MONDAY
from tests.forms import Form, forms_of
from tests.test_permissions import STREAMS, everything, pages
from tests.test_permissions import made as made

# What people keep for themselves, or what is added to and never overwritten: there is nothing to lose.
NOT_SHARED = {"workspace:amend_view"}


def _forms(client: Client, made: dict) -> Iterator[tuple[str, Form]]:
    """Yield each form that changes something, with the name of the page that it is sent to."""
    seen = set()
    for name, path in pages():
        there = address(name, path, made)
        if there is None or name in STREAMS:
            continue
        answer = client.get(there)
        if answer.status_code != 200 or answer.streaming or b"<form" not in answer.content:
            continue
        for form in forms_of(answer.content.decode()):
            form.action = form.action or there
            known = (form.action, tuple(form.fields))
            try:
                target = resolve(form.action.partition("?")[0]).view_name
            except Resolver404:
                continue
            if known not in seen:
                seen.add(known)
                yield target, form


# What a browser would ask for before it sends these.
ASKED = {"reason": "Because", "note": "Because", "name": "A name", "ends_on": "2027-01-31", "valid_until": "2027-01-31"}


def _filled(form: Form, made: dict) -> Form:
    """Fill in what is empty in a form that says its version."""
    for name, values in form.fields.items():
        if values == [""] and name == "reason" and form.action.endswith("/lose"):
            form.fields[name] = [str(made["reason_id"])]
        elif values == [""] and name in ASKED:
            form.fields[name] = [ASKED[name]]
        elif values == [""] and name == "to":
            form.fields[name] = [str(made["person_id"])]
    return form


@pytest.fixture(params=["ana", "bo", "ed", "gil"])
def found(request, client, made) -> list[tuple[str, Form]]:
    """The forms that somebody meets, and somebody else saves everything meanwhile."""
    client.force_login(request.getfixturevalue(request.param))
    forms = [(name, _filled(form, made)) for name, form in _forms(client, made)]
    for model in apps.get_models():
        if "version" in {field.name for field in model._meta.local_concrete_fields}:
            model._base_manager.update(version=F("version") + 1)
    # Shares of credit are replaced as a whole: their version is the newest of them.
    for target in ("deal_id", "order_id"):
        share = {"person_id": made["person_id"], "percent": 100, target: made[target]}
        CreditSplit(**share, created_at=MONDAY, updated_at=MONDAY).save()
    return forms


@pytest.mark.django_db
class TestAFormOfAnOlderVersion:
    def test_is_refused_and_overwrites_nothing(self, client, found):
        before, tried, wrong = everything(), 0, []
        for name, form in found:
            if form.fields.get("version", [""]) == [""]:
                continue
            tried += 1
            answer = client.post(form.action, form.fields)
            if answer.status_code != 412:
                wrong.append(f"{name} {form.action} answers {answer.status_code} to {form.fields}")
            if (after := everything()) != before:
                wrong.append(f"{name} changed {[table for table in after if after[table] != before[table]]}")
                before = after
        assert not wrong, "\n".join(wrong)
        assert tried > 5

    def test_says_which_version_it_was_made_from(self, found):
        silent = {
            name
            for name, form in found
            if ("amend" in name or "edit" in form.action) and "version" not in form.fields and name not in NOT_SHARED
        }
        assert silent == set()
