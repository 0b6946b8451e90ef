"""People as rows of a file, and how a name or an e-mail in any file finds a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from salesmode.exchange.sheet import Column, Option, Reference, Sheet, Values, by_text, dated, register
from salesmode.people import operations, policies
from salesmode.people.models import Person, Team


def find_people(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Person]]:
    """Return who answers to a name or an e-mail address; two people of one name both answer."""
    wanted = [text.casefold() for text in texts]
    people = Person.objects.people().annotate(low_email=Lower("email"), low_name=Lower("name"))
    found = list(people.filter(low_email__in=wanted)) + list(people.filter(low_name__in=wanted))
    return by_text((text, person) for person in found for text in (person.email, person.name))


def find_teams(texts: Sequence[str], by: Person) -> Mapping[str, Sequence[Team]]:
    """Return the teams of a name."""
    teams = Team.objects.annotate(low_name=Lower("name")).filter(low_name__in=[text.casefold() for text in texts])
    return by_text((team.name, team) for team in teams)


def people_names(by: Person) -> list[str]:
    """Return the names of everybody who works here."""
    return list(Person.objects.people().values_list("name", flat=True))


person_reference = Reference("person", find_people, people_names)
team_reference = Reference("team", find_teams, lambda by: list(Team.objects.values_list("name", flat=True)))


def owner_column(*aliases: str) -> Column:
    """Return the column that says whose a record is."""
    names = (
        "owner",
        "负责人",
        "归属人",
        "所有人",
        "业务员",
        "销售",
        "销售员",
        "跟进人",
        "sales agent",
        "sales rep",
        "salesperson",
        "assigned to",
        "account manager",
        "所属人",
        "客户经理",
    )
    return Column("owner", _("Owner"), "reference", (*names, *aliases), reference=person_reference)


def _roles() -> list[Option]:
    words = {
        "seller": ("销售", "业务员", "销售代表", "agent", "sales agent", "sales rep", "rep"),
        "manager": ("经理", "销售经理", "主管", "team lead"),
        "director": ("总监", "销售总监"),
        "operations": ("管理员", "运营", "admin", "administrator"),
        "marketing": ("市场",),
        "service": ("客服", "服务", "support"),
        "trainer": ("培训", "讲师", "coach"),
        "finance": ("财务", "accounting"),
        "auditor": ("审计",),
    }
    return [
        Option(value, label, words.get(value, ()))
        for value, label in Person.Role.choices
        if value != Person.Role.SYSTEM
    ]


def _create(values: Values, *, by: Person, at: datetime) -> Person:
    moment = dated(values, SHEET, at)
    return operations.create_person(**values, by=by, at=moment)


def _amend(person: Person, values: Values, *, by: Person, at: datetime) -> Person:
    return operations.amend_person(person, **values, by=by, at=at)


def _find(key: str, values: Sequence[Any], by: Person) -> dict[Any, Person]:
    if key == "id":
        return {person.pk: person for person in Person.objects.people().filter(pk__in=values)}
    found = find_people([str(value) for value in values], by)
    return {
        value: found[str(value).casefold()][0] for value in values if len(found.get(str(value).casefold(), ())) == 1
    }


SHEET = register(
    Sheet(
        kind="person",
        title=_("People"),
        words=("person", "user", "员工", "用户", "人员", "sales"),
        order=10,
        keys=("email",),
        columns=(
            Column(
                "name",
                _("Name"),
                aliases=("姓名", "员工姓名", "sales agent", "full name", "业务员", "销售员"),
                required=True,
                length=120,
            ),
            Column(
                "email",
                _("E-mail"),
                "email",
                ("邮箱", "电子邮件", "电子邮箱", "e-mail address", "账号"),
                required=True,
                length=254,
            ),
            Column("role", _("Role"), "choice", ("角色", "岗位"), options=_roles),
            Column(
                "team", _("Team"), "reference", ("团队", "部门", "所属部门", "department"), reference=team_reference
            ),
            Column("phone", _("Phone"), aliases=("手机", "电话", "手机号", "mobile"), length=40),
            Column("title", _("Job title"), aliases=("职务", "职位", "job title"), length=120),
            Column("started_on", _("Started on"), "date", ("入职日期", "入职时间", "hire date", "start date")),
        ),
        find=_find,
        create=_create,
        amend=_amend,
        may_create=policies.may_create_person,
    )
)
