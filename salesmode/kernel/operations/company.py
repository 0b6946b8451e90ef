"""Set the company up and change its settings."""

import zoneinfo
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from salesmode.kernel import policies
from salesmode.kernel.events import Actor, record
from salesmode.kernel.locking import changed, lock, require
from salesmode.kernel.models import Company
from salesmode.kernel.money import known_currency
from salesmode.kernel.own_events import CompanyAmended, CompanySetUp
from salesmode.kernel.refusals import Invalid, Refusal

FIELDS = ("name", "language", "currency", "time_zone", "fiscal_year_starts_in", "country")


class CompanyAlreadySetUp(Refusal):
    """A company is set up once; afterwards its settings are changed."""

    def __init__(self) -> None:
        super().__init__(_("The company is set up already. Change it in the settings."))


class CurrencyInUse(Refusal):
    """Amounts are kept in the company's currency, so it stays once there are amounts."""

    def __init__(self) -> None:
        super().__init__(_("The company's currency cannot be changed any more: amounts were already entered in it."))


@transaction.atomic
def set_up_company(
    *,
    name: str,
    language: str = "zh-hans",
    currency: str = "CNY",
    time_zone: str = "Asia/Shanghai",
    fiscal_year_starts_in: int = 1,
    country: str = "CN",
    by: Actor,
    at: datetime,
) -> Company:
    """Answer the first-run questions.

    Raises CompanyAlreadySetUp, CurrencyInUse when an import counted in another one, Invalid, NotAllowed.
    """
    require(policies.may_set_up_company(by))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7302)")
    company = Company.objects.filter(pk=1).first() or Company(pk=1)
    if company.is_set_up:
        raise CompanyAlreadySetUp
    if company.name and company.currency != currency and amounts_exist():
        raise CurrencyInUse
    company.name, company.language, company.currency, company.time_zone = name, language, currency, time_zone
    company.fiscal_year_starts_in, company.country, company.set_up_at = fiscal_year_starts_in, country, at
    _check(company)
    company.save()
    record(CompanySetUp(company_id=company.pk, **_facts(company)), by=by, at=at)
    return company


@transaction.atomic
def sketch_company(*, by: Actor, at: datetime, **known: Any) -> Company:
    """Write down what is known of the company before anybody answers the first-run questions, as an import does.

    Raises CompanyAlreadySetUp, Invalid, NotAllowed.
    """
    require(policies.may_set_up_company(by))
    company = Company.objects.filter(pk=1).first() or Company(pk=1)
    if company.is_set_up:
        raise CompanyAlreadySetUp
    names = changed(company, {name: known[name] for name in FIELDS if name in known})
    _check(company)
    company.save()
    record(CompanyAmended(company_id=company.pk, **_facts(company), changed=names), by=by, at=at)
    return company


@transaction.atomic
def amend_company(company: Company, *, by: Actor, at: datetime, version: int | None = None, **changes: Any) -> Company:
    """Change the company's settings.

    Raises Invalid, NotAllowed, Stale, CurrencyInUse when amounts were already entered.
    """
    lock(company, version=version)
    require(policies.may_set_up_company(by))
    if unknown := changes.keys() - set(FIELDS):
        raise Invalid({name: [_("There is no such setting.")] for name in sorted(unknown)})
    names = changed(company, changes)
    if not names:
        return company
    _check(company)
    if "currency" in names and amounts_exist():
        raise CurrencyInUse
    company.version += 1
    company.save()
    record(CompanyAmended(company_id=company.pk, **_facts(company), changed=names), by=by, at=at)
    return company


def amounts_exist() -> bool:
    """Say whether anybody has entered an amount in the company's currency yet."""
    from salesmode.kernel.models import EventRecord

    return EventRecord.objects.filter(facts__has_key="company_amount").exclude(facts__company_amount="0").exists()


def _check(company: Company) -> None:
    wrong: dict[str, list[str]] = {}
    company.name = company.name.strip()
    if not company.name or len(company.name) > 200 or "\x00" in company.name:
        wrong["name"] = [_("Give the company a name of at most 200 characters.")]
    if company.language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("Choose Chinese or English.")]
    try:
        company.currency = known_currency(company.currency)
    except Invalid as refusal:
        wrong |= refusal.fields
    if company.time_zone not in zoneinfo.available_timezones():
        wrong["time_zone"] = [_("There is no such time zone; write for example Asia/Shanghai.")]
    if company.fiscal_year_starts_in not in range(1, 13):
        wrong["fiscal_year_starts_in"] = [_("Choose a month from 1 to 12.")]
    if not (len(company.country) == 2 and company.country.isascii() and company.country.isupper()):
        wrong["country"] = [_("Give the country's code of two letters, such as CN.")]
    if wrong:
        raise Invalid(wrong)


def _facts(company: Company) -> dict[str, Any]:
    return {name: getattr(company, name) for name in FIELDS if name != "name"}
