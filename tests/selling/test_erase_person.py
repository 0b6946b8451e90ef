"""What is held about somebody is shown to them whole, and erased whole; what was sold stays."""

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from salesmode.customers import operations as customers
from salesmode.customers import queries
from salesmode.customers.models import Contact, Customer, ErasedMark, Interaction, marks_of, veiled
from salesmode.customers.models.contact import ContactErased
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.kernel.operations import attach_file
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.kernel.search import find
from salesmode.selling import operations as selling
from salesmode.selling.models import Deal, Lead
from tests.conftest import MONDAY, TUESDAY

# Words that stand nowhere but with her.
CANARIES = (
    "Quirina", "13912345678", "139 1234 5678", "quirina@canary.example", "wx_quirina", "Head of canaries",
    "Canary department", "1987-06-05", "likes canaries", "canary.pdf",
)  # fmt: skip


@pytest.fixture
def quirina(system, ana, process):
    """Somebody who was a lead, is a contact, and is written about everywhere."""
    lead = selling.create_lead(
        name="Quirina", company_name="Acme", title="Head of canaries", phone="13912345678",
        email="quirina@canary.example", notes="likes canaries", source="web", by=system, at=MONDAY,
    )  # fmt: skip
    selling.claim_lead(lead, by=ana, at=MONDAY)
    draft = selling.DealDraft(title="Cages for Quirina", amount=Decimal(100))
    selling.convert_lead(lead, customer_name="Acme", deal=draft, by=ana, at=MONDAY)
    contact = Contact.objects.get(name="Quirina")
    known = {"mobile": "139 1234 5678", "wechat": "wx_quirina", "department": "Canary department"}
    known |= {"birthday": date(1987, 6, 5), "notes": "likes canaries", "title": "Head of canaries"}
    customers.amend_contact(contact, **known, by=ana, at=MONDAY)
    said = "quirina wants a call at (139) 1234-5678 or mail to Quirina@Canary.example about cages"
    customers.log_interaction(contact.customer, contact=contact, content=said, by=ana, at=MONDAY)
    customers.log_interaction(contact.customer, content="Met without QUIRINA", by=ana, at=MONDAY)
    deal = Deal.objects.get()
    selling.amend_deal(deal, notes="Ask wx_quirina", next_step="Quirina signs", by=ana, at=MONDAY)
    attach_file(contact, name="canary.pdf", content=BytesIO(b"%PDF-1.7 x"), by=ana, at=MONDAY)
    run_waiting_jobs()
    return contact


