"""What the formula of an amount says: the numbers that are written come to the amount that is paid."""

from decimal import Decimal as D

import pytest

from salesmode.kernel.refusals import Invalid
from salesmode.pay.models.earning import earn
from salesmode.pay.models.sale import Part
from salesmode.pay.models.terms import PlanTerms
from salesmode.pay.operations.plans import read_terms
from salesmode.pay.queries.explaining import explanation
from salesmode.pay.queries.sentences import sentences
from tests.pay.test_earning import ANA, BO, book, order, payment

pytestmark = pytest.mark.django_db
LEVELS = [{"attainment": 100, "payout": 100}]
TIERS = [{"starts_at": 0, "rate": 2}, {"starts_at": 100_000, "rate": 4}]


def told(sales, terms, **more) -> list[str]:
    """Return what is written beside each amount, in order."""
    return [explanation(line) for line in earn(book(sales, terms, **more), ANA)]


class TestAFormula:
    def test_pays_what_came_before_once_the_threshold_is_reached(self):
        terms = PlanTerms(style="cumulative", tiers=TIERS, threshold=D(100_000))

        below, reached = told([payment(1, 60_000), payment(2, 60_000)], terms)

        assert below == "¥60,000.00 so far, below the threshold of ¥100,000.00: nothing yet"
        assert reached.startswith("¥40,000.00 × 2% + ¥20,000.00 × 4% + ¥1,200.00 for what came before")
        assert reached.split(" = ")[1].startswith("¥2,800.00")

    def test_says_what_the_cap_left_of_it(self):
        terms = PlanTerms(rate=D(5), cap=D(60), kickers=[{"kind": "new_customer", "rate": 2}])

        assert told([payment(1, 1000, is_new=True), payment(2, 1000)], terms) == [
            "¥1,000.00 × 5% = ¥50.00",
            "a new customer's first order: of ¥1,000.00 × 2%, ¥10.00 up to the cap",
            "¥1,000.00 × 5% = ¥50.00; limited by the cap of ¥60.00: ¥0.00",
        ]

    def test_adds_what_is_paid_at_a_rate_of_its_own(self):
        terms = PlanTerms(rate=D(5), product_rates=[{"product_id": 7, "rate": 10}])
        sale = payment(1, 1000, parts=(Part(7, D(400), D(1)), Part(8, D(600), D(1))))

        assert told([sale], terms) == ["¥600.00 × 5% + ¥400.00 × 10% (own rate) = ¥70.00"]

    @pytest.mark.parametrize(
        ("terms", "said", "main"),
        [
            ({"style": "per_unit", "unit_amount": 30}, "on top of what each unit pays", 90),
            (
                {"style": "levels", "levels": LEVELS, "target_pay": 100, "quota_from": "fixed", "quota": 1000},
                "on top of the target pay",
                100,
            ),
        ],
    )
    def test_says_that_a_rate_of_its_own_comes_on_top_where_there_is_none_to_replace(self, terms, said, main):
        sale = payment(1, 1000, parts=(Part(7, D(400), D(2)), Part(8, D(600), D(1))))
        both = PlanTerms(**terms, product_rates=[{"product_id": 7, "rate": 10}])
        quota = {"quota": D(1000)} if both.quota else {}

        assert said in " ".join(sentences(both))
        assert said not in " ".join(sentences(PlanTerms(**terms)))
        assert "¥400.00 × 10% (own rate)" in told([sale], both, **quota)[0]
        assert sum(line.amount for line in earn(book([sale], both, **quota), ANA)) == D(40) + main

    def test_of_new_customers_needs_no_other_rate(self):
        assert told([payment(1, 1000, is_new=True)], PlanTerms(rate=D(5), new_rate=D(3))) == [
            "¥1,000.00 × 3% (own rate) = ¥30.00"
        ]

    def test_counts_the_best_rate_and_levels_from_nothing_below_the_threshold(self):
        best = PlanTerms(style="best_tier", tiers=TIERS, threshold=D(100_000))
        levels = PlanTerms(
            style="levels", quota_from="fixed", quota=D(1000), target_pay=D(10_000), threshold=D(600),
            levels=[{"attainment": 50, "payout": 30}, {"attainment": 100, "payout": 100}],
        )  # fmt: skip

        assert told([payment(1, 60_000), payment(2, 60_000)], best)[1] == (
            "the rate rises from 0% to 4% on everything (¥120,000.00): ¥4,800.00 more"
        )
        assert told([payment(1, 500), payment(2, 500)], levels, quota=D(1000))[1] == (
            "¥10,000.00 × (100% − 0%) = ¥10,000.00"
        )

    def test_of_a_fixed_bonus_says_what_the_share_leaves_of_it(self):
        terms = PlanTerms(rate=D(0), kickers=[{"kind": "new_customer", "amount": 500}])
        sale = payment(1, 1000, is_new=True, shares=((ANA, D(40)), (BO, D(60))))

        assert "¥200.00 of ¥500.00, by the share in the sale and the cap" in told([sale], terms)[1]

    def test_of_what_is_held_back_says_of_how_much(self):
        terms = PlanTerms(measure="signed", rate=D(5), hold_back=D(20))

        assert told([order(1, 1000)], terms)[1] == "20% of ¥50.00 is held back until the customer pays"


class TestATerm:
    @pytest.mark.parametrize("style", ["levels", "per_unit"])
    def test_that_would_change_no_rate_is_refused(self, style):
        terms = {
            "style": style, "unit_amount": 5, "quota_from": "fixed", "quota": 5, "target_pay": 1,
            "levels": [{"attainment": 100, "payout": 100}], "accelerator_above": 100, "accelerator_factor": 150,
        }  # fmt: skip

        with pytest.raises(Invalid) as refused:
            read_terms(terms)

        assert list(refused.value.fields) == ["accelerator_factor"]

    def test_that_speeds_up_the_best_rate_is_told_as_one_on_everything(self):
        terms = PlanTerms(style="best_tier", tiers=TIERS, accelerator_above=D(110), accelerator_factor=D(150))

        assert "From 110% of the target on, everything is paid at 150% of the rate." in sentences(terms)

    def test_names_only_what_can_happen_to_a_payment(self):
        terms = PlanTerms(rate=D(5), clawback_on=("cancelled", "refunded", "overdue"))

        assert sentences(terms)[-1] == "It is taken back when the sale is refunded."
