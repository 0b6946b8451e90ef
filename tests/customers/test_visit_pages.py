"""The pages and endpoints of visits: they work by plain POST, and strangers find nothing there."""

import pytest
from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.customers.models import Visit, VisitPlan
from tests.api.conftest import call as call
from tests.api.conftest import token as token
from tests.conftest import MONDAY, today


@pytest.fixture
def visit(ana, northwind):
    """Ana's visit to Northwind today."""
    return customers.plan_visit(northwind, planned_on=today(), by=ana, at=now())


class TestThePages:
    def test_lead_from_today_to_the_timeline(self, client, ana, visit, northwind):
        client.force_login(ana)
        assert b"data-check-in" in client.get("/").content
        place = {"latitude": "31.230412", "longitude": "121.473701", "accuracy_m": "14.5"}

        answered = client.post(f"/visits/{visit.pk}/check-in", place)
        assert answered.status_code == 302
        assert b"check-out" in client.get(f"/visits/{visit.pk}").content
        refused = client.post(f"/visits/{visit.pk}/check-out", {"result": ""})
        assert refused.status_code == 422
        client.post(f"/visits/{visit.pk}/check-out", {"result": "They want an offer", "keep_position": "on"})

        visit.refresh_from_db()
        assert visit.is_done
        assert visit.accuracy_m == 14.5
        assert b"They want an offer" in client.get(f"/customers/{northwind.pk}").content
        northwind.refresh_from_db()
        assert northwind.position == (31.230412, 121.473701)
        assert client.get(f"/customers/{northwind.pk}?tab=visits").status_code == 200

    def test_check_in_without_a_position_by_plain_form(self, client, ana, northwind):
        client.force_login(ana)
        client.post(f"/customers/{northwind.pk}/visit", {"latitude": "", "longitude": "", "accuracy_m": ""})

        assert Visit.objects.get().place is None
        wrong = client.post(f"/customers/{northwind.pk}/visit", {"latitude": "north"})
        assert wrong.status_code == 422

    def test_plan_a_month_and_change_it(self, client, ana, northwind):
        customers.amend_customer(northwind, grade="B", by=ana, at=MONDAY)
        client.force_login(ana)
        month = {"month": "2099-03"}
        client.post("/visits/plan/month", {"month": f"{today():%Y-%m}"})
        page = client.get(f"/visits/plan?month={today():%Y-%m}")
        assert page.status_code == 200
        client.post("/visits/plan/set", {"customer": northwind.pk, "planned": "0", "month": f"{today():%Y-%m}"})
        assert set(VisitPlan.objects.values_list("planned", flat=True)) <= {0}
        wrong = client.post("/visits/plan/set", {"customer": northwind.pk, "planned": "many"} | month)
        assert wrong.status_code == 422

    @pytest.mark.parametrize("page", ["/visits/", "/visits/day", "/visits/plan", "/visits/coverage"])
    def test_open_for_sellers_managers_and_auditors(self, client, ana, bo, fay, visit, page):
        for person in (ana, bo, fay):
            client.force_login(person)
            assert client.get(page).status_code == 200

    def test_show_nothing_to_strangers(self, client, ana, cy, fay, visit, northwind):
        client.force_login(cy)
        for address in (f"/visits/{visit.pk}", f"/visits/day?person={ana.pk}", f"/visits/plan?person={ana.pk}"):
            assert client.get(address).status_code == 404
        assert client.post(f"/visits/{visit.pk}/check-in").status_code == 404
        assert client.post("/visits/plan/set", {"customer": northwind.pk, "planned": "1"}).status_code == 404
        assert b"Northwind" not in client.get("/visits/").content
        client.force_login(fay)
        assert client.post(f"/visits/{visit.pk}/check-in").status_code == 403
        visit.refresh_from_db()
        assert visit.is_planned

    def test_let_a_manager_order_the_day_of_somebody_below(self, client, ana, bo, visit, northwind):
        contoso = customers.create_customer(name="Contoso", by=ana, at=now())
        other = customers.plan_visit(contoso, planned_on=today(), by=ana, at=now())
        client.force_login(bo)
        client.post("/visits/day/order", {"person": ana.pk, "on": f"{today()}", "up": other.pk})

        other.refresh_from_db()
        assert other.stop == 1

    def test_ask_for_the_steps_of_the_kind_that_is_chosen_at_the_check_out(self, client, ana, ed, visit):
        kinds = [
            customers.define_visit_type(name=name, steps=[{"label": step, "kind": "check"}], by=ed, at=MONDAY)
            for name, step in (("Store check", "Display"), ("Site visit", "Helmet"))
        ]
        customers.check_in_visit(visit, by=ana, at=now())
        client.force_login(ana)
        assert b"Helmet" not in client.get(f"/visits/{visit.pk}").content
        assert b"Helmet" in client.get(f"/visits/{visit.pk}?type={kinds[1].pk}").content

        done = {"type": kinds[1].pk, "step_0": "on", "result": "Looked around"}
        client.post(f"/visits/{visit.pk}/check-out", done)

        visit.refresh_from_db()
        assert (visit.type, visit.answers) == (kinds[1], [{"label": "Helmet", "kind": "check", "value": True}])

    def test_say_that_a_visit_is_planned_for_that_day_already(self, client, ana, visit, northwind):
        client.force_login(ana)

        again = client.post("/visits/new", {"customer": northwind.name, "planned_on": f"{today()}"})

        assert again.status_code == 422
        assert b"is planned already" in again.content
        assert Visit.objects.count() == 1

    def test_keep_the_rules(self, client, ed, ana):
        client.force_login(ed)
        given = {"A": "3", "B": "2", "C": "1", "D": "0", "radius_m": "300"}
        assert client.post("/settings/visits", given).status_code == 302
        steps = {"name": "Store check", "steps": "Display\nnumber: Stock", "is_active": "on"}
        assert client.post("/settings/visits/kinds/new", steps).status_code == 302
        assert b"Store check" in client.get("/settings/visits").content
        client.force_login(ana)
        assert client.get("/settings/visits").status_code == 403


class TestTheEndpoints:
    def test_plan_move_check_in_and_out(self, call, token, ana, northwind):
        secret = token(ana)
        body = {"customer_id": northwind.pk, "planned_on": f"{today()}"}
        made = call(secret, "post", "/visits", body)
        assert made.status_code == 201
        path = f"/visits/{made.json()['id']}"
        assert call(secret, "patch", path, {"purpose": "Offer"}).status_code == 428
        stale = call(secret, "patch", path, {"purpose": "Offer"}, if_match='"9"')
        assert stale.status_code == 412
        moved = call(secret, "patch", path, {"purpose": "Offer"}, if_match='"1"')
        assert moved.json()["purpose"] == "Offer"

        place = {"latitude": 31.230412, "longitude": 121.473701, "accuracy_m": 9}
        assert call(secret, "post", f"{path}/check-in", place).json()["status"] == "under_way"
        assert call(secret, "post", f"{path}/check-in", place).status_code == 409
        done = call(secret, "post", f"{path}/check-out", {"result": "Talked"}).json()

        assert done["status"] == "done"
        assert done["interaction_id"]
        listed = call(secret, "get", "/visits?status=done").json()
        assert [each["id"] for each in listed["items"]] == [done["id"]]

    def test_hide_what_is_not_ones_own(self, call, token, visit, cy):
        assert call(token(cy), "get", f"/visits/{visit.pk}").status_code == 404
        assert call(token(cy), "post", f"/visits/{visit.pk}/check-in", {}).status_code == 404
        assert call(token(cy), "get", "/visits").json()["items"] == []