def places() -> dict[str, set[str]]:
    """Return which canaries stand in which table, in any case."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = current_schema()")
        found: dict[str, set[str]] = {}
        for (table,) in cursor.fetchall():
            for word in CANARIES:
                cursor.execute(f'select 1 from "{table}" t where position(lower(%s) in lower(t::text)) > 0', [word])
                if cursor.fetchone():
                    found.setdefault(table, set()).add(word)
    return found


class TestErasing:
    def test_leaves_nothing_of_her_in_any_table(self, quirina, ana, di):
        before = places()

        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)
        run_waiting_jobs()

        assert set().union(*before.values()) == set(CANARIES)
        assert len(before) >= 6
        assert places() == {}

    def test_leaves_what_was_sold_and_who_of_us_spoke_when(self, quirina, ana, di):
        kept = (Customer.objects.count(), Deal.objects.get().amount, Interaction.objects.count(), Lead.objects.count())

        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)

        now_kept = (Customer.objects.count(), Deal.objects.get().amount, Interaction.objects.count())
        assert (*now_kept, Lead.objects.count()) == kept
        assert Interaction.objects.order_by("pk").last().content == "Met without •••"
        facts = EventRecord.objects.get(name="contact.erased").facts
        assert (facts["reason"], facts["interactions"], facts["files"]) == ("asked", 2, 1)

    def test_hides_her_from_search_lists_and_pickers(self, quirina, ana, di):
        assert [entry.kind for entry in find("Quirina", owners=None)]

        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)

        assert list(find("Quirina", owners=None)) == []
        assert not Contact.objects.visible_to(di).kept().exists()

    def test_is_final(self, quirina, ana, di):
        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)

        with pytest.raises(ContactErased):
            customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)
        with pytest.raises(ContactErased):
            customers.amend_contact(quirina, name="Quirina", by=di, at=TUESDAY)
        with pytest.raises(ContactErased):
            customers.log_interaction(quirina.customer, contact=quirina, content="Hello", by=ana, at=TUESDAY)
        assert "Quirina" not in {word for words in places().values() for word in words}

    @pytest.mark.parametrize("somebody", ["ana", "bo", "cy", "fay"])
    def test_is_refused_to_all_but_heads_and_changes_nothing(self, somebody, quirina, request):
        before = places()

        with pytest.raises(NotAllowed):
            customers.erase_contact(quirina, reason="asked", by=request.getfixturevalue(somebody), at=TUESDAY)
        assert places() == before

    def test_wants_a_reason_that_there_is(self, quirina, di):
        with pytest.raises(Invalid) as refusal:
            customers.erase_contact(quirina, reason="whim", by=di, at=TUESDAY)

        assert "reason" in refusal.value.fields
        assert places()

    def test_is_asked_for_on_a_page_that_says_what_goes(self, client, quirina, di):
        client.force_login(di)
        url = f"/contacts/{quirina.pk}/erase"

        asked = client.get(url)
        unsure = client.post(url, {"reason": "asked"})
        done = client.post(url, {"reason": "asked", "confirmed": "on"}, follow=True)

        assert "What stays" in asked.content.decode()
        assert unsure.status_code == 422
        assert "Personal data erased" in done.content.decode()
        assert places() == {}


class TestSomebodyErased:
    @pytest.fixture
    def gone(self, quirina, di):
        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)
        return quirina

    @pytest.mark.parametrize(
        ("url", "known"),
        [
            ("/contacts/new", {"mobile": "+86 139-1234-5678"}),
            ("/contacts/new", {"email": "QUIRINA@canary.example"}),
            ("/customers/new", {"type": "person", "phone": "13912345678"}),
            ("/leads/new", {"phone": "139 1234 5678"}),
        ],
    )
    def test_is_written_down_again_only_by_who_says_that_they_agree(self, client, gone, ana, url, known):
        client.force_login(ana)
        before = (Contact.objects.count(), Customer.objects.count(), Lead.objects.count())

        warned = client.post(url, {"name": "Quirina"} | known)
        again = client.post(url, {"name": "Quirina", "is_again": "on"} | known)

        assert (warned.status_code, again.status_code) == (422, 302), again.content.decode()[-3000:]
        assert "3 Mar 2026" in warned.content.decode()
        assert "is_again" in warned.content.decode()
        assert sum((Contact.objects.count(), Customer.objects.count(), Lead.objects.count())) == sum(before) + 1

    def test_is_nobody_else(self, client, gone, ana):
        client.force_login(ana)

        for known in ({"mobile": "13912345679"}, {"email": "other@canary.example"}, {}):
            assert client.post("/contacts/new", {"name": "Other"} | known).status_code == 302

    @pytest.mark.parametrize(
        ("sheet", "header", "row"),
        [
            ("contact", "姓名,手机,邮箱", "{0},{1},\n{2},,{3}"),
            ("customer", "客户名称,联系人,手机,邮箱", "{0},{0},{1},\n{2},{2},,{3}"),
            ("lead", "线索名称,电话,邮箱", "{0},{1},\n{2},,{3}"),
        ],
    )
    def test_is_told_of_before_a_file_comes_in(self, client, gone, ana, sheet, header, row, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        client.force_login(ana)
        others = "".join(f"Other {number}{',' * header.count(',')}\n" for number in range(300))
        rows = row.format("Qu", "13912345678", "Qi", "Quirina@canary.example")
        file = SimpleUploadedFile("x.csv", f"{header}\n{others}{rows}\n".encode())

        answer = client.post("/import/new", {"sheet": sheet, "file": file})
        page = client.get(f"{answer.url}/preview").content.decode()

        assert page.count("erased on 3 Mar 2026") == 2, page
        assert "<b>Row 302</b>" in page
        assert "<b>Row 303</b>" in page

    def test_is_kept_as_marks_that_tell_nobody(self, gone, settings):
        marks = set(ErasedMark.objects.values_list("mark", flat=True))

        assert len(marks) == 2
        assert marks == marks_of(phones=["13912345678"], emails=["quirina@canary.example"])
        plainly = {sha256(text.encode()).hexdigest() for text in ("+8613912345678", "quirina@canary.example")}
        assert not marks & plainly
        settings.SECRET_KEY = "another" * 10
        assert not marks & marks_of(phones=["13912345678"], emails=["quirina@canary.example"])


class TestHandingOut:
    def test_holds_every_word_of_hers_and_nobody_elses(self, quirina, ana, di, client):
        customers.create_contact(customer=quirina.customer, name="Zacharias", mobile="13600000000", by=ana, at=MONDAY)
        client.force_login(di)

        answer = client.post(f"/contacts/{quirina.pk}/held.json")

        said = answer.content.decode().lower()
        assert [word for word in CANARIES if word.lower() not in said] == []
        assert "zacharias" not in said
        assert set(json.loads(answer.content)) == {"contact", "interactions", "files", "history", "leads", "deals"}
        assert EventRecord.objects.filter(name="contact.handed_out").count() == 1

    def test_is_written_down_before_it_is_given(self, quirina, ana):
        with pytest.raises(NotAllowed):
            customers.hand_out_contact(quirina, by=ana, at=TUESDAY)
        assert not EventRecord.objects.filter(name="contact.handed_out").exists()

    def test_tells_of_nobody_after_the_erasure(self, quirina, di):
        customers.erase_contact(quirina, reason="asked", by=di, at=TUESDAY)

        told = json.dumps(queries.held_about(quirina), default=str).lower()
        assert [word for word in CANARIES if word.lower() in told] == []


class TestTheVeil:
    @pytest.mark.parametrize(
        ("text", "words", "hidden"),
        [
            ("Call +86 139-1234-5678 now", ["13912345678"], "Call +86 ••• now"),
            ("王芳说可以，wangfang同意", ["王芳"], "•••说可以，wangfang同意"),
            ("An Li", ["Li", ""], "An •••"),
            ("a.b@c.d and aXb@c.d", ["a.b@c.d"], "••• and aXb@c.d"),
            ("Lisa and Li", ["Li"], "Lisa and •••"),
            ("L", ["L"], "L"),
            ("", ["Li"], ""),
        ],
    )
    def test_hides_words_and_numbers_however_written(self, text, words, hidden):
        assert veiled(text, words) == hidden
