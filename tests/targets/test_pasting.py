"""Targets as a table: pasted from a spreadsheet, taken out as a file, and brought in again."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.timezone import now

from salesmode.exchange import operations as exchange
from salesmode.exchange.sheet import SHEETS
from salesmode.exchange.taking_out import take_out
from salesmode.kernel.refusals import Invalid
from salesmode.people import operations as people
from salesmode.targets.models import Target
from salesmode.targets.sheets.pasting import read_pasted
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db
MONTHS = "\t".join(["100"] * 11 + ["150"])


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def paste(table, by, **more):
    return read_pasted(**{"table": table, "metric": "won_amount", "year": 2026, "by": by, "at": MONDAY} | more)


class TestAPastedTable:
    def test_takes_a_year_with_its_higher_levels(self, ana, bo):
        (line,) = paste("Ana\t1,200\t1.5k\t￥2,000", bo)

        assert line.draft.whose_label == "Ana"
        assert (line.draft.base, line.draft.stretch, line.draft.challenge) == (1200, 1500, 2000)

    def test_takes_twelve_months_as_they_are(self, ana, bo):
        (line,) = paste(f"ana@example.com\t{MONTHS}", bo)

        assert (line.draft.base, line.draft.base_months[11]) == (1250, 150)

    def test_takes_the_year_and_its_months_when_they_agree(self, ana, bo):
        fine, wrong = paste(f"Ana\t1250\t{MONTHS}\nNorth\t1300\t{MONTHS}", bo)

        assert fine.draft.base == 1250
        assert wrong.problem == "The months come to 1250, the year says 1300."

    @pytest.mark.parametrize("headings", ["姓名\t目标\t冲刺", "Name\tTarget\tStretch", "\tBase\tStretch"])
    def test_reads_headings_in_either_language(self, ana, bo, headings):
        (line,) = paste(f"{headings}\nAna\t1200\t1500", bo)

        assert (line.number, line.draft.base, line.draft.stretch) == (2, 1200, 1500)

    @pytest.mark.parametrize(
        "names",
        [
            [f"{number}月" for number in range(1, 13)],
            [str(number) for number in range(1, 13)],
            [f"2026-{number:02}" for number in range(1, 13)],
        ],
    )
    def test_reads_months_by_their_headings_in_any_order(self, ana, bo, names):
        amounts = [str(100 + number) for number in range(12)]
        table = "\t".join(["For", *reversed(names)]) + "\n" + "\t".join(["Ana", *reversed(amounts)])

        (line,) = paste(table, bo)

        assert [int(month) for month in line.draft.base_months] == [100 + number for number in range(12)]

    def test_takes_one_small_number_for_an_amount_and_not_for_a_month(self, ana, bo):
        (line,) = paste("Ana\t5", bo, metric="won_count")

        assert (line.number, line.draft.base) == (1, 5)

    @pytest.mark.parametrize(
        ("table", "sentence"),
        [
            ("Ana\t-5", "A target is not below zero."),
            ("Ana\t(1,200)", "A target is not below zero."),
            ("Ana\tmany5", '"many5" is not a number.'),
            ("Ana\t1\t2\t3\t4", "Give 1 to 3 amounts for the year, its 12 months, or the year and then its months."),
            ("Ana\t1500\t1200", "This level is not easier than the one before."),
            ("Nobody\t1200", 'There is no team, person, product or region called "Nobody".'),
        ],
    )
    def test_says_at_the_line_what_is_wrong(self, ana, bo, table, sentence):
        (line,) = paste(table, bo)

        assert (line.problem, line.draft) == (sentence, None)

    def test_refuses_headings_that_mean_nothing(self, ana, bo):
        with pytest.raises(Invalid) as refusal:
            paste("Name\tColour\nAna\t1200", bo)

        assert refusal.value.fields == {"table": ['"Colour" is no month and no level of a target.']}

    def test_refuses_whom_the_person_may_not_set_targets_for(self, ana, cy, bo, south):
        lines = paste("Cy\t1200\nSouth\t1200\nCompany\t1200", bo)

        assert all(line.problem and line.draft is None for line in lines)

    def test_tells_two_of_one_name_apart_by_e_mail(self, ana, bo, north, system):
        people.create_person(email="other@example.com", name="Ana", role="seller", team=north, by=system, at=MONDAY)
        lines = paste("Ana\t1200\nother@example.com\t1200", bo)

        assert lines[0].problem == 'Several are called "Ana"; write the e-mail or the code.'
        assert lines[1].draft.owner.email == "other@example.com"

    def test_says_when_two_lines_are_about_the_same(self, ana, bo):
        lines = paste("Ana\t1200\nana@example.com\t1300", bo)

        assert lines[1].problem == "Line 1 is about the same."

    def test_keeps_nothing_by_itself(self, ana, bo):
        paste("Ana\t1200", bo)

        assert not Target.objects.exists()


class TestThePage:
    def test_shows_every_line_before_anything_is_kept(self, client, approved, ana, bo):
        client.force_login(bo)
        sent = {"metric": "won_amount", "year": "2026", "distribution": "even", "table": "Ana\t2400\nNorth\t9000"}
        page = client.post("/targets/paste", sent)

        assert page.status_code == 200
        assert "Next version" in page.content.decode()
        assert "New draft" in page.content.decode()
        assert Target.objects.drafts().count() == 0

        answer = client.post("/targets/paste", {**sent, "keep": "1"})

        assert answer.status_code == 302
        assert sorted(Target.objects.drafts().values_list("base", flat=True)) == [2400, 9000]

    def test_keeps_nothing_while_a_line_is_wrong(self, client, ana, bo):
        client.force_login(bo)
        sent = {"metric": "won_amount", "year": "2026", "table": "Ana\t2400\nNorth\t-1", "keep": "1"}
        answer = client.post("/targets/paste", sent)

        assert answer.status_code == 422
        assert "A target is not below zero." in answer.content.decode()
        assert not Target.objects.exists()

    def test_says_at_the_field_that_there_is_no_such_number(self, client, ana, bo):
        client.force_login(bo)
        answer = client.post("/targets/paste", {"metric": "nonsense", "year": "2026", "table": "Ana\t1"})

        assert answer.status_code == 422

    def test_is_not_for_sellers(self, client, ana):
        client.force_login(ana)

        assert client.get("/targets/paste").status_code == 403


@pytest.fixture
def import_file(settings, tmp_path):
    """Bring a file of targets in, all of it."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def bring(content: bytes, name: str, by):
        run = exchange.receive_file(SHEETS["target"], BytesIO(content), name=name, by=by, at=MONDAY)
        exchange.prepare_import(run, mode="upsert", by=by, at=MONDAY)
        exchange.request_import(run, attended=True, by=by, at=MONDAY)
        while run.is_active:
            exchange.advance_import(run, by=by, at=MONDAY)
        return run

    return bring


