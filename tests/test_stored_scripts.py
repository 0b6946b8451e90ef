"""Stored text stays text: whatever somebody typed, no page hands it to a browser as markup."""

import re

import pytest

from tests.belongings import address
from tests.hostile import MARK, RAN, TYPED, type_it_everywhere
from tests.test_permissions import STREAMS, pages
from tests.test_permissions import made as made

RUNS = re.compile(rf"<img src=x onerror|<script>{re.escape(MARK)}|(href|src|action)=[\"']?javascript:|{RAN}")


@pytest.mark.django_db
class TestWhatSomebodyTyped:
    def test_is_shown_and_never_run(self, client, made, ana, ed, gil):
        assert type_it_everywhere() > 60
        run, shown = [], set()
        for person in (ana, ed, gil):
            client.force_login(person)
            for name, path in pages():
                there = address(name, path, made)
                if there is None or name in STREAMS:
                    continue
                answer = client.get(there)
                if answer.status_code == 200 and not answer.streaming and "html" in answer.headers["Content-Type"]:
                    said = answer.content.decode()
                    run += [f"{there}: {said[max(found.start() - 60, 0) :][:160]}" for found in RUNS.finditer(said)]
                    shown |= {there} if "&lt;img src=x" in said else set()

        assert not run, "\n".join(run)
        assert len(shown) > 60

    def test_would_be_seen(self):
        """The control: as markup it is found."""
        assert len(RUNS.findall(TYPED + f'<a href="javascript:{MARK}">' + RAN)) == 4
