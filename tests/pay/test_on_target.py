"""On-target earnings: the mix of salary and variable pay, what on target pays, and how much of it is reached."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.urls import reverse

from salesmode.kernel.refusals import Invalid
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models.curve import effective_rate
from salesmode.pay.models.terms import PlanTerms
from salesmode.pay.operations.plans import read_terms
from salesmode.people.models import Person
from tests.conftest import MONDAY
from tests.pay.conftest import APRIL, JANUARY, MARCH, make_plan, noon, receive, sign

LATER = noon(date(2026, 4, 20))
MIX = {"base_salary": 180_000, "target_variable": 120_000}
TIERS = [{"starts_at": 0, "rate": 8}, {"starts_at": 100, "rate": 12}]


class TestThePlan:
    def test_says_what_on_target_comes_to(self, db):
        terms = PlanTerms(rate=D(5), quota_from="fixed", quota=D(200_000), **MIX)

        assert queries.sentences(terms)[-3:] == [
            "On-target earnings are ¥300,000.00 a year: a salary of ¥180,000.00 and ¥120,000.00 of variable pay, "
            "¥10,000.00 a month (60 : 40).",
            "At 100% of the target the effective rate is 5%.",
            "Its rates pay ¥120,000.00 a year at 100% of the target: 100% of that variable pay.",
        ]

    @pytest.mark.parametrize(
        ("base", "variable", "mix"), [(1, 2, ("33.3", "66.7")), (1, 1, ("50.0", "50.0")), (0, 5, ("0.0", "100.0"))]
    )
    def test_mixes_to_a_hundred(self, base, variable, mix):
        found = PlanTerms(rate=D(1), base_salary=D(base), target_variable=D(variable)).pay_mix

        assert found == tuple(D(each) for each in mix)
        assert sum(found) == 100

    def test_is_complete_without_a_salary_and_silent_without_either(self, db):
        only = queries.sentences(PlanTerms(rate=D(5), target_variable=D(120_000)))
        neither = queries.sentences(PlanTerms(rate=D(5)))

        assert "¥10,000.00 a month" in only[-2]
        assert len(neither) == len(only) - 2

    def test_is_refused_with_a_salary_alone(self, db):
        with pytest.raises(Invalid) as refused:
            read_terms({"rate": 5, "base_salary": 100_000})

        assert list(refused.value.fields) == ["target_variable"]

    def test_is_no_new_version_when_nothing_new_is_said(self, plan, gil):
        version = plan.versions.get()
        version.terms = {name: value for name, value in version.terms.items() if value is not None}
        version.save()

        pay.amend_plan(plan, terms={"rate": 5}, by=gil, at=MONDAY)

        assert plan.versions.count() == 1


class TestTheEffectiveRate:
    @pytest.mark.parametrize(
        ("terms", "quota", "rate"),
        [
            ({"rate": 5}, None, "5"),
            ({"rate": 5, "cap": 4000}, None, None),
            ({"rate": 5, "cap": 4000}, 100_000, "4"),
            ({"rate": 5, "threshold": 150_000}, 100_000, "0"),
            ({"style": "cumulative", "tiers": TIERS}, None, None),
            ({"style": "cumulative", "tiers": TIERS, "counted_in": "attainment"}, None, "8"),
            ({"style": "best_tier", "tiers": TIERS, "counted_in": "attainment"}, None, "12"),
            ({"style": "per_unit", "unit_amount": 3}, 100_000, None),
            ({"style": "levels", "levels": [{"attainment": 100, "payout": 100}], "target_pay": 6000}, 100_000, "6"),
            ({"style": "levels", "levels": [{"attainment": 100, "payout": 100}], "target_pay": 6000}, None, None),
        ],
    )
    def test_is_what_exactly_on_target_pays(self, terms, quota, rate):
        found = effective_rate(PlanTerms(**terms), None if quota is None else D(quota))

        assert found == (None if rate is None else D(rate))


@pytest.fixture
def paid(gil, ana, northwind):
    """A plan of 2,400 a year, and a payment in March and in April that pay Ana 20 and 300."""
    plan = make_plan(gil, base_salary=7200, target_variable=2400)
    order = sign(northwind, ana, 10_000)
    receive(order, 400, gil)
    receive(order, 6000, gil, on=date(2026, 4, 2))
    pay.post_commission([ana], by=gil, at=LATER)
    return plan


class TestAStatement:
    def test_says_how_much_of_it_was_reached(self, paid, ana):
        found = queries.statement_page(ana, APRIL).on_target

        assert (found.month.earned, found.month.variable, found.month.share) == (300, 200, 150)
        assert (found.year.earned, found.year.variable, found.year.share) == (320, 800, 40)
        assert found.rate == 5

    def test_counts_nobody_a_month_before_the_first_day(self, paid, ana):
        Person.objects.filter(pk=ana.pk).update(started_on=date(2026, 3, 17))

        assert queries.statement_page(ana, date(2026, 2, 1)).on_target is None
        found = queries.statement_page(ana, APRIL).on_target
        assert found.year.variable == 200 + D(200) * 15 / 31

    def test_says_nothing_where_the_plan_says_nothing(self, march, ana):
        assert queries.statement_page(ana, MARCH).on_target is None

    def test_is_read_by_the_person(self, client, paid, ana):
        client.force_login(ana)

        page = client.get(reverse("pay:statement", args=[ana.pk, "2026-04"])).content.decode()
        slip = client.get(reverse("pay:slip", args=[ana.pk, "2026-04"])).content.decode()

        assert "150.0%" in page
        assert "40.0%" in page
        assert "Exactly on target, the plan pays 5.00% of what is sold." in page
        assert "150.0% reached" in slip


class TestWhatIf:
    def test_shows_what_would_be_reached(self, paid, ana):
        answer = queries.what_if(ana, wishes=[queries.Wish(D(1000), date(2026, 4, 21))], today=LATER.date())

        assert [reached.share for reached in answer.reached] == [150, 175]

    def test_shows_nothing_where_the_plan_says_nothing(self, march, ana):
        wish = queries.Wish(D(1000), date(2026, 4, 21))

        assert queries.what_if(ana, wishes=[wish], today=LATER.date()).reached is None


class TestTheDesigner:
    def test_asks_for_both(self, client, gil):
        client.force_login(gil)
        tables = {f"{name}-{part}": 0 for name in ("tiers", "levels", "kickers", "product_rates")
                  for part in ("TOTAL_FORMS", "INITIAL_FORMS")}  # fmt: skip
        given = {"name": "Mix", "measure": "received", "frequency": "month", "style": "flat", "rate": 5, **tables}

        assert client.post(reverse("pay:define_plan"), given | {"base_salary": 1000}).status_code == 422
        made = client.post(reverse("pay:define_plan"), given | {"base_salary": 60_000, "target_variable": 40_000})

        assert made.status_code == 302
        assert "60 : 40" in client.get(made.url).content.decode()


def test_a_year_begins_when_the_companys_does(paid, ana):
    from salesmode.kernel.models import Company

    Company.objects.update(fiscal_year_starts_in=4)

    assert queries.statement_page(ana, APRIL).on_target.year.variable == 200
    assert queries.statement_page(ana, MARCH).on_target.year.variable == D(200) * (MARCH.month - JANUARY.month + 1)
