"""What tests of targets share."""

from decimal import Decimal

import pytest

from salesmode.targets import operations as targets
from salesmode.targets.models import Target, Whose
from tests.conftest import MONDAY


@pytest.fixture
def for_ana(ana) -> Whose:
    """Whose: Ana's."""
    return Whose("person", person=ana)


@pytest.fixture
def draft(ana, bo, for_ana) -> Target:
    """What Bo wants Ana to win in 2026: 100 a month."""
    return targets.set_target(metric="won_amount", year=2026, whose=for_ana, base=Decimal(1200), by=bo, at=MONDAY)


@pytest.fixture
def approved(draft, bo) -> Target:
    """The same, approved."""
    return targets.approve_target(draft, by=bo, at=MONDAY)
