"""For whom a row of a file or a pasted table is, by the words that people write for it."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _g

from salesmode.catalog.models import Product
from salesmode.customers.models import Customer
from salesmode.kernel.here import company
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person, Team
from salesmode.targets.models import Whose

COMPANY = frozenset(
    {"", "company", "the whole company", "whole company", "公司", "全公司", "总公司", "合计", "总计", "total"}
)
MOST_REGIONS = 2_000


class Names:
    """Everybody and everything that a target can be for, by name; read once for many rows. Four queries."""

    def __init__(self, by: Person) -> None:
        self.found: dict[tuple[str, str], dict[Any, Whose]] = defaultdict(dict)
        for team in Team.objects.select_related("lead", "parent__lead"):
            self._add("team", team.pk, Whose("team", team=team), team.name)
        for person in Person.objects.people().visible_to(by).select_related("team"):
            # Who has left is still named by e-mail, so that their targets come in again.
            name = person.name if person.is_active else ""
            self._add("person", person.pk, Whose("person", person=person), person.email, name)
        for product in Product.objects.visible_to(by):
            whose = Whose("product", product=product)
            self._add("product", product.pk, whose, product.external_key, product.code, product.name)
        provinces = Customer.objects.exclude(province="").values_list("province", flat=True).distinct()
        for name in provinces[:MOST_REGIONS]:
            self._add("region", name, Whose("region", region=name), name)
        self.company = COMPANY | {company().name.casefold()}

    def _add(self, unit: str, key: Any, whose: Whose, *names: str) -> None:
        for name in names:
            if name:
                self.found[unit, name.strip().casefold()][key] = whose

    def whose(self, text: str, unit: str = "") -> Whose:
        """Return who is meant by a name, of one kind of unit where it is said.

        Raises Invalid when nobody is called that, or several are.
        """
        name = text.strip().casefold()
        if unit == "company" or (not unit and name in self.company):
            return Whose()
        units = [unit] if unit else ["team", "person", "product", "region"]
        found = [whose for each in units for whose in self.found.get((each, name), {}).values()]
        if not found and unit == "region" and text.strip():
            return Whose("region", region=text.strip()[:120])
        said = {"text": text.strip()[:60]}
        if not found:
            raise Invalid(
                {"written_for": [_g('There is no team, person, product or region called "%(text)s".') % said]}
            )
        if len(found) > 1:
            raise Invalid({"written_for": [_g('Several are called "%(text)s"; write the e-mail or the code.') % said]})
        return found[0]