class TestAFile:
    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    def test_comes_in_again_without_changing_anything(self, approved, import_file, bo, di, tmp_path, form):
        path = tmp_path / f"targets.{form}"
        take_out("target", QueryDict(), seen_by=di, complete=True).write(path, form)
        before = list(Target.objects.values())

        run = import_file(path.read_bytes(), path.name, di)

        assert list(Target.objects.values()) == before
        assert (run.total, run.unchanged) == (1, 1)

    def test_makes_the_next_version_of_what_holds(self, approved, import_file, di, tmp_path):
        path = tmp_path / "targets.csv"
        path.write_text(
            f"Salesmode number,Metric,Year,For,Target\n{approved.pk},Won amount,2026,ana@example.com,2400\n"
        )

        run = import_file(path.read_bytes(), path.name, di)

        assert (run.total, run.updated) == (1, 1)
        made = Target.objects.drafts().get()
        assert (made.edition, made.base, made.owner, made.base_months[0]) == (2, Decimal(2400), approved.owner, 200)


class TestATableFromAProgram:
    @pytest.fixture
    def ask(self, client):
        def _ask(person, table, **more):
            secret = people.create_token(person, name="Test", scope="write", days=30, by=person, at=now())[1]
            body = {"metric": "won_amount", "year": 2026, "table": table} | more
            known = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_ACCEPT_LANGUAGE": "en"}
            return client.post("/api/v1/targets/paste", body, content_type="application/json", **known)

        return _ask

    def test_is_kept_with_a_verdict_on_every_line(self, ask, ana, bo):
        answer = ask(bo, "Ana\t1200\nNorth\t3000\t3500")

        lines = answer.json()["lines"]
        assert (answer.status_code, answer.json()["kept"]) == (201, True)
        assert [(line["line"], line["verdict"], line["base"]) for line in lines] == [
            (1, "new", "1200.00"),
            (2, "new", "3000.00"),
        ]
        assert {line["target_id"] for line in lines} == set(Target.objects.values_list("pk", flat=True))

    def test_is_only_judged_when_it_is_not_to_be_kept(self, ask, ana, bo):
        ask(bo, "Ana\t1200")
        answer = ask(bo, "Ana\t1300\nNobody\t1", keep=False)

        assert answer.status_code == 200
        assert [line["verdict"] for line in answer.json()["lines"]] == ["change", "wrong"]
        assert Target.objects.get().base == 1200

    def test_with_a_wrong_line_is_not_kept_at_all(self, ask, ana, bo):
        answer = ask(bo, "Ana\t1200\nNobody\t1\nNorth\t-5")

        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, "lines_wrong")
        assert [each["field"] for each in told["errors"]] == ["table.2", "table.3"]
        assert [line["verdict"] for line in told["lines"]] == ["new", "wrong", "wrong"]
        assert not Target.objects.exists()

    def test_says_nothing_of_people_whom_one_does_not_lead(self, ask, cy, bo):
        (line,) = ask(bo, f"{cy.email}\t10", keep=False).json()["lines"]
        (missing,) = ask(bo, "nobody@example.com\t10", keep=False).json()["lines"]

        assert line["verdict"] == missing["verdict"] == "wrong"

    def test_is_refused_to_a_seller(self, ask, ana):
        assert ask(ana, "Ana\t1200").status_code == 403
        assert not Target.objects.exists()
