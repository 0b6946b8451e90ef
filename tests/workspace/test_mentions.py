"""Who is named with an @ is told, if they may read it."""

from datetime import timedelta

from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.workspace.models import Notification


def _say(northwind, ana, text: str, at=None):
    at = at or now()
    customers.log_interaction(northwind, channel="call", content=text, happened_at=at, by=ana, at=at)
    run_waiting_jobs()


class TestSomebodyWhoIsMentioned:
    def test_is_told_where_to_read_it(self, northwind, ana, bo):
        _say(northwind, ana, "They ask for a discount, @Bo please decide.")

        note = Notification.objects.get(person=bo)
        assert (note.kind, note.actor) == ("mention", ana)
        assert "please decide" in note.sentence
        assert note.url.startswith("/interactions/")

    def test_is_not_told_what_they_may_not_read(self, northwind, ana, cy):
        _say(northwind, ana, "Keep this from @Cy.")

        assert not Notification.objects.filter(person=cy).exists()

    def test_is_not_told_about_history(self, northwind, ana, bo):
        _say(northwind, ana, "@Bo was there.", at=now() - timedelta(days=40))

        assert not Notification.objects.filter(person=bo).exists()

    def test_is_not_told_of_themselves(self, northwind, ana):
        _say(northwind, ana, "@Ana notes this.")

        assert not Notification.objects.exists()


class TestTheBell:
    def test_is_shown_anew_without_the_page(self, client, northwind, ana, bo):
        _say(northwind, ana, "@Bo?")
        client.force_login(bo)

        answer = client.get("/inbox/bell")

        assert b"badge-count" in answer.content
        assert b"<html" not in answer.content
