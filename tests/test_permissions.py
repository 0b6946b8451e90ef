"""The permission file against the house: nothing unlisted, nothing stale, and a denial changes nothing."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from salesmode.people import permissions
from salesmode.people.models import Person
from tests.belongings import address, make_all, names_in
from tests.test_house_rules import DOMAIN, PACKAGE, _is_verb, _offered, _tree

# Written on every request or kept by libraries: what a denied request may leave behind.
TRACES = (
    "django_session",
    "kernel_ratecount",
    "kernel_cache",
    "django_migrations",
    "kernel_idempotencykey",
)
# Pages where somebody only changes what is their own.
OWN = re.compile(r"^(account_|mfa_|socialaccount_|openid_connect_|usersessions_|None$)")


def routes(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, pattern) of every page."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, path, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", path


def pages() -> list[tuple[str, str]]:
    """Return every page of ours: no library's, no endpoint of the API."""
    return [(name, path) for name, path in routes() if not OWN.match(name) and not name.startswith("api:")]


def verbs() -> set[str]:
    """Return `app.verb` of every operation that says who and when."""
    found = set()
    for app in (*DOMAIN, "kernel"):
        folder = PACKAGE / app / "operations"
        offered = _offered(folder / "__init__.py") if folder.exists() else set()
        for file in folder.glob("*.py"):
            found |= {
                f"{app}.{node.name}"
                for node in _tree(file).body
                if isinstance(node, ast.FunctionDef) and node.name in offered and _is_verb(node)
            }
    return found


class TestTheFile:
    def test_lists_every_page(self):
        listed = permissions.routes()
        assert sorted(name for name, _path in pages() if name not in listed) == []

    def test_lists_every_endpoint(self):
        from salesmode.config.api import operation_ids

        listed = permissions.routes()
        assert sorted(name for name in operation_ids().values() if f"api:{name}" not in listed) == []

    def test_lists_every_operation(self):
        asked = set(re.findall(r'may\(\s*\w+,\s*"([a-z_]+\.[a-z_]+)"', _policies()))
        assert sorted(asked - set(permissions.matrix())) == []

    def test_lists_nothing_that_is_gone(self):
        from salesmode.config.api import operation_ids

        there = {name for name, _path in pages()} | {f"api:{name}" for name in operation_ids().values()}
        assert sorted(set(permissions.routes()) - there) == []

    def test_names_operations_that_exist(self):
        assert sorted(set(permissions.matrix()) - verbs()) == []

    def test_lets_the_auditor_write_nothing(self):
        allowed = {name for name, cells in permissions.matrix().items() if cells.get("auditor")}
        assert allowed <= OWN_MATTERS


OWN_MATTERS = {
    "people.amend_own_profile",
    "people.change_own_profile",
    "people.change_password",
    "people.create_token",
    "people.revoke_token",
    "people.note_token_use",
    "people.note_sign_in",
    "people.end_other_sessions",
    "people.issue_password_link",
    "workspace.save_view",
    "workspace.rename_view",
    "workspace.delete_view",
    "workspace.amend_view",
    "workspace.share_view",
    "workspace.read_notification",
    "workspace.read_notifications",
    "workspace.note_export",
    "workspace.make_export",
}


def _policies() -> str:
    rooms = [*PACKAGE.glob("*/policies.py"), *PACKAGE.glob("*/policies/*.py")]
    return "\n".join(file.read_text() for file in rooms)


def everything() -> dict[str, str]:
    """Return a fingerprint of every table."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - set(TRACES)
    prints = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t")
            prints[table] = cursor.fetchone()[0]
    return prints


@pytest.fixture
def made(renewal, northwind, ana, north, bo, system, tmp_path, settings) -> dict[str, Any]:
    """One of each thing, all of them Ana's."""
    settings.MEDIA_ROOT = tmp_path / "files"
    cast = {"ana": ana, "bo": bo, "north": north, "system": system, "northwind": northwind, "renewal": renewal}
    return make_all(cast)


def endpoints() -> list[tuple[str, str, str]]:
    """Return (operation, method, path below /api/v1) of everything that programs may ask."""
    from salesmode.config.api import api

    described = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        (operation["operationId"], method, path)
        for path, methods in described.items()
        for method, operation in methods.items()
    ]


