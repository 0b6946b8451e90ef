"""The same request twice is done once; too many requests are counted."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from salesmode.kernel import idempotency, rates, schedule
from salesmode.kernel.idempotency import Answer, KeyInUse, KeyReused
from salesmode.kernel.models import IdempotencyKey, NumberSeries, RateCount
from salesmode.kernel.refusals import Invalid, Refusal
from tests.kernel.racing import race

PAYMENT = {"method": "POST", "path": "/api/v1/payments", "body_hash": "a" * 64}


def pay(key: str = "k", **request) -> tuple[Answer, bool]:
    return idempotency.once(1, key, _work, **(PAYMENT | request))


def _work() -> Answer:
    series, _new = NumberSeries.objects.get_or_create(name="paid")
    NumberSeries.objects.filter(pk=series.pk).update(last=series.last + 1)
    return Answer(201, b'{"id": 1}')


def paid() -> int:
    return sum(NumberSeries.objects.values_list("last", flat=True))


class TestARepeatedRequest:
    def test_gets_the_first_answer_and_does_nothing(self, db):
        assert pay() == (Answer(201, b'{"id": 1}'), False)
        assert pay() == (Answer(201, b'{"id": 1}'), True)
        assert paid() == 1

    @pytest.mark.parametrize("other", [{"body_hash": "b" * 64}, {"path": "/api/v1/orders"}])
    def test_must_be_the_same_request(self, db, other):
        pay()

        with pytest.raises(KeyReused):
            pay(**other)

    def test_is_another_one_for_another_person(self, db):
        pay()
        idempotency.once(2, "k", _work, **PAYMENT)

        assert paid() == 2

    def test_may_be_tried_again_after_a_refusal_which_leaves_nothing(self, db):
        def refused() -> Answer:
            _work()
            raise Refusal("No.")

        with pytest.raises(Refusal):
            idempotency.once(1, "k", refused, **PAYMENT)
        answer, _again = idempotency.once(1, "k", lambda: (_work(), Answer(422, b"{}"))[1], **PAYMENT)
        assert (answer.status, paid()) == (422, 0)
        assert pay()[1] is False

    def test_waits_for_one_that_is_being_worked_on(self, db):
        idempotency.begin(1, "k", **PAYMENT)

        with pytest.raises(KeyInUse):
            pay()

    def test_takes_over_from_one_that_died_before_it_committed(self, db):
        died = idempotency.begin(1, "k", **PAYMENT)
        IdempotencyKey.objects.update(started_at=now() - timedelta(seconds=61))

        assert pay()[1] is False
        with pytest.raises(KeyInUse):
            idempotency.finish(died, Answer(201, b""))

    def test_is_forgotten_after_a_day(self, db):
        pay()
        IdempotencyKey.objects.update(started_at=now() - timedelta(hours=25))

        assert pay(body_hash="b" * 64)[1] is False
        IdempotencyKey.objects.update(started_at=now() - timedelta(hours=25))
        schedule.forget_answered_requests(at=now())
        assert not IdempotencyKey.objects.exists()

    @pytest.mark.parametrize("key", ["", "k" * 256, "a\nb", "\x00"])
    def test_needs_a_key_that_can_be_kept(self, db, key):
        with pytest.raises(Invalid):
            pay(key)

    def test_sent_by_many_at_once_is_done_once(self, transactional_db):
        for number in range(50):
            results = race(8, lambda _n, key=f"k{number}": pay(key))
            assert all(isinstance(result, tuple | KeyInUse) for result in results)
            assert sum(result[1] is False for result in results if isinstance(result, tuple)) == 1
        assert paid() == 50

    def test_that_was_killed_between_work_and_answer_leaves_neither(self, transactional_db, monkeypatch):
        def killed() -> Answer:
            _work()
            raise SystemExit

        monkeypatch.setattr(idempotency, "give_up", lambda claim: None)
        with pytest.raises(SystemExit):
            idempotency.once(1, "k", killed, **PAYMENT)
        assert paid() == 0

        IdempotencyKey.objects.update(started_at=now() - timedelta(seconds=61))
        assert pay()[1] is False
        assert paid() == 1


class TestTheRate:
    def test_allows_so_many_and_then_says_when_to_come_back(self, db):
        counted = [rates.count("token:1", 3, 3600) for _ in range(5)]

        assert [allowed for allowed, _left, _reset in counted] == [True, True, True, False, False]
        assert [left for _allowed, left, _reset in counted] == [2, 1, 0, 0, 0]
        assert 0 < counted[0][2] <= 3600
        assert rates.count("token:2", 3, 3600)[0]

    def test_begins_anew_with_the_next_window(self, db):
        for _ in range(3):
            rates.count("token:1", 2, 3600)
        RateCount.objects.update(window_at=now() - timedelta(hours=2))

        assert rates.count("token:1", 2, 3600)[:2] == (True, 1)

    def test_counts_every_one_of_many_at_once(self, transactional_db):
        results = race(40, lambda _n: rates.count("token:1", 25, 3600)[0])

        assert sum(results) == 25

    def test_costs_one_query(self, db, django_assert_num_queries):
        with django_assert_num_queries(1):
            rates.count("token:1", 2, 60)


def test_a_key_is_claimed_outside_the_work(transactional_db):
    claim = idempotency.begin(1, "k", **PAYMENT)

    with transaction.atomic():
        idempotency.finish(claim, Answer(201, b""))
        transaction.set_rollback(True)
    assert IdempotencyKey.objects.get().status is None
