"""The pages and the API of pay: who sees what, and that nothing leaks sideways."""

from datetime import date, timedelta
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.urls import reverse

from salesmode.kernel.periods import add_months
from salesmode.pay import operations as pay
from salesmode.pay import queries
from salesmode.pay.models import CreditSplit, LedgerEntry, PayPlan, PaySettings, Statement
from tests.api.conftest import call, token  # noqa: F401
from tests.conftest import today
from tests.pay.conftest import MARCH, make_plan, noon, receive, sign

LATER = noon(date(2026, 4, 20))


class TestAStatement:
    def test_explains_every_amount(self, client, ana, march):
        client.force_login(ana)

        page = client.get(reverse("pay:statement", args=[ana.pk, "2026-03"])).content.decode()

        assert "CNY 400.00 × 5% = " in page or "¥400.00 × 5% = ¥20.00" in page
        assert f"/orders/{LedgerEntry.objects.get().order_id}" in page

    def test_offers_no_approval_while_a_question_is_open(self, client, ana, gil, march):
        client.force_login(gil)
        address = reverse("pay:statement", args=[ana.pk, "2026-03"])
        approve = reverse("pay:approve", args=[march.pk])
        assert approve in client.get(address).content.decode()

        pay.dispute_statement(march, question="Why 5 %?", by=ana, at=LATER)

        assert approve not in client.get(address).content.decode()

    def test_settles_many_and_stays_on_the_list_as_it_was(self, client, gil, march):
        pay.approve_statement(march, by=gil, at=LATER)
        client.force_login(gil)
        there = reverse("pay:statements") + "?status=approved"

        answer = client.post(reverse("pay:settle_statements"), {"ids": [march.pk], "next": there})

        march.refresh_from_db()
        assert (answer.status_code, answer.url, march.status) == (302, there, "settled")

    @pytest.mark.parametrize("route", ["pay:statement", "pay:slip", "pay:export"])
    def test_is_missing_to_strangers_and_there_for_whom_it_concerns(self, client, ana, bo, cy, gil, fay, march, route):
        for person, status in [(cy, 404), (ana, 200), (bo, 200), (gil, 200), (fay, 200)]:
            client.force_login(person)
            assert client.get(reverse(route, args=[ana.pk, "2026-03"])).status_code == status

    def test_is_hidden_from_managers_when_the_settings_say_so(self, client, ana, bo, gil, march):
        pay.amend_settings(closes_on_day=3, managers_see=False, by=gil, at=LATER)
        client.force_login(bo)

        assert client.get(reverse("pay:statement", args=[ana.pk, "2026-03"])).status_code == 404
        assert not Statement.objects.visible_to(bo).filter(owner=ana).exists()

    def test_is_a_workbook_with_the_same_numbers(self, client, ana, march):
        from python_calamine import CalamineWorkbook

        client.force_login(ana)
        file = client.get(reverse("pay:export", args=[ana.pk, "2026-03"])).content

        rows = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
        assert [row[4] for row in rows if len(row) > 4 and row[4] == 20.0] == [20.0]

    def test_leaks_through_no_list_export_or_sort(self, client, ana, cy, march):
        client.force_login(cy)
        for route in ("pay:statements", "pay:ledger"):
            for query in ("", "?sort=-amount", "?sort=-due", f"?owner={ana.pk}", "?q=Ana"):
                answer = client.get(reverse(route) + query)
                assert b"20.00" not in answer.content
        for kind in ("statement", "commission"):
            taken = client.get("/export", {"kind": kind, "format": "csv"})
            body = b"".join(taken.streaming_content) if taken.streaming else taken.content
            assert b"20" not in body.replace(b"2026", b"") or taken.status_code != 200

    def test_is_walked_through_by_buttons(self, client, ana, gil, march):
        client.force_login(ana)
        client.post(reverse("pay:dispute", args=[march.pk]), {"question": "Why?"})
        client.force_login(gil)
        dispute = march.disputes.get()
        client.post(reverse("pay:answer", args=[dispute.pk]), {"answer": "So.", "correction": ""})
        client.post(reverse("pay:approve_statements"), {"ids": [march.pk]})
        client.post(reverse("pay:settle_statements"), {"ids": [march.pk]})

        march.refresh_from_db()
        assert march.status == "settled"


