"""Today, the inbox, saved views, the audit log and the company's settings."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from salesmode.customers import operations as customers
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import Company, CustomField, EventRecord
from salesmode.kernel.refusals import NotAllowed
from salesmode.people.models import Person
from salesmode.selling import operations as selling
from salesmode.workspace import operations
from salesmode.workspace.models import Notification, SavedView
from tests.conftest import MONDAY


@pytest.fixture
def inbox_of():
    """What somebody is told once everybody has been told."""

    def told(person) -> list[str]:
        run_waiting_jobs()
        return [note.sentence for note in Notification.objects.filter(person=person).order_by("id")]

    return told


class TestToday:
    def test_shows_what_is_due_today_and_what_is_late(self, client, ana, northwind):
        customers.schedule_follow_up(northwind, next_contact_at=now() + timedelta(minutes=1), by=ana, at=now())
        client.force_login(ana)

        assert "Northwind" in client.get("/").content.decode()

    def test_shows_deals_that_should_be_decided_and_those_without_a_next_step(self, client, ana, renewal):
        selling.amend_deal(renewal, closes_on=now().date() - timedelta(days=3), by=ana, at=now())
        client.force_login(ana)
        page = client.get("/")

        cards = {each["name"]: each["card"] for each in page.context["cards"]}
        assert cards["closing"].rows == [renewal]
        assert cards["closing"].late == 1
        assert cards["next_step"].rows == [renewal]

        selling.amend_deal(renewal, next_step="Send the contract", by=ana, at=now())
        cards = {each["name"]: each["card"] for each in client.get("/").context["cards"]}
        assert cards["next_step"].is_empty

    def test_shows_nothing_of_others(self, client, cy, renewal, northwind):
        client.force_login(cy)
        for scope in ("", "?scope=team"):
            page = client.get(f"/{scope}").content.decode()
            assert "Renewal" not in page
            assert "Northwind" not in page

    def test_widens_to_those_below_for_who_leads(self, client, bo, renewal):
        client.force_login(bo)
        assert "Renewal" in client.get("/").content.decode()
        assert "Renewal" not in client.get("/?scope=me").content.decode()

    def test_takes_as_many_queries_for_many_as_for_few(
        self, client, ana, northwind, process, django_assert_max_num_queries
    ):
        client.force_login(ana)
        for number in range(2):
            selling.open_deal(title=f"Deal {number}", customer=northwind, amount=Decimal(9), by=ana, at=MONDAY)
        client.get("/")
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        for number in range(30):
            selling.open_deal(title=f"More {number}", customer=northwind, amount=Decimal(9), by=ana, at=MONDAY)

        with django_assert_max_num_queries(len(few)):
            client.get("/")

    @pytest.mark.parametrize("somebody", ["ana", "bo", "di", "ed", "fay", "gil"])
    def test_opens_for_everybody_with_nothing_to_do(self, client, somebody, request):
        client.force_login(request.getfixturevalue(somebody))
        assert client.get("/").status_code == 200


class TestTheInbox:
    def test_tells_the_new_owner_of_a_deal(self, client, renewal, bo, cy, di, inbox_of):
        selling.hand_over_deal(renewal, to=cy, by=di, at=now())

        assert inbox_of(cy) == ["Di handed the deal Renewal over to you."]
        client.force_login(cy)
        assert "Inbox: 1 unread" in client.get("/").content.decode()

    def test_tells_it_once_however_often_it_is_told(self, renewal, cy, di, inbox_of):
        from salesmode.kernel.events import typed
        from salesmode.workspace.subscribers import tell_the_new_owner_of_the_deal

        selling.hand_over_deal(renewal, to=cy, by=di, at=now())
        row = EventRecord.objects.get(name="deal.handed_over")
        for _number in range(3):
            tell_the_new_owner_of_the_deal(typed(row), at=row.happened_at)

        assert inbox_of(cy) == ["Di handed the deal Renewal over to you."]

    def test_tells_many_at_once_in_one_note(self, ana, cy, di, process, inbox_of):
        deals = [selling.open_deal(title=f"Deal {number}", by=ana, at=now()) for number in range(5)]
        moment = now()
        for deal in deals:
            selling.hand_over_deal(deal, to=cy, by=di, at=moment)

        assert inbox_of(cy) == ["Di handed 5 deals over to you."]

    def test_tells_nobody_what_they_did_themselves_nor_old_history(self, renewal, cy, ana, di, inbox_of):
        selling.hand_over_deal(renewal, to=cy, by=di, at=MONDAY)
        selling.hand_over_deal(renewal, to=di, by=di, at=now())

        assert inbox_of(cy) == []
        assert inbox_of(di) == []

    def test_reads_in_the_readers_language_and_leads_there(self, client, renewal, cy, di, inbox_of):
        selling.hand_over_deal(renewal, to=cy, by=di, at=now())
        inbox_of(cy)
        note = Notification.objects.get()
        client.force_login(cy)
        answer = client.post(f"/inbox/{note.pk}")

        assert answer.headers["Location"] == f"/deals/{renewal.pk}"
        note.refresh_from_db()
        assert note.read_at is not None

    def test_is_nobody_elses(self, client, renewal, ana, cy, di, inbox_of):
        selling.hand_over_deal(renewal, to=cy, by=di, at=now())
        inbox_of(cy)
        client.force_login(di)

        assert client.post(f"/inbox/{Notification.objects.get().pk}").status_code == 404
        assert Notification.objects.get().read_at is None

    def test_tells_who_imports_that_it_is_done(self, ana, system, inbox_of):
        from django.db import transaction

        from salesmode.exchange.events import ImportFinished
        from salesmode.exchange.models import ImportRun
        from salesmode.kernel.events import record

        moment = now()
        run = ImportRun.objects.create(
            sheet="customer", file_name="leads.xlsx", by_id=ana.pk, created_at=moment, updated_at=moment
        )
        with transaction.atomic():
            record(ImportFinished(import_id=run.pk, sheet="customer", created=3), by=system, at=moment)

        assert inbox_of(ana) == ["Your import of leads.xlsx is done."]


class TestSavedViews:
    def test_come_back_with_their_filters(self, client, ana, process):
        client.force_login(ana)
        answer = client.post(
            "/views/deal/new", {"name": "Mine", "shared_with": "me", "query": "sort=-amount", "back": "/deals/"}
        )

        assert answer.headers["Location"].startswith("/deals/?")
        page = client.get("/deals/").content.decode()
        assert ">Mine<" in page

    def test_open_the_list_that_they_were_kept_from(self, client, ana, process):
        client.force_login(ana)
        page = client.get("/deals/?sort=-amount").content.decode()
        link = re.search(r'href="(/views/deal/new\?[^"]+)"', page)[1].replace("&amp;", "&")
        form = client.get(link).context["form"]
        kept = {"name": "Largest first", "shared_with": "me", "query": form.initial["query"], "back": "/deals/"}

        answer = client.post("/views/deal/new", kept, follow=True)

        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0] == "/deals/?sort=-amount"

    def test_are_refused_with_filters_that_the_list_does_not_know(self, client, ana):
        client.force_login(ana)
        form = {"name": "Odd", "shared_with": "me", "query": "password=x", "back": "/deals/"}

        assert client.post("/views/deal/new", form).status_code == 422
        assert not SavedView.objects.exists()

    @pytest.mark.parametrize(("audience", "seen_by"), [("me", {"ana"}), ("team", {"ana", "dee"}), ("company", None)])
    def test_are_seen_by_those_they_are_shown_to(self, ana, bo, cy, system, north, audience, seen_by):
        from salesmode.people import operations as people

        dee = people.create_person(email="dee@example.com", name="Dee", team=north, by=system, at=MONDAY)
        by = bo if audience == "company" else ana
        view = operations.save_view(list_kind="deal", name="Big", query="", shared_with=audience, by=by, at=MONDAY)

        seen = {person.name.lower() for person in (ana, dee, cy) if view in SavedView.objects.visible_to(person)}
        assert seen == (seen_by or {"ana", "dee", "cy"})

    def test_are_put_on_everybodys_list_only_by_who_leads(self, ana):
        with pytest.raises(NotAllowed):
            operations.save_view(list_kind="deal", name="Big", query="", shared_with="company", by=ana, at=MONDAY)
        assert not SavedView.objects.exists()

    def test_are_changed_only_by_who_made_them(self, client, bo, cy):
        view = operations.save_view(list_kind="deal", name="Big", query="", shared_with="company", by=bo, at=MONDAY)
        client.force_login(cy)

        assert client.post(f"/views/{view.pk}", {"name": "Mine now", "shared_with": "me"}).status_code == 403
        assert client.post(f"/views/{view.pk}/delete").status_code == 403
        view.refresh_from_db()
        assert view.name == "Big"

    def test_lead_to_no_other_site(self, client, ana):
        client.force_login(ana)
        form = {"name": "Mine", "shared_with": "me", "query": "", "back": "//evil.example/deals/"}

        assert client.post("/views/deal/new", form).headers["Location"] == "/"


class TestTheAuditLog:
    def test_shows_who_did_what_and_narrows_to_a_record(self, client, fay, ana, renewal):
        selling.amend_deal(renewal, next_step="Call", by=ana, at=now())
        client.force_login(fay)

        page = client.get(f"/settings/audit?kind=deal&record={renewal.pk}")
        assert [line.event.name for line in page.context["lines"]] == ["deal.amended", "deal.opened"]
        assert page.context["lines"][0].actor == ana

    def test_pages_through_everything_once(self, client, ed, system):
        from salesmode.people import operations as people

        for number in range(60):
            people.create_team(name=f"T{number}", by=system, at=MONDAY)
        client.force_login(ed)
        first = client.get("/settings/audit?kind=team")
        rest = client.get(f"/settings/audit?kind=team&before={first.context['further']}")

        seen = [line.event.subject_id for page in (first, rest) for line in page.context["lines"]]
        assert len(seen) == len(set(seen)) == 60

    @pytest.mark.parametrize("somebody", ["ana", "bo", "gil"])
    def test_is_closed_to_others(self, client, somebody, request):
        client.force_login(request.getfixturevalue(somebody))
        assert client.get("/settings/audit").status_code == 403

    @pytest.mark.parametrize(
        "query",
        [
            "record=x",
            "before=-1",
            "actor=999999",
            "kind=nothing",
            "first=soon",
            "record=9" * 20,
            "first=0001-01-01",
            "last=9999-12-31",
        ],
    )
    def test_answers_odd_questions_calmly(self, client, ed, query):
        client.force_login(ed)
        assert client.get(f"/settings/audit?{query}").status_code in {200, 422}


class TestCompanySettings:
    def test_change_what_holds_for_all(self, client, ed):
        client.force_login(ed)
        form = {"name": "Acme", "language": "en", "currency": "EUR", "time_zone": "Europe/Berlin"}
        client.post("/settings/company", form | {"fiscal_year_starts_in": 4, "country": "DE", "version": 1})

        company = Company.objects.current()
        assert (company.name, company.fiscal_year_starts_in, company.country) == ("Acme", 4, "DE")

    @pytest.mark.parametrize(("language", "said"), [("zh-hans", "CNY · 人民币"), ("en", "CNY · Chinese Yuan")])
    def test_name_currencies_and_countries_in_the_language_of_who_looks(self, client, ed, language, said):
        Person.objects.filter(pk=ed.pk).update(language=language)
        client.force_login(ed)

        page = client.get("/settings/company").content.decode()

        assert said in page
        assert {"zh-hans": "CN · 中国", "en": "CN · China"}[language] in page

    def test_are_changed_by_administrators_alone(self, client, di):
        client.force_login(di)
        assert client.post("/settings/company", {"name": "Mine"}).status_code == 403


class TestOwnFields:
    def test_are_added_changed_and_taken_out_of_use(self, client, ed):
        client.force_login(ed)
        form = {
            "kind": "customer",
            "label_zh": "等级",
            "label_en": "Tier",
            "key": "tier",
            "type": "choice",
            "position": 1,
        }
        client.post("/settings/fields/new", form | {"choices": "Gold\nSilver\nGold"})
        field = CustomField.objects.get()
        assert (field.key, field.choices) == ("tier", ["Gold", "Silver"])

        client.post(
            f"/settings/fields/{field.pk}", {"label_zh": "级别", "label_en": "Level", "choices": "Gold", "position": 2}
        )
        client.post(f"/settings/fields/{field.pk}/retire")
        field.refresh_from_db()
        assert (field.label_en, field.is_active) == ("Level", False)

    def test_say_at_the_field_what_does_not_fit(self, client, ed):
        client.force_login(ed)
        answer = client.post(
            "/settings/fields/new", {"kind": "customer", "key": "Tier!", "type": "text", "position": 0}
        )

        assert answer.status_code == 422
        assert "key" in answer.context["form"].errors
