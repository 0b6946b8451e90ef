"""Every page in a real browser: it reads well to everybody, fits a phone, and the browser has nothing to complain."""

import pytest

from salesmode.people import operations as people
from salesmode.people import permissions
from tests.belongings import address
from tests.browser import axe
from tests.conftest import MONDAY
from tests.hostile import type_it_everywhere
from tests.test_permissions import STREAMS, pages
from tests.test_permissions import made as made

pytestmark = pytest.mark.django_db(transaction=True)

RAN = """() => [
  ...(window.__ran === undefined ? [] : ["a script"]),
  ...[...document.querySelectorAll("[onerror], script:not([src]), [href^='javascript:']")]
    .map((each) => each.outerHTML),
]"""
THEMES = ("light", "dark")
RAIL = "[...document.querySelectorAll('nav a[href]')].map((each) => each.getAttribute('href'))"
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 3).map((each) => `${each.tagName}.${each.className} ${each.getBoundingClientRect().right}`);
}"""


class TestTheRail:
    @pytest.mark.parametrize(("place", "role"), [*enumerate(permissions.ROLES)])
    def test_leads_to_pages_that_everybody_can_read(self, visitor, made, north, system, place, role):
        person = people.create_person(
            email=f"{role}@example.com", name="Some Body", role=role, team=north, by=system, at=MONDAY
        )
        guest = visitor(person, language=("en", "zh-hans")[place % 2])
        assert guest.goes_to("/")
        wrong, there = [], sorted({each for each in guest.page.evaluate(RAIL) if each.startswith("/")})
        for number, line in enumerate(there):
            assert guest.goes_to(line), line
            found = axe.faults(guest.page, theme=THEMES[(number + place) % 2])
            wrong += [f"{line} {fault}" for fault in sorted(found)]
            wrong += [f"{line} {complaint}" for complaint in guest.complaints]

        assert len(there) > 8
        assert not wrong, "\n".join(wrong)


class TestEveryPage:
    def test_fits_a_phone_reads_well_and_runs_nothing_that_was_typed(self, visitor, made, ana, ed, gil):
        assert type_it_everywhere() > 60
        wrong, seen = [], set()
        for person, language in ((ana, "zh-hans"), (ed, "en"), (gil, "en")):
            guest = visitor(person, width=390, language=language)
            for name, path in pages():
                there = address(name, path, made)
                if there is None or there in seen or name in STREAMS or name in LEFT_OUT:
                    continue
                if not guest.is_shown(there) or not guest.goes_to(there):
                    continue
                seen.add(there)
                wrong += [f"{name} {there} too wide: {each}" for each in guest.page.evaluate(TOO_WIDE)]
                found = axe.faults(guest.page, theme=THEMES[len(seen) % 2])
                wrong += [f"{name} {there} {fault}" for fault in sorted(found)]
                wrong += [f"{name} {there} {complaint}" for complaint in guest.complaints]
                wrong += [f"{name} {there} ran {what}" for what in guest.page.evaluate(RAN)]

        assert len(seen) > 120
        assert not wrong, "\n".join(wrong)


# These turn the reader's own switches.
LEFT_OUT = {"workspace:language", "workspace:theme"}
