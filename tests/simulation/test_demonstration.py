"""The demonstration company."""

from datetime import timedelta

import pytest
from django.db.models import Count, Q, Sum
from django.urls import reverse

from salesmode.customers.models import Customer, Visit
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.orders.models import Order
from salesmode.people.models import Person, Team
from salesmode.reviews.models import Action, Meeting, WorkReport
from salesmode.selling.models import Deal, Lead
from salesmode.simulation import demo, operations
from salesmode.simulation.operations.demonstration import CompanyNotEmpty
from salesmode.targets.models import Target
from tests.conftest import MONDAY

SMALL = {"days": 150, "leads": 60, "accounts": 12, "until": MONDAY}


class TestLoad:
    def test_brings_forty_three_people_in_six_teams_and_gives_each_role_a_sign_in(self, system):
        logins = demo.load(**SMALL)

        assert (Team.objects.count(), Person.objects.people().count()) == (6, 43)
        assert {login["role"] for login in logins} == {role for role in Person.Role.values if role != "system"}
        for login in logins:
            person = Person.objects.get(email=login["email"])
            assert person.role == login["role"]
            assert person.check_password(login["password"])

    def test_is_never_there_without_its_sign_ins(self, system):
        def full_disk(people: list) -> None:
            assert len(people) == 9
            raise OSError

        with pytest.raises(OSError):
            demo.load(**SMALL | {"days": 60, "leads": 10, "accounts": 3}, keep=full_disk)

        assert not Person.objects.people().exists()

    def test_tells_a_story_that_holds_together(self, system):
        demo.load(**SMALL)

        assert Deal.objects.filter(outcome="won").exists()
        assert Deal.objects.filter(outcome="lost").exists()
        assert Lead.objects.values("status").distinct().count() >= 3
        assert not Deal.objects.annotate(open_stays=Count("stays", filter=Q(stays__left_at=None))).exclude(
            Q(outcome="open", open_stays=1) | ~Q(outcome="open") & Q(open_stays=0)
        )
        for order in Order.objects.annotate(paid=Sum("payments__amount")):
            assert order.received == (order.paid or 0)
        assert not Customer.objects.filter(created_at__gt=MONDAY).exists()

    def test_reports_meets_and_visits_from_week_to_week(self, system):
        demo.load(**SMALL)
        owners = Customer.objects.filter(owner__is_active=True).values("owner")
        today = Visit.objects.filter(status="planned", planned_on=MONDAY.date()).values("owner")

        assert {"held", "missed"} <= set(Meeting.objects.values_list("status", flat=True))
        assert set(WorkReport.objects.values_list("type", "is_late")) == {
            (kind, late) for kind in ("daily", "weekly") for late in (False, True)
        }
        assert Action.objects.exclude(done_at=None).exists()
        assert not Meeting.objects.filter(held_at__gt=MONDAY).exists()
        assert owners.exists()
        assert not Person.objects.filter(pk__in=owners).exclude(pk__in=today).exists()

    def test_lets_two_join_and_one_leave_whose_work_goes_on(self, system):
        demo.load(**SMALL)

        leaver = Person.objects.get(is_active=False, deactivated_at__isnull=False)
        joined = Person.objects.filter(started_on__gt=(MONDAY - timedelta(days=100)).date(), role="seller")
        handed_over = EventRecord.objects.get(name="person.handed_over")
        assert joined.count() == 2
        assert joined.filter(pk=handed_over.facts["to_id"], team=leaver.team).exists()
        assert not Customer.objects.filter(owner=leaver).exists()
        assert not Deal.objects.open().filter(owner=leaver).exists()
        assert not Visit.objects.filter(owner=leaver, status="planned", planned_on__gt=leaver.deactivated_at).exists()
        assert Target.objects.filter(owner__in=joined, is_prorated=True).count() >= 2

    def test_is_the_same_for_the_same_seed(self, system):
        from django.db import transaction

        def told() -> list:
            with transaction.atomic():
                demo.load(**SMALL)
                found = list(
                    Deal.objects.order_by("opened_at", "title").values_list("title", "amount", "outcome", "opened_at")
                )
                transaction.set_rollback(True)
            return found

        assert told() == told() != []


class TestAskingForIt:
    def test_lets_it_move_in_beside_the_administrator_without_passwords(self, ed, monkeypatch):
        monkeypatch.setattr(
            demo.load, "__kwdefaults__", demo.load.__kwdefaults__ | {"days": 60, "leads": 10, "accounts": 3}
        )

        operations.request_demonstration(language="zh-hans", by=ed, at=MONDAY)
        run_waiting_jobs()

        newcomers = Person.objects.people().exclude(pk=ed.pk)
        assert newcomers.count() == 41
        assert not any(person.has_usable_password() for person in newcomers)

    def test_is_refused_where_customers_are(self, ed, northwind):
        with pytest.raises(CompanyNotEmpty):
            operations.request_demonstration(language="zh-hans", by=ed, at=MONDAY + timedelta(days=1))

    def test_is_offered_to_administrators_on_the_first_page(self, client, ed):
        client.force_login(ed)

        assert reverse("simulation:request_demonstration") in client.get(reverse("workspace:begin")).content.decode()
