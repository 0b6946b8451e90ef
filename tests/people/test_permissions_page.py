"""The settings page that shows permissions.toml."""

import re
import tomllib

import pytest

from salesmode.people import permissions
from salesmode.people.permissions import CLASSES, FILE, ROLES


def cells_on_the_page(html: str) -> dict[str, list[set[str]]]:
    """Read the table back: operation → for each role the classes shown."""
    rows = re.findall(r'<tr data-operation="([\w.]+)">(.*?)</tr>', html, re.S)
    return {
        operation: [
            set(CLASSES) if 'class="chip good"' in cell else set(re.findall(r'data-class="(\w+)"', cell))
            for cell in re.findall(r"<td>(.*?)</td>", row, re.S)
        ]
        for operation, row in rows
    }


class TestThePermissionsPage:
    def test_equals_the_file_cell_by_cell(self, client, ana):
        client.force_login(ana)
        shown = cells_on_the_page(client.get("/settings/permissions").content.decode())

        matrix = permissions.matrix()
        assert set(shown) == set(matrix)
        for operation, cells in shown.items():
            assert cells == [set(matrix[operation].get(role, ())) for role in ROLES], operation

    @pytest.mark.parametrize("role", ROLES)
    def test_shows_one_role_what_it_may(self, client, ana, role):
        client.force_login(ana)
        shown = cells_on_the_page(client.get(f"/settings/permissions?role={role}").content.decode())

        assert shown == {name: [set(cells[role])] for name, cells in permissions.matrix().items() if cells.get(role)}

    def test_has_a_word_for_everything_in_both_languages(self):
        words = tomllib.loads(FILE.read_text(encoding="utf-8"))["words"]
        named = {name for operation in permissions.matrix() for name in (operation, operation.partition(".")[0])}
        assert sorted(named - set(words)) == []
        assert all(len(pair) == 2 and all(pair) for pair in words.values())
