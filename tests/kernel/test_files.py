"""Files follow their record, and are what they say."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from salesmode.kernel import files, jobs, operations
from salesmode.kernel.filetypes import clean_name, content_type_of
from salesmode.kernel.models import EventRecord, StoredFile
from salesmode.kernel.refusals import Invalid, NotAllowed
from tests.conftest import MONDAY

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def office(folder: str, *more: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "<x/>")
    return whole.getvalue()


GOOD = {
    "a.pdf": b"%PDF-1.7 ...",
    "报价单.XLSX": office("xl"),
    "a.docx": office("word"),
    "a.pptx": office("ppt"),
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
    "a.png": PNG,
    "a.JPG": b"\xff\xd8\xff\xe0",
    "a.gif": b"GIF89a..",
    "a.webp": b"RIFF1234WEBPVP8 ",
    "a.txt": "客户".encode("gb18030") * 2_000,
    "b.csv": ("\ufeff姓名,电话\n" * 2_000).encode(),
    "c.csv": "姓名,电话\n".encode("utf-16"),
}
BAD = {
    "a.html": b"<html>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a.SvG": b"<svg/>",
    "a.pHp": b"<?php",
    "a.exe": b"MZ",
    "a.zip": office("xl"),
    "noextension": b"%PDF-",
    "a.pdf": b"<html>%PDF-",
    "a.png": b"\xff\xd8\xff",
    "b.jpg": b"<html><script>alert(1)</script>",
    "a.txt": b"  <!DOCTYPE html><script>",
    "b.txt": b"\xef\xbb\xbf<svg onload=1>",
    "a.csv": b"a,b\x00c",
    "a.xlsx": b"PK\x03\x04 broken",
    "b.xlsx": office("word"),
    "c.xlsx": office("xl", "xl/vbaProject.bin"),
    "a.xlsm": office("xl"),
    "c.txt": bytes(range(128, 256)) * 50,
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def picture(renewal, ana) -> StoredFile:
    return operations.attach_file(renewal, name="图.png", content=io.BytesIO(PNG), by=ana, at=MONDAY)


class TestTheType:
    @pytest.mark.parametrize("name", GOOD)
    def test_is_kept_when_name_and_content_agree(self, name):
        assert content_type_of(name, io.BytesIO(GOOD[name]))

    @pytest.mark.parametrize("name", BAD)
    def test_is_refused_otherwise(self, name):
        with pytest.raises(Invalid):
            content_type_of(name, io.BytesIO(BAD[name]))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Temp\\合同.pdf", "合同.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..", "file"),
        ("", "file"),
        ('a"b\r\nX: y.pdf', "a_bX_ y.pdf"),
    ],
)
def test_a_name_is_only_a_name(given, kept):
    assert clean_name(given) == kept


def test_a_long_name_is_cut_and_keeps_its_type():
    name = clean_name("合" * 300 + ".pdf")

    assert len(name.encode()) <= 255
    assert name.endswith("合.pdf")


class TestAttachFile:
    def test_keeps_the_content_below_the_files_folder_once(self, picture, renewal, ana, media):
        again = operations.attach_file(renewal, name="b.png", content=io.BytesIO(PNG), by=ana, at=MONDAY)

        assert (picture.sha256, picture.size, picture.content_type) == (again.sha256, len(PNG), "image/png")
        assert [path.read_bytes() for path in media.rglob("*") if path.is_file()] == [PNG]
        assert list(StoredFile.objects.about("deal", renewal.pk)) == [again, picture] or again.pk > picture.pk

    def test_stands_on_the_records_timeline_without_its_name(self, picture, renewal, ana):
        event = EventRecord.objects.about("deal", renewal.pk).get(name="file.attached")

        assert (event.actor_id, event.facts["file_id"], "图" in str(event.facts)) == (ana.pk, picture.pk, False)

    def test_is_refused_when_empty_or_too_large(self, renewal, ana, settings):
        settings.UPLOAD_LIMIT = 50

        for content in (b"", PNG):
            with pytest.raises(Invalid):
                operations.attach_file(renewal, name="a.png", content=io.BytesIO(content), by=ana, at=MONDAY)

    @pytest.mark.parametrize("somebody", ["cy", "fay"])
    def test_is_refused_to_who_may_not_write_there_and_leaves_nothing(self, renewal, somebody, request, media):
        with pytest.raises(NotAllowed):
            operations.attach_file(
                renewal, name="a.png", content=io.BytesIO(PNG), by=request.getfixturevalue(somebody), at=MONDAY
            )
        assert not media.exists()


class TestTheDoor:
    def test_sends_the_file_to_be_saved_and_never_shown(self, client, ana, picture):
        client.force_login(ana)

        response = client.get(reverse("kernel:download", args=[picture.pk]))
        assert b"".join(response.streaming_content) == PNG
        assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E5%9B%BE.png"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"

    def test_looks_alike_to_who_may_not_see_the_record_and_where_nothing_is(self, client, cy, picture):
        client.force_login(cy)

        foreign = client.get(reverse("kernel:download", args=[picture.pk]))
        missing = client.get(reverse("kernel:download", args=[picture.pk + 1000]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert client.post(reverse("kernel:detach_file", args=[picture.pk])).status_code == 404

    def test_takes_an_upload_and_goes_back(self, client, ana, renewal):
        client.force_login(ana)
        sent = {"file": SimpleUploadedFile("a.png", PNG), "next": "/deals/1"}

        response = client.post(reverse("kernel:attach_file", args=["deal", renewal.pk]), sent)
        assert (response.status_code, response.headers["Location"]) == (302, "/deals/1")
        assert StoredFile.objects.about("deal", renewal.pk).get().name == "a.png"

    @pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example"])
    def test_goes_nowhere_else(self, client, ana, renewal, where):
        client.force_login(ana)
        sent = {"file": SimpleUploadedFile("a.png", PNG), "next": where}

        response = client.post(reverse("kernel:attach_file", args=["deal", renewal.pk]), sent)
        assert response.headers["Location"] == "/"


class TestDetachFile:
    def test_removes_the_content_with_the_last_record_that_has_it(self, picture, renewal, ana):
        again = operations.attach_file(renewal, name="b.png", content=io.BytesIO(PNG), by=ana, at=MONDAY)

        operations.detach_file(picture, about=renewal, by=ana, at=MONDAY)
        jobs.run_waiting_jobs()
        assert files.path_of(again.sha256).exists()

        operations.detach_file(again, about=renewal, by=ana, at=MONDAY)
        jobs.run_waiting_jobs()
        assert not files.path_of(again.sha256).exists()

    def test_is_refused_to_anyone_else(self, picture, renewal, cy):
        with pytest.raises(NotAllowed):
            operations.detach_file(picture, about=renewal, by=cy, at=MONDAY)
        assert StoredFile.objects.filter(pk=picture.pk).exists()


def test_what_an_undone_upload_left_behind_is_found_after_a_day(db, media, monkeypatch):
    files.store(io.BytesIO(b"left behind"))
    assert files.forgotten_contents() == []

    monkeypatch.setattr(files, "FORGOTTEN_AFTER_SECONDS", -10)
    (sha256,) = files.forgotten_contents()
    assert files.remove_content(sha256)
    assert files.forgotten_contents() == []
