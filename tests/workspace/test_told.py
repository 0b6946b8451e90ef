"""Who was reviewed or thanked finds a note of it in the inbox."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.timezone import now

from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.periods import Period
from salesmode.reviews import operations as reviews
from salesmode.workspace.models import Notification


@pytest.fixture
def assessed(ed, ana, bo, settings, tmp_path):
    """Bo has assessed Ana for the first quarter."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    line = reviews.LineDraft(Decimal(100), name="Care")
    form = reviews.define_review_template(name="Quarter", lines=[line], by=ed, at=now())
    opened = reviews.open_review_round(
        template=form, period=Period.parse("2026-Q1"), people=[ana], by=ed, at=now() - timedelta(minutes=3)
    )
    review = opened.reviews.get()
    levels = {review.lines.get().pk: 4}
    draft = reviews.SideDraft(levels=levels)
    reviews.submit_self_review(review, draft=draft, by=ana, at=now() - timedelta(minutes=2))
    return reviews.submit_review(review, draft=draft, by=bo, at=now() - timedelta(minutes=1))


@pytest.mark.django_db
class TestSomebodyWhoWasReviewed:
    def test_hears_of_it_only_when_they_are_told(self, client, assessed, ana, bo):
        run_waiting_jobs()
        assert not Notification.objects.filter(person=ana).exists()

        reviews.tell_review(assessed, by=bo, at=now())
        run_waiting_jobs()
        run_waiting_jobs()

        note = Notification.objects.get(person=ana)
        with translation.override("en"):
            assert note.sentence == "Bo has told you the result of your review: 2026-Q1"
        with translation.override("zh-hans"):
            assert note.sentence == "Bo 已把您的考核结果告诉您：2026-Q1"
        client.force_login(ana)
        assert client.get(note.url).status_code == 200
        assert not Notification.objects.exclude(person=ana).exists()


@pytest.mark.django_db
class TestSomebodyWhoIsThanked:
    def test_reads_what_for(self, client, ana, bo):
        reviews.give_recognition(owner=ana, text="Saved\nthe fair", by=bo, at=now())
        run_waiting_jobs()

        note = Notification.objects.get()
        assert note.person == ana
        with translation.override("en"):
            assert note.sentence == "Bo thanked you: Saved the fair"
        with translation.override("zh-hans"):
            assert note.sentence == "Bo 表扬了您：Saved the fair"
        client.force_login(ana)
        assert b"Saved" in client.get(note.url).content

    def test_is_not_told_what_was_taken_back_or_is_history(self, ana, bo):
        taken = reviews.give_recognition(owner=ana, text="A slip", by=bo, at=now())
        reviews.withdraw_recognition(taken, by=bo, at=now())
        reviews.give_recognition(owner=ana, text="Long ago", by=bo, at=now() - timedelta(days=40))
        run_waiting_jobs()

        assert not Notification.objects.exists()
