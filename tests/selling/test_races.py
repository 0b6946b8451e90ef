"""Many people at once: one of them gets it, and the guard that sees to it is there for a reason."""

import sys
import threading
from datetime import datetime

import pytest
from django.db import close_old_connections, connection, transaction

from salesmode.kernel.locking import save
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Refusal
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from tests.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, THREADS = 50, 6


def race(*runs) -> list[str]:
    """Start all at the same moment; return what became of each: done, refused, or an error's name."""
    gate, results = threading.Barrier(len(runs)), []

    def one(run) -> None:
        gate.wait()
        try:
            run()
            results.append("done")
        except Refusal:
            results.append("refused")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return sorted(results)


@pytest.fixture
def founder(transactional_db, system) -> Person:
    """The system itself."""
    return system


@pytest.fixture
def sellers(founder):
    """As many sellers as there are threads."""
    from salesmode.people import operations as people

    return [
        people.create_person(email=f"seller{number}@example.com", name=f"Seller {number}", by=founder, at=MONDAY)
        for number in range(THREADS)
    ]


class TestClaimingALead:
    def test_gives_it_to_one_of_many(self, founder, sellers):
        for _round in range(ROUNDS):
            lead = selling.create_lead(name="Li", by=founder, at=MONDAY)
            copies = [Lead.objects.get(pk=lead.pk) for _seller in sellers]

            results = race(
                *(
                    lambda copy=copy, seller=seller: selling.claim_lead(copy, by=seller, at=TUESDAY)
                    for copy, seller in zip(copies, sellers, strict=True)
                )
            )

            assert results == ["done", *["refused"] * (THREADS - 1)]
            assert EventRecord.objects.filter(name="lead.claimed", subject_id=lead.pk).count() == 1

    def test_without_its_guard_gives_it_to_several(self, founder, sellers):
        def claim_without_guard(copy: Lead, *, by: Person, at: datetime) -> None:
            with transaction.atomic():
                if Lead.objects.get(pk=copy.pk).owner_id is not None:
                    raise Refusal("late")
                copy.owner, copy.claimed_at = by, at
                save(copy, at=at)

        winners = 0
        for _round in range(ROUNDS):
            lead = selling.create_lead(name="Li", by=founder, at=MONDAY)
            copies = [Lead.objects.get(pk=lead.pk) for _seller in sellers]
            results = race(
                *(
                    lambda copy=copy, seller=seller: claim_without_guard(copy, by=seller, at=TUESDAY)
                    for copy, seller in zip(copies, sellers, strict=True)
                )
            )
            winners += results.count("done")

        assert winners > ROUNDS


class TestDecidingADeal:
    @pytest.fixture
    def customer(self, founder):
        from salesmode.customers import operations as customers

        selling.define_process(name="P", stages=[selling.StageDraft("S")], is_default=True, by=founder, at=MONDAY)
        return customers.create_customer(name="Northwind", owner=founder, by=founder, at=MONDAY)

    def _deal(self, customer, founder) -> tuple[Deal, Deal]:
        deal = selling.open_deal(title="Renewal", customer=customer, by=founder, at=MONDAY)
        return Deal.objects.get(pk=deal.pk), Deal.objects.get(pk=deal.pk)

    def test_wins_or_loses_it_once(self, customer, founder):
        for _round in range(ROUNDS):
            one, other = self._deal(customer, founder)

            results = race(
                lambda one=one: selling.win_deal(one, by=founder, at=TUESDAY),
                lambda other=other: selling.lose_deal(other, by=founder, at=TUESDAY),
            )

            assert results == ["done", "refused"]
            decisions = EventRecord.objects.filter(subject_id=one.pk, name__in=("deal.won", "deal.lost"))
            assert decisions.count() == 1

    def test_without_its_lock_decides_it_twice(self, customer, founder, monkeypatch):
        for verb in ("win_deal", "lose_deal"):
            room = sys.modules[f"salesmode.selling.operations.{verb}"]
            monkeypatch.setattr(room, "lock", lambda row, version=None: None)
        decided_twice = 0
        for _round in range(ROUNDS):
            one, other = self._deal(customer, founder)
            results = race(
                lambda one=one: selling.win_deal(one, by=founder, at=TUESDAY),
                lambda other=other: selling.lose_deal(other, by=founder, at=TUESDAY),
            )
            decided_twice += results == ["done", "done"]

        assert decided_twice > 0
