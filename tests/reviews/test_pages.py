"""The pages, for whoever looks; and that nobody reads what they may not know yet."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import now

from salesmode.people import operations as people
from salesmode.reviews import operations as reviews
from salesmode.reviews.models import Review
from tests.conftest import today
from tests.reviews.conftest import APRIL, competency, view

SECRETS = ("SECRETSTRENGTH", "SECRETADVICE", "SECRETCOMMENT", "SECRETREASON", "77.77")


@pytest.fixture
def ask(client):
    """Ask the API as somebody: ask(ana, "get", "/reviews")."""

    def ask(person, method, path, body=None, **headers):
        _token, raw = people.create_token(person=person, name="Test", scope="write", by=person, at=now())
        more = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {raw}", **headers}, **more)

    return ask


@pytest.fixture
def weighed(assessed, di) -> Review:
    """Assessed and calibrated, but not told."""
    return reviews.calibrate_review(assessed, result=Decimal("77.77"), reason="SECRETREASON", by=di, at=APRIL)


def addresses(review: Review) -> list[str]:
    """Every way on which somebody might hear of a review."""
    key = review.pk
    pages = [
        f"/reviews/{key}",
        f"/reviews/{key}/print",
        "/reviews/",
        "/reviews/?columns=result&columns=grade&columns=status",
    ]
    pages += [f"/reviews/{key}/self", f"/reviews/{key}/disagree", f"/reviews/rounds/{review.round_id}", "/"]
    pages += [
        "/export/review",
        "/export/review?format=csv",
        "/reviews/?q=SECRET",
        "/search?q=SECRET",
        "/settings/audit",
    ]
    return pages


@pytest.mark.django_db
class TestBeforeItIsTold:
    def test_the_person_finds_no_trace_of_what_the_manager_thinks(self, client, ask, weighed, ana):
        client.force_login(ana)
        for address in addresses(weighed):
            shown = client.get(address, follow=True)
            text = shown.content.decode(errors="replace")
            if getattr(shown, "streaming", False):
                text = b"".join(shown.streaming_content).decode(errors="replace")
            assert [secret for secret in SECRETS if secret in text.replace("?q=SECRET", "")] == [], address
        for path in (f"/reviews/{weighed.pk}", "/reviews"):
            answer = ask(ana, "get", path)
            assert answer.status_code == 200
            assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
        own = ask(ana, "get", f"/reviews/{weighed.pk}").json()
        assert (own["result"], own["grade"], own["managers_view"], own["calibrations"]) == (None, None, None, [])
        assert {line["manager_level"] for line in own["lines"]} == {None}

    def test_a_leader_finds_it_there(self, client, ask, weighed, bo):
        """The control: the same looks do find it."""
        client.force_login(bo)
        text = client.get(f"/reviews/{weighed.pk}").content.decode()
        assert [secret for secret in SECRETS[:4] if secret not in text] == []
        found = ask(bo, "get", f"/reviews/{weighed.pk}").json()
        assert (found["managers_view"]["strengths"], found["calibrations"][0]["result"]) == ("SECRETSTRENGTH", "77.77")

    def test_it_cannot_be_filtered_or_sorted_out(self, client, ask, weighed, ana):
        client.force_login(ana)
        for name in ("result", "result_from", "calibrations"):
            assert ask(ana, "get", f"/reviews?{name}=77").status_code == 400
        assert ask(ana, "get", "/reviews?sort=result").status_code == 400
        assert ask(ana, "get", "/reviews?grade=C").json()["items"] == []

    def test_events_say_nothing_of_it(self, weighed):
        from salesmode.kernel.models import EventRecord

        told = json.dumps([event.facts for event in EventRecord.objects.filter(subject_kind="review")])
        assert [secret for secret in (*SECRETS, "result", "grade") if secret in told] == []

    def test_afterwards_the_person_reads_it(self, client, weighed, ana, bo):
        reviews.tell_review(weighed, by=bo, at=APRIL)
        client.force_login(ana)
        text = client.get(f"/reviews/{weighed.pk}").content.decode()
        assert "SECRETSTRENGTH" in text
        assert "SECRETREASON" in text

    def test_a_manager_finds_no_trace_about_themselves(self, client, review, bo, di):
        own = Review.objects.get(owner=bo)
        reviews.submit_self_review(own, draft=view(own, 5), by=bo, at=APRIL)
        said = {"strengths": "SECRETSTRENGTH", "improvements": "SECRETADVICE", "comment": "SECRETCOMMENT"}
        reviews.submit_review(own, draft=view(own, 3, **said), by=di, at=APRIL)
        reviews.calibrate_review(own, result=Decimal("77.77"), reason="SECRETREASON", by=di, at=APRIL)
        client.force_login(bo)
        for address in addresses(own):
            shown = client.get(address, follow=True)
            text = b"".join(shown.streaming_content) if getattr(shown, "streaming", False) else shown.content
            assert [one for one in SECRETS if one.encode() in text.replace(b"?q=SECRET", b"")] == [], address


@pytest.mark.django_db
class TestPeers:
    @pytest.mark.parametrize("who", ["amy", "cy", "gil"])
    def test_find_no_review(self, client, ask, told, request, who):
        person = request.getfixturevalue(who)
        client.force_login(person)
        for address in (f"/reviews/{told.pk}", f"/reviews/{told.pk}/print", f"/reviews/{told.pk}/self"):
            assert client.get(address).status_code in (403, 404)
        assert ask(person, "get", f"/reviews/{told.pk}").status_code == 404
        assert told.pk not in [item["id"] for item in ask(person, "get", "/reviews").json()["items"]]

    def test_do_not_read_an_own_view_before_it_is_sent(self, client, review, ana, bo):
        reviews.score_self(review, draft=view(review, 4, strengths="MYDRAFT"), by=ana, at=APRIL)
        client.force_login(bo)
        assert "MYDRAFT" not in client.get(f"/reviews/{review.pk}").content.decode()
        client.force_login(ana)
        assert "MYDRAFT" in client.get(f"/reviews/{review.pk}").content.decode()


@pytest.mark.django_db
class TestThePages:
    @pytest.mark.parametrize("who", ["ana", "bo", "di", "ed", "fay"])
    def test_open_for_whoever_may(self, client, told, request, who, north):
        client.force_login(request.getfixturevalue(who))
        for address in (
            f"/reviews/{told.pk}",
            f"/reviews/{told.pk}/print",
            "/reviews/",
            "/leaderboards",
            "/recognition/",
        ):
            assert client.get(address).status_code == 200, address
        for address in ("/challenges/", "/improvement-plans/", "/settings/badges", f"/leaderboards?team={north.pk}"):
            assert client.get(address).status_code == 200, address
        leads = who != "ana"
        for address in ("/performance/dependence", f"/reviews/rounds/{told.round_id}"):
            assert client.get(address).status_code == (200 if leads else 403), address

    def test_take_a_review_through_its_life_without_script(self, client, review, ana, bo, di):
        level, key = f"level_{competency(review)}", review.pk
        client.force_login(ana)
        kept = client.post(f"/reviews/{key}/self", {level: "4", "strengths": "S", "version": "1"})
        sent = client.post(f"/reviews/{key}/self", {level: "4", "strengths": "S", "send": "1"})
        client.force_login(bo)
        missing = client.post(f"/reviews/{key}/assess", {"send": "1"})
        assessed = client.post(f"/reviews/{key}/assess", {level: "3", "send": "1"})
        weighed = client.post(f"/reviews/{key}/calibrate", {"result": "85", "reason": "Fair"})
        told = client.post(f"/reviews/{key}/tell")
        client.force_login(ana)
        disagreed = client.post(f"/reviews/{key}/disagree", {"statement": "Hm"})
        client.force_login(bo)
        answered = client.post(f"/reviews/{key}/answer", {"answer": "Well"})
        client.force_login(di)
        second = client.post(f"/reviews/{key}/second-opinion", {"opinion": "As it is", "result": ""})
        client.force_login(bo)
        first = client.post(f"/reviews/{key}/sign")
        client.force_login(ana)
        last = client.post(f"/reviews/{key}/sign")

        found = [kept, sent, assessed, weighed, told, disagreed, answered, second, first, last]
        assert {answer.status_code for answer in found} == {302}
        assert missing.status_code == 422
        review.refresh_from_db()
        assert (review.status, review.result, review.grade) == ("locked", 85, "B")

    def test_a_form_is_designed_and_changed(self, client, ed, form):
        client.force_login(ed)
        given = {"name": "Year", "is_active": "on"}
        for prefix, rows in {
            "metrics": [{"metric": "won_amount", "weight": "70", "target": "500", "cap": "150"}],
            "competencies": [{"name": "Care", "weight": "30", "anchors": "a\nb\nc\nd\ne"}],
            "grades": [{"code": "A", "least": "80", "share": "40"}, {"code": "B", "least": "0", "share": "60"}],
        }.items():
            given |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
            given |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}

        assert client.post("/settings/review-forms/new", given).status_code == 302
        wrong = client.post("/settings/review-forms/new", given | {"name": "Odd", "metrics-0-weight": "60"})
        assert wrong.status_code == 422
        # Once on top, and once above the table that it is about.
        assert wrong.content.decode().count("weights add up to 90") == 2
        address = f"/settings/review-forms/{form.pk}"
        assert client.get(address).status_code == 200
        assert client.post(address, given | {"name": "Quarter", "version": "1"}).status_code == 302
        form.refresh_from_db()
        assert [grade.code for grade in form.scale] == ["A", "B"]

    def test_a_calibration_names_whose_result_it_is_about(self, client, review, ana, bo):
        client.force_login(bo)
        client.post(f"/reviews/{review.pk}/assess", {f"level_{competency(review)}": "3", "send": "1"})

        assert str(review) in client.get(f"/reviews/{review.pk}/calibrate").content.decode()

    def test_a_badge_shows_its_pictures(self, client, ed):
        client.force_login(ed)
        page = client.get("/settings/badges/new").content.decode()

        assert "#heart-handshake" in page
        assert "Helping hand" in page

    def test_a_plan_says_from_when_it_can_be_decided(self, client, ana, bo):
        plan = reviews.open_improvement_plan(
            owner=ana, reason="More", ends_on=today() + timedelta(days=30),
            goals=[reviews.GoalDraft("win_rate", Decimal("0.5"))], by=bo, at=now(),
        )  # fmt: skip
        address = f"/improvement-plans/{plan.pk}"
        client.force_login(bo)
        assert "It can be decided from" in client.get(address).content.decode()
        client.force_login(ana)
        assert "It can be decided from" not in client.get(address).content.decode()

    def test_a_cycle_is_set_and_ended(self, client, ed, form, north):
        from salesmode.reviews.models import ReviewCycle

        client.force_login(ed)
        given = {"team": north.pk, "template": form.pk, "grain": "quarter", "starts_on": "2026-04-01"}
        assert client.post("/settings/review-cycles/set", given).status_code == 302
        assert ReviewCycle.objects.get().team == north
        assert client.post("/settings/review-cycles/end", {"team": north.pk}).status_code == 302
        assert ReviewCycle.objects.get().ends_on is not None
        assert client.get("/settings/review-forms").status_code == 200

    def test_a_round_is_begun_from_its_page(self, client, bo, form, north):
        client.force_login(bo)
        assert client.get(reverse("reviews:open_round")).status_code == 200
        given = {"template": form.pk, "period": "2026-Q1", "team": north.pk}
        assert client.post(reverse("reviews:open_round"), given).status_code == 302
        assert client.post(reverse("reviews:open_round"), given | {"period": "soon"}).status_code == 422

    def test_a_challenge_is_set_up_with_whoever_is_ticked_and_said_to_be_on(self, client, ana, bo, warehouse):
        client.force_login(bo)
        page = client.get("/challenges/new").content.decode()
        assert f'type="checkbox" name="participants" value="{ana.pk}"' in page
        assert "this-month" not in page

        answer = client.post(
            "/challenges/new",
            {
                "name": "June",
                "metric": "won_amount",
                "rule": "ranking",
                "period": "2099-06",
                "participants": [ana.pk, bo.pk],
            },
            follow=True,
        )

        assert answer.redirect_chain
        assert "The challenge is on" in answer.content.decode()

    def test_today_says_what_waits(self, client, review, ana):
        client.force_login(ana)
        assert f"/reviews/{review.pk}" in client.get("/").content.decode()


@pytest.mark.django_db
class TestTheApi:
    def test_takes_a_review_through_its_life(self, ask, review, ana, bo, di):
        key, levels = review.pk, [{"line_id": competency(review), "level": 4}]
        steps = [
            (ana, "submit-self", {"levels": levels, "strengths": "S"}),
            (bo, "submit", {"levels": levels}),
            (bo, "calibrate", {"result": "85", "reason": "Fair"}),
            (bo, "tell", None),
            (ana, "disagree", {"statement": "Hm"}),
            (bo, "answer", {"answer": "Well"}),
            (di, "second-opinion", {"opinion": "Half", "result": "88.5"}),
            (bo, "sign", None),
            (ana, "sign", None),
        ]
        found = [ask(who, "post", f"/reviews/{key}/{verb}", body or {}) for who, verb, body in steps]

        assert [answer.status_code for answer in found] == [200] * len(steps)
        assert (found[-1].json()["status"], found[-1].json()["result"]) == ("locked", "88.5")
        again = ask(ana, "post", f"/reviews/{key}/sign", {})
        assert (again.status_code, again.json()["code"]) == (409, "review_locked")
        assert ask(bo, "post", f"/reviews/{key}/calibrate", {"result": "1", "reason": "x"}).status_code == 409

    def test_says_which_level_is_wrong(self, ask, review, ana):
        wrong = ask(ana, "post", f"/reviews/{review.pk}/submit-self", {"levels": [{"line_id": 999999, "level": 3}]})
        assert wrong.status_code == 422
        six = {"levels": [{"line_id": competency(review), "level": 6}]}
        assert ask(ana, "post", f"/reviews/{review.pk}/submit-self", six).status_code == 422

    def test_agrees_on_plans_and_thanks(self, ask, ana, bo, cy, warehouse):
        goals = [{"metric": "won_amount", "target": "100"}]
        body = {"owner_id": ana.pk, "reason": "Better", "ends_on": "2099-01-01", "goals": goals}
        made = ask(bo, "post", "/improvement-plans", body)
        assert made.status_code == 201
        key = made.json()["id"]
        assert ask(ana, "post", f"/improvement-plans/{key}/check-in", {"text": "Fine"}).status_code == 200
        assert ask(ana, "post", f"/improvement-plans/{key}/decide", {"verdict": "reached"}).status_code == 403
        assert ask(bo, "post", f"/improvement-plans/{key}/decide", {"verdict": "reached"}).status_code == 409
        assert ask(cy, "get", f"/improvement-plans/{key}").status_code == 404
        assert ask(cy, "post", "/improvement-plans", body).status_code == 403
        thanked = ask(cy, "post", "/recognitions", {"owner_id": ana.pk, "text": "Helped me"})
        assert thanked.status_code == 201
        assert [row["text"] for row in ask(ana, "get", "/recognitions").json()["items"]] == ["Helped me"]

    def test_reads_leaderboards_of_own_teams_only(self, ask, ana, north, south, warehouse):
        assert ask(ana, "get", f"/leaderboards?team={north.pk}").status_code == 200
        assert ask(ana, "get", f"/leaderboards?team={south.pk}").status_code == 404
        assert ask(ana, "get", "/leaderboards?metric=interactions").status_code == 400
        assert ask(ana, "get", "/leaderboards?metric=interactions&paired=won_amount").status_code == 200
        assert ask(ana, "get", "/leaderboards?by=luck").status_code == 400

    def test_sets_up_a_challenge(self, ask, ana, bo, cy, warehouse):
        body = {
            "name": "May",
            "metric": "won_amount",
            "target": "10",
            "period": "2099-05",
            "participant_ids": [ana.pk, bo.pk],
        }
        made = ask(bo, "post", "/challenges", body)
        assert made.status_code == 201
        assert [line["person_id"] for line in made.json()["standings"]] == [ana.pk, bo.pk]
        assert ask(cy, "get", f"/challenges/{made.json()['id']}").status_code == 404
        assert ask(bo, "post", "/challenges", body | {"participant_ids": [ana.pk, cy.pk]}).status_code == 403
        assert ask(bo, "post", f"/challenges/{made.json()['id']}/cancel", {}).json()["status"] == "cancelled"