class TestAnAmount:
    def test_opens_to_order_payment_rule_and_formula(self, client, ana, march):
        entry = LedgerEntry.objects.get()
        client.force_login(ana)
        address = reverse("pay:entry", args=[entry.pk])

        assert address in client.get(reverse("pay:statement", args=[ana.pk, "2026-03"])).content.decode()
        page = client.get(address).content.decode()

        assert f'href="/orders/{entry.order_id}"' in page
        assert f'href="/orders/{entry.order_id}#payment-{entry.payment_id}"' in page
        assert reverse("pay:plan", args=[entry.plan_version.plan_id]) in page
        assert "It pays 5%." in page
        assert "¥400.00 × 5% = ¥20.00" in page

    def test_says_that_it_was_taken_back_and_by_what(self, client, ana, gil, order, plan):
        receive(order, 400, gil)
        pay.post_commission([ana], by=gil, at=LATER)
        split = [(ana, D(50)), (gil, D(50))]
        pay.split_credit(order, shares=split, by=gil, at=LATER)
        pay.post_commission([ana], by=gil, at=LATER)
        reversal = LedgerEntry.objects.filter(reversal_of__rule="commission").get()
        client.force_login(ana)

        page = client.get(reverse("pay:entry", args=[reversal.reversal_of_id])).content.decode()
        back = client.get(reverse("pay:entry", args=[reversal.pk])).content.decode()

        assert reverse("pay:entry", args=[reversal.pk]) in page
        assert "Takes back what was posted before: ¥400.00 × 5% = ¥20.00" in back

    def test_is_folded_away_together_with_what_took_it_back(self, client, ana, gil, order, plan):
        receive(order, 400, gil)
        pay.post_commission([ana], by=gil, at=LATER)
        pay.split_credit(order, shares=[(ana, D(50)), (gil, D(50))], by=gil, at=LATER)
        pay.post_commission([ana], by=gil, at=LATER)

        (group,) = queries.statement_page(ana, MARCH).groups

        assert [row.entry.amount for row in group.standing] == [D(10)]
        assert sorted(row.entry.amount for row in group.cancelled) == [D(-20), D(20)]
        assert group.total == D(10)
        client.force_login(ana)
        page = client.get(reverse("pay:statement", args=[ana.pk, "2026-03"])).content.decode()
        assert "2 entries that take each other away" in page
        assert "2 entries that take each other away" in client.get(f"/orders/{order.pk}").content.decode()

    def test_shows_no_way_to_an_order_that_somebody_may_not_see(self, client, ana, cy, gil, order, plan):
        pay.split_credit(order, shares=[(ana, D(50)), (cy, D(50))], by=gil, at=LATER)
        receive(order, 400, gil)
        pay.post_commission([ana, cy], by=gil, at=LATER)
        client.force_login(cy)

        page = client.get(reverse("pay:entry", args=[LedgerEntry.objects.get(owner=cy).pk])).content.decode()

        assert order.number in page
        assert f"/orders/{order.pk}" not in page

    def test_is_missing_to_strangers(self, client, cy, march):
        client.force_login(cy)

        assert client.get(reverse("pay:entry", args=[LedgerEntry.objects.get().pk])).status_code == 404


class TestThePayslip:
    def test_says_in_words_what_is_to_be_paid_where_people_read_chinese(self, client, ana, march):
        client.force_login(ana)
        address = reverse("pay:slip", args=[ana.pk, "2026-03"])

        for language, is_said in (("zh-hans", True), ("en", False)):
            client.post("/language", {"language": language, "next": "/pay/"})
            assert ("贰拾元整" in client.get(address).content.decode()) is is_said


