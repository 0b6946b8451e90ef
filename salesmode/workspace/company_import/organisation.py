"""Teams and people from the files: regions, the managers' teams in them, and who sells."""

import re
import unicodedata
from collections import Counter
from datetime import datetime

from django.db import transaction

from salesmode.people import operations as people
from salesmode.people.models import Person, Team
from salesmode.workspace.company_import.files import SourceFile
from salesmode.workspace.company_import.report import Report


def address_for(name: str, domain: str) -> str:
    """Return the address by which somebody without one is known: first.last at a domain that never exists."""
    from pypinyin import lazy_pinyin  # 57 MB that only this needs

    latin = " ".join(lazy_pinyin(name))
    ascii_name = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return f"{'.'.join(re.findall(r'[a-z0-9]+', ascii_name.lower())) or 'person'}@{domain}"


class Organisation:
    """Who works here, as far as the files say, made as the rows are read."""

    def __init__(self, *, domain: str, by: Person, at: datetime, report: Report) -> None:
        self.domain, self.by, self.at, self.report = domain, by, at, report
        self.people: dict[str, Person] = {}

    @transaction.atomic
    def build(self, file: SourceFile) -> None:
        """Make the regions, teams and people that a file lists."""
        rows = [{name: file.text(row, name) for name in ("agent", "manager", "region")} for _number, row in file.rows()]
        managers = {row["manager"] for row in rows if row["manager"]}
        for row in rows:
            region = self.team(row["region"], None) if row["region"] else None
            lead = self.person(row["manager"], role=Person.Role.MANAGER) if row["manager"] else None
            team = self.team(f"{lead.name}'s team", region) if lead else region
            if lead and team and team.lead_id != lead.pk:
                people.amend_team(team, lead=lead, by=self.by, at=self.at)
            if lead and team and lead.team_id is None:
                people.amend_person(lead, team=team, by=self.by, at=self.at)
            if row["agent"] and row["agent"] not in managers:
                self.person(row["agent"], team=team)

    def team(self, name: str, parent: Team | None) -> Team:
        """Return a team, founded if it is new."""
        team = Team.objects.filter(name=name, parent=parent).first()
        if team is None:
            team = people.create_team(name=name, parent=parent, by=self.by, at=self.at)
            self.report.created["teams"] += 1
        return team

    def person(self, name: str, *, role: str = Person.Role.SELLER, team: Team | None = None) -> Person:
        """Return somebody by name or address, let in without a password if new."""
        known = self.people.get(name.casefold())
        if known is not None:
            return known
        email = name.lower() if "@" in name else address_for(name, self.domain)
        somebody = Person.objects.filter(email__iexact=email).first()
        if somebody is None:
            said = name if "@" not in name else " ".join(re.findall(r"[^\W\d_]+", name.split("@")[0])).title()
            somebody = people.create_person(email=email, name=said, role=role, team=team, by=self.by, at=self.at)
            self.report.created["people"] += 1
        else:
            self.report.existing["people"] += 1
        self.people[name.casefold()] = somebody
        return somebody

    def without_work(self, file: SourceFile, busy: Counter[str]) -> list[str]:
        """Return the people a file lists to whom no deal belongs."""
        listed = [file.text(row, "agent") for _number, row in file.rows()]
        return [name for name in dict.fromkeys(listed) if name and not busy[name]]
