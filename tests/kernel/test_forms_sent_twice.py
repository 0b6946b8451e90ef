"""A form that is sent twice is done once: by a double click, by going back, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from salesmode.customers.models import Interaction
from salesmode.kernel.models import IdempotencyKey, StoredFile
from salesmode.selling.models import Lead
from tests.forms import forms_of
from tests.kernel.racing import race

ROUNDS = 50


def blank(client: Client, address: str, action: str = "") -> dict[str, list[str]]:
    """Return the fields of a form as its page shows it, its own key among them."""
    forms = forms_of(client.get(address).content.decode())
    return next(form.fields for form in forms if action in form.action and "once" in form.fields)


@pytest.fixture
def signed_in(client, ana) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def wang(signed_in) -> dict[str, object]:
    return blank(signed_in, "/leads/new") | {"name": "Wang", "mine": "on"}


class TestAFormSentTwice:
    def test_makes_one_record_and_leads_to_it_both_times(self, signed_in, wang):
        first = signed_in.post("/leads/new", wang)
        second = signed_in.post("/leads/new", wang)

        lead = Lead.objects.get(name="Wang")
        assert (first.status_code, first.url) == (second.status_code, second.url) == (302, f"/leads/{lead.pk}")
        assert "This form had been sent already; it was done once." in signed_in.get(second.url).content.decode()

    def test_from_two_pages_is_two_forms(self, signed_in, wang):
        again = blank(signed_in, "/leads/new") | {"name": "Wang", "mine": "on"}
        assert again["once"] != wang["once"]

        signed_in.post("/leads/new", wang)
        signed_in.post("/leads/new", again)

        assert Lead.objects.filter(name="Wang").count() == 2

    def test_and_changed_in_between_is_another_request(self, signed_in, wang):
        signed_in.post("/leads/new", wang)
        signed_in.post("/leads/new", wang | {"name": "Wu"})

        assert sorted(Lead.objects.values_list("name", flat=True)) == ["Wang", "Wu"]

    def test_by_two_people_is_done_for_both(self, signed_in, wang, cy):
        other = Client()
        other.force_login(cy)

        signed_in.post("/leads/new", wang)
        other.post("/leads/new", wang)

        assert set(Lead.objects.values_list("owner__name", flat=True)) == {"Ana", "Cy"}

    def test_may_be_corrected_after_a_refusal_with_the_same_key(self, signed_in, wang):
        wrong = wang | {"email": "nobody"}
        assert [signed_in.post("/leads/new", wrong).status_code for _ in range(2)] == [422, 422]
        assert not IdempotencyKey.objects.exists()

        assert signed_in.post("/leads/new", wang).status_code == 302
        assert Lead.objects.filter(name="Wang").count() == 1

    def test_may_be_sent_again_after_a_rule_said_no(self, signed_in, wang, ana):
        missing = [signed_in.post("/leads/999999/edit", wang).status_code for _ in range(2)]

        assert missing == [404, 404]
        assert not IdempotencyKey.objects.exists()

    def test_is_forgotten_after_a_day(self, signed_in, wang):
        signed_in.post("/leads/new", wang)
        IdempotencyKey.objects.update(started_at=now() - timedelta(hours=25))
        signed_in.post("/leads/new", wang)

        assert Lead.objects.filter(name="Wang").count() == 2

    def test_is_answered_with_the_same_piece_where_htmx_asks(self, signed_in, northwind):
        page = f"/customers/{northwind.pk}"
        said = blank(signed_in, page, "/interactions") | {"content": "They like it."}
        asked = {"headers": {"HX-Request": "true"}}

        first = signed_in.post(f"{page}/interactions", said, **asked)
        second = signed_in.post(f"{page}/interactions", said, **asked)

        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert first.status_code == 200
        assert b'name="once"' in first.content
        assert said["once"][0].encode() not in first.content
        assert Interaction.objects.count() == 1

    def test_keeps_its_files_and_keeps_them_once(self, signed_in, northwind):
        page = f"/customers/{northwind.pk}"
        said = blank(signed_in, page, "/interactions") | {"content": "They like it."}
        for text in (b"offer one", b"offer one", b"offer two"):
            signed_in.post(f"{page}/interactions", said | {"file": SimpleUploadedFile("offer.txt", text)})

        assert Interaction.objects.count() == 2
        assert sorted(StoredFile.objects.values_list("size", flat=True)) == [9, 9]

    def test_that_shows_a_page_is_not_remembered(self, signed_in, ana):
        asked = {"name": "Shop", "scope": "read", "days": "30", "once": "k"}
        shown = signed_in.post("/settings/tokens/new", asked)

        assert shown.status_code == 200
        assert not IdempotencyKey.objects.exists()


class TestAFormSentTwiceAtOnce:
    @pytest.fixture
    def browsers(self, transactional_db, ana) -> list[Client]:
        both = [Client(), Client()]
        for browser in both:
            browser.force_login(ana)
        return both

    def send(self, browsers: list[Client], form: dict[str, object]) -> list:
        answers = race(2, lambda number: browsers[number].post("/leads/new", form))
        assert [answer.status_code for answer in answers] == [302, 302]
        return [answer.url for answer in answers]

    def test_makes_one_record(self, browsers):
        for number in range(ROUNDS):
            form = blank(browsers[0], "/leads/new") | {"name": f"Wang {number}"}
            first, second = self.send(browsers, form)
            assert first == second

        assert Lead.objects.count() == ROUNDS

    def test_would_make_two_without_its_key(self, browsers):
        for number in range(ROUNDS):
            form = blank(browsers[0], "/leads/new") | {"name": f"Wang {number}", "once": ""}
            first, second = self.send(browsers, form)
            assert first != second

        assert Lead.objects.count() == 2 * ROUNDS