class TestThePages:
    def test_open_for_finance(self, client, ana, gil, march, plan):
        client.force_login(gil)
        version = plan.versions.get()
        addresses = [
            reverse("pay:pay"), reverse("pay:plans"), reverse("pay:define_plan"), reverse("pay:settings"),
            reverse("pay:plan", args=[plan.pk]), reverse("pay:amend_plan", args=[plan.pk]),
            reverse("pay:assign_plan", args=[plan.pk]), reverse("pay:simulate", args=[version.pk]),
            reverse("pay:end_version", args=[version.pk]), reverse("pay:ledger"), reverse("pay:statements"),
            reverse("pay:what_if", args=[ana.pk]) + "?amount=1000",
            reverse("pay:withdraw_plan", args=[plan.assignments.get().pk]),
        ]  # fmt: skip

        assert [(path, client.get(path).status_code) for path in addresses] == [(path, 200) for path in addresses]

    def test_say_when_the_next_month_is_due_while_none_is(self, client, gil, march):
        this_month = today().replace(day=1)
        PaySettings.objects.update(closed_through=add_months(this_month, -1), closes_on_day=3)
        client.force_login(gil)
        page = client.get(reverse("pay:pay"))

        assert page.context["overview"].next_month is None
        assert page.context["overview"].due_from == add_months(this_month, 1)
        assert page.context["overview"].closes_itself_on == add_months(this_month, 1).replace(day=3)
        assert "No month is due." in page.content.decode()
        assert "It closes by itself on" in page.content.decode()

    def test_offer_to_close_a_month_that_is_due(self, client, gil, march):
        this_month = today().replace(day=1)
        PaySettings.objects.update(closed_through=add_months(this_month, -2), closes_on_day=None)
        client.force_login(gil)
        page = client.get(reverse("pay:pay"))

        assert page.context["overview"].next_month == add_months(this_month, -1)
        assert page.context["overview"].coming_month is None
        assert "No month is due." not in page.content.decode()

    def test_lead_a_seller_to_the_own_statement(self, client, ana, plan):
        client.force_login(ana)

        assert f"/pay/people/{ana.pk}/" in client.get(reverse("pay:pay")).headers["Location"]

    def test_say_what_one_more_sale_would_bring(self, client, ana, gil, plan):
        client.force_login(ana)

        page = client.get(reverse("pay:what_if", args=[ana.pk]), {"amount": "1000"}).content.decode()

        assert "50.00 more" in page

    def test_count_corrections_by_hand_along(self, client, ana, gil, march):
        pay.dispute_statement(march, question="Why?", by=ana, at=LATER)
        given = {"answer": "So.", "correction": D(7), "by": gil, "at": LATER}
        pay.answer_dispute(march.disputes.get(), **given)
        month = LedgerEntry.objects.get(rule="correction").period
        client.force_login(ana)

        asked = {"amount": "1000", "on": f"{month:%Y-%m-%d}"}
        page = client.get(reverse("pay:what_if", args=[ana.pk]), asked).content.decode()

        assert "¥57.00 instead of ¥7.00" in page
        assert "Both include ¥7.00 that was corrected by hand." in page

    def test_define_a_plan_by_form_fields(self, client, gil):
        client.force_login(gil)
        tables = ("tiers", "levels", "kickers", "product_rates")
        given = {f"{name}-{part}": "0" for name in tables for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
        given |= {"name": "Tiers", "measure": "received", "frequency": "month", "style": "cumulative"}
        given |= {"tiers-TOTAL_FORMS": "2", "tiers-0-starts_at": "0", "tiers-0-rate": "3"}

        answer = client.post(reverse("pay:define_plan"), given)
        wrong = client.post(reverse("pay:define_plan"), given | {"name": "Other", "tiers-0-starts_at": "7"})

        plan = PayPlan.objects.get()
        assert answer.headers["Location"] == reverse("pay:plan", args=[plan.pk])
        assert plan.versions.get().document.tiers[0].rate == 3
        assert wrong.status_code == 422
        assert "The first tier starts at 0" in wrong.content.decode()


class TestTheCreditOfAnOrder:
    def test_is_told_on_its_page_with_what_it_paid(self, client, gil, ana, cy, order, march):
        client.force_login(gil)
        split = reverse("pay:split_order", args=[order.pk])

        page = client.get(f"/orders/{order.pk}").content.decode()

        assert "20.00" in page.partition("Commission")[2]
        assert split in page

    def test_adds_up_to_100_or_says_what_it_adds_up_to(self, client, gil, ana, cy, order):
        client.force_login(gil)
        split = reverse("pay:split_order", args=[order.pk])
        given = {"shares-TOTAL_FORMS": "2", "shares-INITIAL_FORMS": "0", "shares-0-person": ana.pk,
                 "shares-0-percent": "60", "shares-1-person": cy.pk, "shares-1-percent": "30"}  # fmt: skip

        wrong = client.post(split, given)
        right = client.post(split, given | {"shares-1-percent": "40"})

        assert wrong.status_code == 422
        assert "The shares add up to 90 percent" in wrong.content.decode()
        assert right.status_code == 302
        assert {(row.person, row.percent) for row in CreditSplit.objects.filter(order=order)} == {(ana, 60), (cy, 40)}


class TestTheApi:
    def test_lists_own_entries_only(self, call, token, ana, cy, march):  # noqa: F811
        mine = call(token(ana), "get", "/commissions").json()["items"]

        assert (mine[0]["amount"]["amount"], mine[0]["reversal_of"]) == ("20.00", None)
        assert call(token(cy), "get", "/commissions").json()["items"] == []
        assert call(token(cy), "get", f"/statements/{march.pk}").status_code == 404

    def test_walks_a_statement_through(self, call, token, ana, gil, march):  # noqa: F811
        key = token(gil)
        for verb, status in [("approve", "approved"), ("settle", "settled")]:
            answer = call(key, "post", f"/statements/{march.pk}/{verb}", {})
            assert (answer.status_code, answer.json()["status"]) == (200, status)
        assert call(key, "post", f"/statements/{march.pk}/settle", {}).status_code == 409


class TestWhatItWouldCost:
    def test_is_what_was_paid_for_the_plan_in_force(self, gil, ana, northwind):
        plan = make_plan(gil)
        receive(sign(northwind, ana, 1000), 400, gil)
        version = plan.versions.get()

        found = queries.simulate(version.document, plan_id=plan.pk, today=date(2026, 6, 15))

        assert (found.now, found.then, found.bookings, found.cliffs) == (D(20), D(20), D(400), [])
        assert found.rate_then == D("0.05")
        assert len(found.months) == 12
        assert [(month.first, month.now, month.then) for month in found.months if month.now] == [(MARCH, D(20), D(20))]

    def test_is_drawn_by_month_and_by_person(self, client, gil, ana, northwind):
        plan = make_plan(gil)
        day = today().replace(day=1) - timedelta(days=20)
        receive(sign(northwind, ana, 1000, on=day), 400, gil, on=day)
        client.force_login(gil)

        page = client.get(reverse("pay:simulate", args=[plan.versions.get().pk])).content.decode()

        assert f'data-bar="{day:%Y-%m}" data-value="20' in page
        assert 'data-bar="Ana" data-value="0' in page

    def test_names_cliffs_and_says_when_it_knows_too_little(self, gil, ana, northwind):
        from salesmode.pay import queries
        from salesmode.pay.models.terms import PlanTerms

        receive(sign(northwind, ana, 1000), 400, gil)
        tiers = [{"starts_at": 0, "rate": 2}, {"starts_at": 1000, "rate": 5}]
        terms = PlanTerms(style="best_tier", tiers=tiers)

        found = queries.simulate(terms, plan_id=None, today=date(2026, 6, 15))

        assert [(cliff.at, cliff.jump) for cliff in found.cliffs] == [(D(1000), D("30.02"))]
        assert [(edge.says_enough, edge.discount_crossing) for edge in found.edges] == [(False, None)]
