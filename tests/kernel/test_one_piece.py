"""A transaction that stands or falls as a whole."""

from contextlib import suppress

import pytest
from django.db import connection, transaction

from salesmode.kernel.models import Company
from salesmode.kernel.one_piece import one_piece


class TestOnePiece:
    def test_spares_each_act_within_it_its_savepoint(self, ana, django_assert_num_queries):
        with transaction.atomic(), one_piece(), django_assert_num_queries(1):
            for _number in range(3):
                with transaction.atomic():
                    Company.objects.current()

    def test_reads_the_company_once_although_it_was_just_written(self, ana, django_assert_num_queries):
        with transaction.atomic():
            Company.objects.filter(pk=1).update(name="Another")
            with django_assert_num_queries(2):
                Company.objects.current(), Company.objects.current()
            with one_piece(), django_assert_num_queries(1):
                assert (Company.objects.current().name, Company.objects.current().name) == ("Another", "Another")

    def test_falls_as_a_whole_whatever_somebody_catches(self, ana):
        def go_on_regardless():
            with transaction.atomic(), one_piece():
                with suppress(ValueError), transaction.atomic():
                    raise ValueError
                Company.objects.filter(pk=1).update(name="Lost")

        with pytest.raises(transaction.TransactionManagementError):
            go_on_regardless()

        assert connection.features.uses_savepoints
        assert Company.objects.get(pk=1).name != "Lost"

    @pytest.mark.django_db(transaction=True)
    def test_is_refused_outside_a_transaction(self):
        with pytest.raises(RuntimeError), one_piece():
            pass
