"""Two at once: one signature a side, one calibration a version; without the guards it goes wrong."""

from decimal import Decimal

import pytest
from django.db import transaction

from salesmode.kernel.locking import save
from salesmode.kernel.models import EventRecord
from salesmode.kernel.periods import Period
from salesmode.kernel.refusals import Stale
from salesmode.people import operations as people
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Calibration, Review, ReviewRound, Signature, SignedAlready
from tests.conftest import MONDAY
from tests.reviews.conftest import APRIL
from tests.selling.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50


@pytest.fixture
def seller(transactional_db, system):
    """Somebody to review."""
    return people.create_person(email="s@example.com", name="S", role="seller", by=system, at=MONDAY)


@pytest.fixture
def leaders(seller, system):
    """Two who may judge everybody."""
    return [
        people.create_person(email=f"d{n}@example.com", name=f"D{n}", role="director", by=system, at=MONDAY)
        for n in range(2)
    ]


@pytest.fixture
def form(system, seller, settings, tmp_path):
    """One competency."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"
    line = reviews.LineDraft(Decimal(100), name="Care")
    return reviews.define_review_template(name="F", lines=[line], by=system, at=MONDAY)


def submitted(form, seller, leader, number: int) -> Review:
    """A review that waits to be calibrated; each in a month of its own."""
    period = Period.parse(f"{2000 + number // 12}-{number % 12 + 1:02d}")
    reviews.open_review_round(template=form, period=period, people=[seller], by=leader, at=MONDAY)
    row = Review.objects.get(owner=seller, first=period.first)
    draft = reviews.SideDraft(levels={row.lines.get().pk: 3})
    reviews.submit_self_review(row, draft=draft, by=seller, at=APRIL)
    return reviews.submit_review(row, draft=draft, by=leader, at=APRIL)


def copies(row: Review) -> list[Review]:
    """What two people have before them."""
    return [Review.objects.get(pk=row.pk) for _each in range(2)]


class TestTwoCalibrations:
    def test_of_one_version_are_one(self, form, seller, leaders):
        for number in range(ROUNDS):
            row = submitted(form, seller, leaders[0], number)
            one, other = copies(row)

            results = race(
                lambda one=one: reviews.calibrate_review(
                    one, result=Decimal(70), reason="a", version=one.version, by=leaders[0], at=APRIL
                ),
                lambda other=other: reviews.calibrate_review(
                    other, result=Decimal(80), reason="b", version=other.version, by=leaders[1], at=APRIL
                ),
            )

            assert results == ["done", "refused"]
            assert Calibration.objects.filter(review=row).count() == 1

    def test_without_the_lock_are_both_written(self, form, seller, leaders):
        def unguarded(copy: Review, result: int, by) -> None:
            with transaction.atomic():
                if Review.objects.get(pk=copy.pk).version != copy.version:
                    raise Stale(copy.version)
                Calibration.objects.create(
                    review=copy, former=60, result=Decimal(result), reason="x", by=by, made_at=APRIL
                )
                save(copy, at=APRIL)

        written = 0
        for number in range(ROUNDS):
            row = submitted(form, seller, leaders[0], number)
            one, other = copies(row)
            race(
                lambda one=one: unguarded(one, 70, leaders[0]),
                lambda other=other: unguarded(other, 80, leaders[1]),
            )
            written += Calibration.objects.filter(review=row).count()

        assert written > ROUNDS


class TestTwoSignatures:
    def _agreed(self, form, seller, leaders, number: int) -> Review:
        row = submitted(form, seller, leaders[0], number)
        reviews.tell_review(row, by=leaders[0], at=APRIL)
        return reviews.agree_review(row, by=seller, at=APRIL)

    def test_of_both_sides_lock_it_once(self, form, seller, leaders):
        for number in range(ROUNDS):
            row = self._agreed(form, seller, leaders, number)
            one, other = copies(row)

            results = race(
                lambda one=one: reviews.sign_review(one, by=seller, at=APRIL),
                lambda other=other: reviews.sign_review(other, by=leaders[0], at=APRIL),
            )

            row.refresh_from_db()
            assert results == ["done", "done"]
            assert row.status == "locked"
            assert EventRecord.objects.filter(name="review.locked", subject_id=row.pk).count() == 1

    def test_of_both_sides_without_the_lock_leave_some_open(self, form, seller, leaders):
        def unguarded(copy: Review, role: str, by) -> None:
            with transaction.atomic():
                Signature.objects.create(review=copy, role=role, by=by, signed_at=APRIL)
                if copy.signatures.count() == 2:
                    copy.mark_locked(at=APRIL)
                    save(copy, at=APRIL)

        locked = 0
        for number in range(ROUNDS):
            row = self._agreed(form, seller, leaders, number)
            one, other = copies(row)
            race(
                lambda one=one: unguarded(one, "person", seller),
                lambda other=other: unguarded(other, "leader", leaders[0]),
            )
            row.refresh_from_db()
            locked += row.is_locked

        assert locked < ROUNDS

    def test_of_one_side_are_one(self, form, seller, leaders):
        for number in range(ROUNDS):
            row = self._agreed(form, seller, leaders, number)
            one, other = copies(row)

            results = race(
                lambda one=one: reviews.sign_review(one, by=leaders[0], at=APRIL),
                lambda other=other: reviews.sign_review(other, by=leaders[1], at=APRIL),
            )

            assert results == ["done", "refused"]
            assert Signature.objects.filter(review=row).count() == 1

    def test_of_one_side_after_another_are_refused(self, form, seller, leaders):
        row = self._agreed(form, seller, leaders, 0)
        reviews.sign_review(row, by=leaders[0], at=APRIL)
        with pytest.raises(SignedAlready):
            reviews.sign_review(row, by=leaders[1], at=APRIL)


class TestOpeningARound:
    def test_twice_at_once_gives_everybody_one_review(self, form, seller, leaders):
        for number in range(ROUNDS):
            period = Period.parse(f"{2000 + number // 12}-{number % 12 + 1:02d}")

            results = race(
                *(
                    lambda leader=leader, period=period: reviews.open_review_round(
                        template=form, period=period, people=[seller], by=leader, at=MONDAY
                    )
                    for leader in leaders
                )
            )

            assert results == ["done", "done"]
            assert ReviewRound.objects.filter(first=period.first).count() == 1
            assert Review.objects.filter(first=period.first).count() == 1
