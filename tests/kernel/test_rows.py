"""Single rows by statements that are composed once: the same as Django's own, for every table of ours."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from psycopg import DataError

from salesmode.customers.models import Customer
from salesmode.kernel import rows
from salesmode.kernel.postgres import Connection
from salesmode.people.models import Person
from salesmode.selling.models import Deal, DealStay
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db


def stored(row):
    return row.__class__._base_manager.filter(pk=row.pk).values().get()


class TestWriting:
    def test_a_new_row_stores_what_django_would(self, renewal):
        ours, django = Deal(**stored(renewal) | {"id": None}), Deal(**stored(renewal) | {"id": None})
        rows.write(ours)
        django.save()

        assert ours.pk
        assert not ours._state.adding
        assert stored(ours) | {"id": 0} == stored(django) | {"id": 0}

    def test_a_changed_row_stores_every_column(self, renewal):
        renewal.title, renewal.custom, renewal.closes_on = "Other", {"score": "3", "tags": ["甲"]}, MONDAY.date()
        rows.write(renewal)

        again = Deal.objects.get(pk=renewal.pk)
        assert (again.title, again.custom, again.closes_on) == ("Other", renewal.custom, MONDAY.date())

    def test_takes_the_key_of_a_related_row_that_was_saved_meanwhile(self, renewal, ana):
        customer = Customer(name="New", created_at=MONDAY, updated_at=MONDAY)
        deal = Deal(**stored(renewal) | {"id": None, "customer_id": None})
        deal.customer = customer
        rows.write(customer)
        rows.write(deal)

        assert stored(deal)["customer_id"] == customer.pk

    def test_refuses_a_related_row_that_was_never_saved(self, renewal):
        renewal.customer = Customer(name="Nobody")

        with pytest.raises(ValueError):
            rows.write(renewal)

    def test_together_with_a_row_that_names_it_stores_what_django_would(self, renewal):
        ours, django = Deal(**stored(renewal) | {"id": None}), Deal(**stored(renewal) | {"id": None})
        stay = DealStay(stage_id=renewal.stage_id, entered_at=MONDAY)
        rows.write_both(ours, stay, "deal_id")
        django.save()

        assert stored(ours) | {"id": 0} == stored(django) | {"id": 0}
        assert stored(stay) == {
            "id": stay.pk, "deal_id": ours.pk, "stage_id": renewal.stage_id, "entered_at": MONDAY, "left_at": None
        }  # fmt: skip
        assert (ours._state.adding, stay._state.adding) == (False, False)

    def test_together_with_one_that_the_database_refuses_stores_neither(self, renewal):
        before = Deal.objects.count()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.write_both(
                Deal(**stored(renewal) | {"id": None}), DealStay(stage_id=None, entered_at=MONDAY), "deal_id"
            )

        assert Deal.objects.count() == before

    def test_of_a_person_keeps_the_persons_own_way_of_saving(self, ana):
        ana.set_password("a long enough password")
        rows.write(ana)

        assert Person.objects.get(pk=ana.pk).check_password("a long enough password")


class TestNames:
    def test_are_those_of_the_rows_there_are(self, ana, bo, northwind):
        assert rows.names_of(Person, [ana.pk, bo.pk, 999_999]) == {ana.pk: ana.name, bo.pk: bo.name}
        assert rows.names_of(Customer, []) == {}


class TestReadingForUpdate:
    def test_finds_what_another_copy_wrote_and_forgets_what_hung_on_it(self, renewal, cy):
        renewal.owner, renewal.stage  # noqa: B018
        Deal.objects.filter(pk=renewal.pk).update(owner=cy, custom={"a": "b"})
        with transaction.atomic():
            rows.read_for_update(renewal)

        assert (renewal.owner, renewal.custom) == (cy, {"a": "b"})

    def test_of_a_row_that_is_gone_says_so(self, renewal):
        gone = Deal(**stored(renewal) | {"id": 2**40})

        with transaction.atomic(), pytest.raises(ObjectDoesNotExist):
            rows.read_for_update(gone)


class TestAMoment:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("2026-03-02 10:00:00+08", datetime(2026, 3, 2, 2, tzinfo=UTC)),
            ("2026-03-02 10:00:00.12-03:30", datetime(2026, 3, 2, 13, 30, 0, 120_000, tzinfo=UTC)),
            ("0044-03-15 10:00:00+00", datetime(44, 3, 15, 10, tzinfo=UTC)),
            ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ],
    )
    def test_is_read_in_utc(self, written, read):
        assert moment(written) == read
        assert moment(written).utcoffset() == timedelta(0)

    @pytest.mark.parametrize("written", ["infinity", "0044-03-15 10:00:00+00 BC"])
    def test_that_python_has_no_words_for_is_refused(self, written):
        with pytest.raises(DataError):
            moment(written)

    def test_is_read_in_utc_whatever_the_zone_of_the_connection(self):
        with connection.cursor() as cursor:
            cursor.execute("set local time zone 'Asia/Shanghai'")

        assert moment("2026-03-02 10:00:00+08") == datetime(2026, 3, 2, 2, tzinfo=UTC)


def moment(written: str) -> datetime:
    """Let the server say a moment, through the connection that pages have."""
    with closing(
        Connection.connect(**connection.connection.info.get_parameters(), context=connection.connection)
    ) as own:
        zone = connection.connection.execute("show time zone").fetchone()[0]
        own.execute(f"set time zone '{zone}'")
        return own.execute("select %s::timestamptz", [written]).fetchone()[0]
