"""Adoption is counted from what really happened: a small history whose answer is known by hand."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from salesmode.customers import operations as customers
from salesmode.kernel.here import in_company
from salesmode.kernel.models import Company
from salesmode.modes import queries
from salesmode.modes.queries import excuses
from tests.conftest import MONDAY

FIRST = MONDAY.date()
ZONE = MONDAY.tzinfo


@pytest.fixture(autouse=True)
def at_home(system):
    """A company in Germany: no holidays in the first weeks of March."""
    Company.objects.update(country="DE", time_zone="UTC")


def call(customer, by, day: int, *, planned: bool = True) -> None:
    """Log a call so many days after the first Monday, and plan the next one."""
    at = datetime(FIRST.year, FIRST.month, FIRST.day, 10, tzinfo=ZONE) + timedelta(days=day)
    following = at + timedelta(days=30) if planned else None
    customers.log_interaction(customer, channel="call", content="Hello.", next_contact_at=following, by=by, at=at)


def counted(north, today_after: int, weeks: int = 4):
    running = queries.running_for(north.pk, FIRST + timedelta(days=30))[0]
    return queries.sheet(running, today=FIRST + timedelta(days=today_after), weeks=weeks)


class TestEachWorkday:
    @pytest.fixture
    def history(self, north, di, ana, northwind, adopt):
        """Ana calls on Monday, twice on Tuesday and on Friday of the first week, and daily in the third."""
        adopt(by=di, team=north, practices=["customer_contacts"])
        for day in (0, 1, 1, 4, 14, 15, 16, 17, 18):
            call(northwind, ana, day)

    def test_counts_each_day_once(self, north, history):
        row = counted(north, 22).rows[0]

        assert [(cell.done, cell.expected) for cell in row.cells] == [(3, 5), (0, 5), (5, 5), (0, 1)]
        assert (row.done, row.expected, row.gap) == (8, 16, 1)

    def test_does_not_hold_today_against_anybody(self, north, history):
        assert counted(north, 21).rows[0].cells[-1].expected == 0

    def test_counts_weeks_in_a_row(self, north, history):
        assert counted(north, 19, weeks=3).rows[0].streak == 1

    def test_leaves_days_away_out(self, north, ana, history, monkeypatch):
        away = {FIRST + timedelta(days=day) for day in (2, 3, 7, 8, 9, 10, 11)}
        monkeypatch.setattr(excuses, "EXCUSES", [lambda people, first, until: {ana.pk: away}])

        row = counted(north, 19, weeks=3).rows[0]

        assert [(cell.done, cell.expected, cell.excused) for cell in row.cells] == [(3, 3, 2), (0, 0, 5), (5, 5, 0)]
        assert row.streak == 2  # the week away neither breaks it nor lengthens it

    def test_leaves_holidays_out(self, north, ana, history):
        Company.objects.update(country="CN")
        calling = queries.running_for(north.pk, FIRST)[0]

        found = queries.sheet(calling, today=FIRST + timedelta(days=40), weeks=2)

        # 6 April 2026 is Tomb-Sweeping Day's day off in China.
        assert [cell.expected for cell in found.rows[0].cells] == [5, 4]

    def test_nobody_is_expected_before_the_start(self, north, history):
        assert [cell.tone for cell in counted(north, 5, weeks=3).rows[0].cells][:2] == ["off", "off"]

    def test_a_cell_opens_its_events(self, north, ana, history):
        running = queries.running_for(north.pk, FIRST)[0]

        assert len(queries.events_of(running, ana, FIRST)) == 4
        assert queries.events_of(running, ana, FIRST + timedelta(days=7)) == []


class TestWhatCounts:
    @pytest.fixture
    def two_a_day(self, north, di, adopt):
        """Two customers each working day."""
        adopt(by=di, team=north, practices=["customer_contacts"], parameters={"customer_contacts": {"a_day": 2}})

    def test_a_contact_without_the_next_one_does_not(self, north, ana, northwind, two_a_day):
        call(northwind, ana, 0, planned=False)

        assert counted(north, 7, weeks=2).rows[0].done == 0

    def test_a_customer_counts_once_a_day_and_another_beside_it(self, north, ana, northwind, two_a_day):
        for day in (0, 0, 0, 1):
            call(northwind, ana, day)
        assert counted(north, 7, weeks=2).rows[0].done == 2

        other = customers.create_customer(name="Other", owner=ana, by=ana, at=MONDAY)
        call(other, ana, 1)
        assert counted(north, 7, weeks=2).rows[0].done == 3

    def test_only_deals_under_a_warning_do_for_deal_warnings(self, north, di, ana, renewal, adopt, system):
        from salesmode.forecasts import operations as forecasts
        from salesmode.forecasts.models import DealWarnings

        adopt(by=di, team=north, practices=["deal_warnings"])
        at = MONDAY + timedelta(days=1)
        assert forecasts.attend_to_warnings([renewal.pk], by=system, at=at) == []

        DealWarnings.objects.create(deal=renewal, codes=["overdue"], figures={"late": 3}, checked_at=MONDAY)
        for _told in range(2):
            forecasts.attend_to_warnings([renewal.pk], by=system, at=at)

        row = counted(north, 7, weeks=2).rows[0]
        assert [(cell.done, cell.expected) for cell in row.cells] == [(1, 1), (0, 0)]
        assert [event.name for event in queries.events_of(row_of(north), ana, FIRST)] == ["deal.attended"]

    def test_the_target_sheet_counts_when_a_lead_confirms_the_quarter(self, north, di, bo, ana, adopt):
        from decimal import Decimal

        from salesmode.targets import operations as targets
        from salesmode.targets.models import Whose

        adopt(by=di, team=north, practices=["target_sheet"])
        april = MONDAY + timedelta(days=35)
        for whose in (Whose("team", team=north), Whose("person", person=ana)):
            drafted = targets.set_target(
                metric="won_amount", year=2026, whose=whose, base=Decimal(12), by=di, at=MONDAY
            )
            targets.approve_target(drafted, by=di, at=april)
        assert counted(north, 125, weeks=14).total.done == 0

        targets.confirm_target_sheet(north, by=bo, at=april)

        total = counted(north, 125, weeks=14).total
        assert (total.done, total.expected) == (1, 1)


def row_of(north):
    """The practice that North does."""
    return queries.running_for(north.pk, FIRST)[0]


class TestEachWeek:
    def test_is_full_at_so_many_times(self, north, di, ana, adopt):
        adopt(by=di, team=north, practices=["new_customers"], parameters={"new_customers": {"a_week": 2}})
        for day in (0, 8, 9, 10):
            at = MONDAY + timedelta(days=day)
            customers.create_customer(name=f"Customer {day}", owner=ana, by=ana, at=at)

        row = counted(north, 14, weeks=3).rows[0]

        assert [(cell.done, cell.expected) for cell in row.cells][:2] == [(1, 2), (2, 2)]

    def test_what_others_do_is_not_counted(self, north, south, di, ana, cy, adopt):
        adopt(by=di, team=north, practices=["new_customers"])
        customers.create_customer(name="Far away", owner=cy, by=cy, at=MONDAY)

        assert counted(north, 7, weeks=2).total.done == 0


class TestWhoSeesWhat:
    def test_a_seller_sees_the_own_row(self, client, north, di, ana, adopt, system):
        from django.urls import reverse

        from salesmode.people import operations as people

        other = people.create_person(email="u@example.com", name="Uma", team=north, by=system, at=MONDAY)
        row = adopt(by=di, team=north, practices=["customer_contacts"]).practices.get()
        client.force_login(ana)

        page = client.get(reverse("modes:sheets")).content.decode()
        cell = {"row": row.pk, "week": "2026-03-02"}

        assert "Ana" in page
        assert "Uma" not in page
        assert client.get(reverse("modes:events"), cell | {"of": f"person-{ana.pk}"}).status_code == 200
        assert client.get(reverse("modes:events"), cell | {"of": f"person-{other.pk}"}).status_code == 404


def test_counting_takes_the_same_queries_however_many_people(north, di, system, adopt, django_assert_max_num_queries):
    from salesmode.people import operations as people

    with transaction.atomic():
        for number in range(12):
            people.create_person(email=f"s{number}@example.com", name=f"S{number}", team=north, by=system, at=MONDAY)
    adopt(by=di, team=north, practices=["customer_contacts"])
    running = queries.running_for(north.pk, FIRST)[0]

    with in_company(), django_assert_max_num_queries(8):
        queries.sheet(running, today=FIRST + timedelta(days=14), weeks=3)
