"""Questions composed once give the rows that the query set gives."""

import pytest
from django.db.models import F
from django.db.models.signals import post_init

from salesmode.customers import operations as customers
from salesmode.customers.models import Customer
from salesmode.kernel.asked import Asked
from salesmode.selling.models import Deal
from salesmode.selling.operations.deal_facts import OUTSIDE
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db


class TestAQuestion:
    def test_gives_whole_rows_with_those_that_hang_on_them(self, renewal, django_assert_num_queries):
        question = Asked(lambda key: Deal.objects.filter(pk=key).select_related("stage__process", "customer"), int)

        with django_assert_num_queries(1):
            found = question.first(renewal.pk)
            assert (found, found.stage.process, found.customer) == (renewal, renewal.process, renewal.customer)
        assert {f.attname: getattr(found, f.attname) for f in Deal._meta.concrete_fields} == Deal.objects.filter(
            pk=renewal.pk
        ).values().get()

    def test_gives_rows_that_can_be_changed_and_saved_as_any_other(self, renewal):
        question = Asked(lambda key: Deal.objects.filter(pk=key).select_related("customer"), int)
        found, again = question.first(renewal.pk), question.first(renewal.pk)

        found.title, found.customer.name = "Renewed", "Southwind"
        found.save()
        found.customer = None

        assert (found.customer_id, again.title, again.customer.name) == (None, "Renewal", "Northwind")
        assert Deal.objects.get(pk=renewal.pk).title == "Renewed"
        assert not found._state.adding

    def test_leaves_a_table_its_own_ways(self, renewal):
        made: list[int] = []

        def hear(instance, **_named) -> None:
            made.append(instance.pk)

        post_init.connect(hear, sender=Deal)
        try:
            Asked(lambda key: Deal.objects.filter(pk=key), int).first(renewal.pk)
        finally:
            post_init.disconnect(hear, sender=Deal)
        assert made == [renewal.pk]

    def test_gives_what_is_annotated_beside_the_row(self, renewal):
        question = Asked(lambda key: Deal.objects.filter(pk=key).annotate(twice=F("amount") * 2), int)

        assert question.first(renewal.pk).twice == renewal.amount * 2

    def test_gives_values_where_the_query_set_does(self, renewal, ana):
        assert OUTSIDE.first(renewal.pk)["team_id"] == ana.team_id

    def test_is_asked_with_other_values_each_time(self, renewal):
        question = Asked(lambda key, title: Deal.objects.filter(pk=key, title=title), int, str)

        assert question.first(renewal.pk, renewal.title) == renewal
        assert question.first(renewal.pk, "another") is None
        assert question.first(renewal.pk + 1, renewal.title) is None

    def test_that_does_not_use_a_value_as_it_is_cannot_be_composed(self):
        with pytest.raises(ValueError):
            Asked(lambda text: Deal.objects.filter(title__icontains=text), str).first("x")


class TestOneRecordByItsKey:
    def test_is_found_by_exactly_those_who_find_it_in_a_list(self, northwind, renewal, ana, bo, cy, di, ed, fay, gil):
        customers.share_customer(northwind, person=cy, can_write=False, by=ana, at=MONDAY)
        for person in (ana, bo, cy, di, ed, fay, gil):
            for rows, row in ((Customer.objects.all(), northwind), (Deal.objects.all(), renewal)):
                listed = rows.visible_to(person).filter(pk=row.pk).first()
                assert rows.one_visible_to(person, row.pk) == listed, (person, row)

    def test_is_found_in_a_narrower_set_only_if_it_is_in_it(self, renewal, ana):
        assert Deal.objects.open().one_visible_to(ana, renewal.pk) == renewal
        assert Deal.objects.won().one_visible_to(ana, renewal.pk) is None

    def test_is_nothing_for_a_key_that_no_record_can_have(self, ana):
        assert Deal.objects.all().one_visible_to(ana, 2**70) is None

    def test_is_nothing_for_who_has_left(self, renewal, ana):
        ana.is_active = False

        assert Deal.objects.all().one_visible_to(ana, renewal.pk) is None