@pytest.mark.django_db
class TestEveryDoor:
    def test_can_be_tried_with_a_record_of_somebodys(self, made):
        """Otherwise: say what stands for the name in tests/<app>/belongings.py."""
        unknown = {name for route, path in pages() for name in names_in(path) if address(route, path, made) is None}
        unknown |= {
            name for route, _method, path in endpoints() for name in names_in(path) if not address(route, path, made)
        }
        assert unknown == set()


@pytest.mark.django_db
class TestADeniedPost:
    """Whoever may not, changes nothing: not even before being refused."""

    @pytest.mark.parametrize("persona", ["anonymous", "cy", "fay"])
    def test_changes_nothing(self, client, made, persona, request, cy, fay):
        if persona != "anonymous":
            client.force_login(request.getfixturevalue(persona))
        loud, changed = [], []
        before = everything()
        for name, path in pages():
            there = address(name, path, made)
            if there is None or "<" not in path:
                continue
            answer = client.post(there, {"title": "Mine", "name": "Mine", "reason": "Mine", "content": "Mine"})
            if answer.status_code < 300 or answer.status_code >= 500:
                loud.append(f"{name} {answer.status_code}")
            if (after := everything()) != before:
                changed.append(f"{name}: {[table for table in after if after[table] != before[table]]}")
                before = after
        assert changed == []
        assert [each for each in loud if int(each[-3:]) >= 500] == []

    def test_is_told_apart_from_an_allowed_one(self, client, made, ana):
        """The control: the same addresses do change something for whoever may."""
        client.force_login(ana)
        before = everything()
        for name, path in pages():
            there = address(name, path, made)
            if there is not None and "<" in path:
                client.post(there, {"title": "Mine", "name": "Mine", "reason": "Mine", "content": "Mine"})
        assert everything() != before


@pytest.mark.django_db
class TestABulkPost:
    """Many at once is each by itself: foreign rows stay as they are."""

    @pytest.mark.parametrize("persona", ["cy", "fay"])
    def test_changes_no_foreign_row(self, client, made, persona, request):
        client.force_login(request.getfixturevalue(persona))
        forms = [(name, "/" + path) for name, path in pages() if "<" not in path and name not in STREAMS]
        selected = [str(made[key]) for key in ("deal_id", "customer_id", "lead_id", "contact_id", "order_id")]
        given = {
            "ids": selected,
            "to": made["person_id"],
            "stage": made["stage_id"],
            "tags": "mine",
            "confirmed": "yes",
        }
        changed = []
        for name, there in forms:
            before = everything()
            answer = client.post(there, given)
            assert answer.status_code < 500, name
            after = everything()
            changed += [f"{name}: {table}" for table in OWNED if after[table] != before[table]]
        assert changed == []


# People, products and the stages of a process are there for everybody who works here.
FOR_EVERYBODY = (
    "people:",
    "workspace:",
    "catalog:",
    "pay:plan",
    "modes:mode",
    "modes:practice",
    "targets:scorecard",  # how people are measured is no secret; whose numbers, is
    "selling:board_column",
    "selling:process",
)
OWNED = {"selling_deal", "selling_lead", "customers_customer", "customers_contact"}


@pytest.mark.django_db
class TestAForeignRecord:
    def test_looks_as_if_it_were_missing(self, client, made, cy):
        client.force_login(cy)
        shown = []
        for name, path in pages():
            there = address(name, path, made)
            if there is None or "<" not in path or name.startswith(FOR_EVERYBODY):
                continue
            answer = client.get(there)
            if answer.status_code == 200:
                shown.append(name)
        assert shown == []


@pytest.mark.django_db
class TestEveryRole:
    @pytest.mark.parametrize("role", [*permissions.ROLES])
    def test_opens_only_the_pages_listed_for_it(self, client, role, system, process):
        from salesmode.people import operations as people
        from tests.conftest import MONDAY

        person: Person = people.create_person(
            email=f"{role}@example.com", name="Some Body", role=role, by=system, at=MONDAY
        )
        client.force_login(person)
        wrong = []
        for name, path in pages():
            if "<" in path or name in STREAMS:
                continue
            answer = client.get("/" + path.replace("^", "").replace("$", ""))
            allowed = permissions.may_open(person, name)
            if answer.status_code >= 500 or (not allowed and answer.status_code not in (403, 404, 405)):
                wrong.append(f"{name} {answer.status_code}")
            if allowed and answer.status_code == 403:
                wrong.append(f"{name} refused")
        assert wrong == []


STREAMS = {"live", "kernel:live"}
