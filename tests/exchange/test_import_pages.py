"""The pages of an import, by plain form and link."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from salesmode.customers.models import Customer
from salesmode.exchange.models import ImportRun
from salesmode.kernel.jobs import run_waiting_jobs
from tests.exchange.conftest import csv_of

CONTENT = csv_of(("客户名称", "客户级别"), ("甲", "A"), ("乙", "重点户"), ("丙", "??"))


@pytest.fixture
def handed_in(client, ana) -> ImportRun:
    """Ana's file, handed in."""
    client.force_login(ana)
    client.post("/import/new", {"sheet": "customer", "file": SimpleUploadedFile("客户.csv", CONTENT)})
    return ImportRun.objects.get()


class TestTheWayThrough:
    def test_from_file_to_records(self, client, ana, handed_in):
        page = client.get(f"/import/{handed_in.pk}")
        assert "客户级别" in page.content.decode()
        fields = {"column_0": "name", "column_1": "grade", "mode": "create", "key": "name"}
        assert client.post(f"/import/{handed_in.pk}", fields).headers["Location"].endswith("/preview")
        assert "重点户" in client.get(f"/import/{handed_in.pk}/preview").content.decode()
        client.post(f"/import/{handed_in.pk}/preview", {"word_grade_0": "A", "word_grade_1": "-"})
        client.post(f"/import/{handed_in.pk}/run")

        run_waiting_jobs()

        handed_in.refresh_from_db()
        assert (handed_in.status, handed_in.created) == ("done", 3)
        assert dict(Customer.objects.values_list("name", "grade")) == {"甲": "A", "乙": "A", "丙": ""}
        assert "100" in client.get(f"/import/{handed_in.pk}").content.decode()

    def test_says_at_the_column_what_is_wrong(self, client, handed_in):
        answer = client.post(
            f"/import/{handed_in.pk}", {"column_0": "name", "column_1": "name", "mode": "create", "key": ""}
        )

        assert answer.status_code == 422
        handed_in.refresh_from_db()
        assert handed_in.mapping["客户级别"] == "grade"

    def test_a_file_that_is_none_is_refused_at_the_field(self, client, ana):
        client.force_login(ana)

        answer = client.post("/import/new", {"sheet": "customer", "file": SimpleUploadedFile("x.xlsx", b"\0\1\2" * 50)})

        assert answer.status_code == 422
        assert not ImportRun.objects.exists()

    def test_the_failed_rows_can_be_fetched(self, client, handed_in):
        client.post(f"/import/{handed_in.pk}/run")
        run_waiting_jobs()

        answer = client.get(f"/import/{handed_in.pk}/errors.csv")

        assert "重点户" in answer.content.decode("utf-8-sig")


class TestOthers:
    @pytest.mark.parametrize("path", ["", "/preview", "/progress", "/errors.xlsx", "/map.json"])
    @pytest.mark.parametrize("somebody", ["bo", "ed", "cy"])
    def test_see_nothing_of_it_whoever_they_are(self, client, handed_in, path, somebody, request):
        client.force_login(request.getfixturevalue(somebody))

        assert client.get(f"/import/{handed_in.pk}{path}").status_code == 404

    @pytest.mark.parametrize("path", ["/run", "/cancel", "/preview", ""])
    def test_change_nothing_of_it(self, client, handed_in, path, cy):
        client.force_login(cy)

        assert client.post(f"/import/{handed_in.pk}{path}").status_code == 404
        handed_in.refresh_from_db()
        assert handed_in.status == "draft"

    def test_who_only_reads_is_not_let_in(self, client, fay):
        client.force_login(fay)

        assert client.get("/import").status_code == 403
