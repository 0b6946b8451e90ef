"""Half a report is not lost: it is kept as a draft that nobody else reads, until it is handed in."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.people import operations as people
from salesmode.reviews import operations as reviews
from salesmode.reviews import queries
from salesmode.reviews.models import ReportDraft, WorkReport
from salesmode.reviews.models.report import ReportAlreadySubmitted
from tests.conftest import MONDAY, TUESDAY, today

DAY = date(2026, 3, 2)


class TestKeepReportDraft:
    def test_keeps_what_was_written_last(self, ana):
        reviews.keep_report_draft(kind="daily", day=DAY, done="One", by=ana, at=MONDAY)
        reviews.keep_report_draft(kind="daily", day=DAY, done="One and two", plan="Three", by=ana, at=MONDAY)

        kept = queries.kept_draft(ana, "daily", DAY)
        assert (kept.done, kept.plan) == ("One and two", "Three")

    def test_is_remembered_once_and_without_its_words(self, ana):
        for done in ("One", "Two"):
            reviews.keep_report_draft(kind="daily", day=DAY, done=done, by=ana, at=MONDAY)

        event = EventRecord.objects.get(name="report_draft.begun")
        assert "One" not in str(event.facts)

    def test_may_be_empty(self, ana):
        assert reviews.keep_report_draft(kind="weekly", day=DAY, by=ana, at=MONDAY).done == ""

    def test_is_gone_once_the_report_is_handed_in(self, ana):
        reviews.keep_report_draft(kind="daily", day=DAY, done="One", by=ana, at=MONDAY)
        reviews.keep_report_draft(kind="weekly", day=DAY, done="Week", by=ana, at=MONDAY)

        reviews.submit_report(kind="daily", day=DAY, done="One", by=ana, at=MONDAY)

        assert [draft.kind for draft in ReportDraft.objects.all()] == ["weekly"]

    def test_is_refused_when_the_report_is_there(self, ana):
        reviews.submit_report(kind="daily", day=DAY, done="One", by=ana, at=MONDAY)

        with pytest.raises(ReportAlreadySubmitted):
            reviews.keep_report_draft(kind="daily", day=DAY, done="Two", by=ana, at=TUESDAY)

    @pytest.mark.parametrize("wrong", [{"kind": "yearly"}, {"day": DAY + timedelta(days=9)}])
    def test_refuses_what_cannot_be_reported(self, ana, wrong):
        with pytest.raises(Invalid):
            reviews.keep_report_draft(**({"kind": "daily", "day": DAY, "done": "One"} | wrong), by=ana, at=MONDAY)

        assert not ReportDraft.objects.exists()

    def test_is_refused_to_an_auditor(self, fay):
        with pytest.raises(NotAllowed):
            reviews.keep_report_draft(kind="daily", day=DAY, done="One", by=fay, at=MONDAY)

        assert not ReportDraft.objects.exists()


class TestThePage:
    def test_keeps_a_draft_and_goes_on_with_it(self, client, ana):
        client.force_login(ana)
        given = {"kind": "daily", "day": today().isoformat(), "done": "Half a sentence", "keep": "1"}

        answer = client.post(reverse("reviews:write_report"), given)

        assert "Half a sentence" in client.get(answer.headers["Location"]).content.decode()
        assert not WorkReport.objects.exists()

    def test_keeps_it_quietly_while_somebody_types(self, client, ana):
        client.force_login(ana)
        given = {"kind": "daily", "day": today().isoformat(), "done": "Ha", "keep": "1", "quietly": "1"}

        assert client.post(reverse("reviews:write_report"), given).status_code == 204
        assert ReportDraft.objects.get().done == "Ha"

    def test_hands_it_in(self, client, ana):
        client.force_login(ana)
        given = {"kind": "daily", "day": today().isoformat(), "done": "Half a sentence"}
        client.post(reverse("reviews:write_report"), given | {"keep": "1"})

        client.post(reverse("reviews:write_report"), given)

        assert WorkReport.objects.get().done == "Half a sentence"
        assert not ReportDraft.objects.exists()

    def test_nobody_else_sees_it(self, client, ana, bo):
        reviews.keep_report_draft(kind="daily", day=today(), done="Secret half", by=ana, at=MONDAY + (
            today() - DAY) )  # fmt: skip
        client.force_login(bo)

        for page in ("team_reports", "work_reports", "write_report"):
            assert "Secret half" not in client.get(reverse(f"reviews:{page}")).content.decode()


class TestADraftForPrograms:
    @pytest.fixture
    def ask(self, client):
        def _ask(person, method, path, body=None):
            secret = people.create_token(person, name="Test", scope="write", days=30, by=person, at=now())[1]
            content = {} if body is None else {"data": body}
            return getattr(client, method)(
                f"/api/v1/work-reports{path}",
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {secret}",
                **content,
            )

        return _ask

    def test_is_kept_and_goes_on(self, ask, ana):
        sent = {"kind": "daily", "day": today().isoformat(), "done": "Half"}
        first = ask(ana, "post", "/drafts", sent)
        again = ask(ana, "post", "/drafts", sent | {"done": "All of it"})

        assert (first.status_code, first.json()["version"]) == (201, 1)
        assert (again.json()["id"], again.json()["version"]) == (first.json()["id"], 2)
        assert ask(ana, "get", f"/drafts/{first.json()['id']}").json()["done"] == "All of it"

    def test_is_seen_by_nobody_else(self, ask, ana, bo, di):
        kept = ask(ana, "post", "/drafts", {"day": today().isoformat(), "done": "Secret"}).json()["id"]

        for person in (bo, di):
            assert ask(person, "get", "/drafts").json()["items"] == []
            assert ask(person, "get", f"/drafts/{kept}").status_code == 404
        assert [each["id"] for each in ask(ana, "get", "/drafts").json()["items"]] == [kept]

    def test_is_gone_once_the_report_is_handed_in(self, ask, ana):
        sent = {"day": today().isoformat(), "done": "Half"}
        kept = ask(ana, "post", "/drafts", sent).json()["id"]
        ask(ana, "post", "", sent)

        assert ask(ana, "get", f"/drafts/{kept}").status_code == 404
