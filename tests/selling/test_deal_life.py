"""Any life of a deal, against a simple model of it: stays are contiguous, and one is open exactly while the deal is."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from salesmode.customers import operations as customers
from salesmode.kernel.locking import save
from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Refusal
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal
from tests.conftest import MONDAY

STAGES = 4


class DealLife(RuleBasedStateMachine):
    """What may happen to a deal, in any order; the model is an outcome, a stage, an owner and a count of events."""

    @initialize()
    def open(self) -> None:
        """Begin a life."""
        self.system = Person.objects.filter(role=Person.Role.SYSTEM).first() or self._system()
        self.at = MONDAY
        drafts = [selling.StageDraft(f"Stage {number}", number * 20) for number in range(STAGES)]
        name = f"Process {Deal.objects.count()}"
        process = selling.define_process(name=name, stages=drafts, by=self.system, at=self.at)
        self.stages = list(process.stages.in_order())
        self.owners = [self.system, self._person("a"), self._person("b")]
        customer = customers.create_customer(name="Northwind", owner=self.system, by=self.system, at=self.at)
        self.deal = selling.open_deal(title="Renewal", customer=customer, process=process, by=self.system, at=self.at)
        self.outcome, self.stage, self.owner, self.events = "open", self.stages[0], self.system, 1

    def _system(self) -> Person:
        """Give the system back that a test of a race has taken away with everything else."""
        found = Person(role=Person.Role.SYSTEM, email="system@salesmode.invalid", name="Salesmode")
        save(found, at=MONDAY)
        return found

    def _person(self, name: str) -> Person:
        email = f"{name}{Person.objects.count()}@example.com"
        return people.create_person(email=email, name=name, by=self.system, at=self.at)

    def _later(self) -> None:
        self.at += timedelta(hours=1)

    def _act(self, verb, *, works: bool, changes: bool = True, **how) -> bool:
        """Do it; the model says whether it works, and whether it leaves an event."""
        self._later()
        try:
            verb(self.deal, **how, by=self.system, at=self.at)
        except Refusal:
            assert not works
            return False
        assert works
        self.events += changes
        return True

    @rule(number=st.integers(0, STAGES - 1))
    def move(self, number: int) -> None:
        """Enter a stage."""
        is_open, stage = self.outcome == "open", self.stages[number]
        if self._act(selling.move_deal, works=is_open, changes=stage != self.stage, stage=stage):
            self.stage = stage

    @rule()
    def win(self) -> None:
        """Hear yes."""
        if self._act(selling.win_deal, works=self.outcome == "open"):
            self.outcome = "won"

    @rule()
    def lose(self) -> None:
        """Hear no."""
        if self._act(selling.lose_deal, works=self.outcome == "open"):
            self.outcome = "lost"

    @rule()
    def reopen(self) -> None:
        """Take the decision back."""
        if self._act(selling.reopen_deal, works=self.outcome != "open"):
            self.outcome = "open"

    @rule(number=st.integers(0, 2))
    def hand_over(self, number: int) -> None:
        """Give it to somebody."""
        to = self.owners[number]
        if self._act(selling.hand_over_deal, works=True, changes=to != self.owner, to=to):
            self.owner = to

    @precondition(lambda self: hasattr(self, "deal"))
    @invariant()
    def is_what_the_model_says(self) -> None:
        """Compare everything that the model knows."""
        deal = Deal.objects.get(pk=self.deal.pk)
        assert (deal.outcome, deal.stage, deal.owner) == (self.outcome, self.stage, self.owner)
        assert EventRecord.objects.filter(subject_kind="deal", subject_id=deal.pk).count() == self.events

    @precondition(lambda self: hasattr(self, "deal"))
    @invariant()
    def has_contiguous_stays(self) -> None:
        """While open, each stay begins when the one before ended; a decision may leave a gap until it is taken back."""
        stays = list(self.deal.stays.order_by("entered_at", "id"))
        assert [stay.left_at is None for stay in stays] == [False] * (len(stays) - 1) + [self.outcome == "open"]
        assert stays[-1].stage == self.stage
        for former, following in pairwise(stays):
            assert former.entered_at <= former.left_at <= following.entered_at


DealLife.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestDealLife(DealLife.TestCase, TestCase):
    """Run the machine, each life in a transaction of its own."""
