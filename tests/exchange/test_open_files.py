"""Files of every origin, and files that mean harm."""

import io
import time
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from salesmode.exchange.cells import Unreadable
from salesmode.exchange.encodings import UNREAD
from salesmode.exchange.reading import MOST_COLUMNS, UnreadableFile, open_table
from salesmode.exchange.sheet import Column
from salesmode.exchange.values import read_cell

HEADER, ROW = "客户名称,电话,备注", "华为技术有限公司,0755-28780808,重要客户"


def written(tmp_path, content: bytes, name: str = "file.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_found(tmp_path, encoding, found):
    table = open_table(written(tmp_path, f"{HEADER}\r\n{ROW}\r\n".encode(encoding)))

    assert (table.encoding, table.headers) == (found, HEADER.split(","))
    assert [cells for _number, cells in table.rows()] == [ROW.split(",")]


def test_lines_written_in_two_encodings_are_read_as_each_was_written(tmp_path):
    lines = [
        (HEADER, "gb18030"),
        (ROW, "gb18030"),
        ("张三,021-1,", "utf-8"),
        ("北京远大,010-2,新客户", "gb18030"),
        ("Acme,1,x", "ascii"),
    ]
    table = open_table(written(tmp_path, b"".join(f"{text}\r\n".encode(encoding) for text, encoding in lines)))

    assert table.headers == HEADER.split(",")
    assert [cells for _number, cells in table.rows()] == [text.split(",") for text, _encoding in lines[1:]]


def test_a_damaged_line_does_not_spoil_the_others(tmp_path):
    content = f"{HEADER}\n{ROW}\n".encode() + "上海".encode() + b"\xff,1,\n" + f"{ROW}\n".encode()
    rows = [cells for _number, cells in open_table(written(tmp_path, content)).rows()]

    assert (rows[0], rows[2]) == (ROW.split(","), ROW.split(","))
    assert UNREAD in rows[1][0]
    with pytest.raises(Unreadable):
        read_cell(Column("name", "Name", "text"), rows[1][0], zone=UTC)


def test_western_letters_are_not_taken_for_chinese(tmp_path):
    table = open_table(written(tmp_path, "name,city\nMüller,Köln\nÅngström,Malmö\n".encode("latin-1")))

    assert [cells[0] for _number, cells in table.rows()] == ["Müller", "Ångström"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    text = "\n".join(delimiter.join(row) for row in [("name", "city", "note"), ("A", "B", "x, y"), ("C", "D", "z")])
    table = open_table(written(tmp_path, text.encode()))

    assert table.headers == ["name", "city", "note"]


def test_headers_are_found_below_a_title(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "客户清单 2026")
        sheet.write_row(2, 0, ["客户名称", "电话", "年收入"])
        sheet.write_row(3, 0, ["比亚迪", 13800138000, 1.5])

    table = open_table(path)

    assert (table.header_row, table.headers) == (3, ["客户名称", "电话", "年收入"])
    assert list(table.rows()) == [(4, ["比亚迪", 13800138000.0, 1.5])]


def test_days_counted_from_1904_and_merged_cells_are_what_they_look_like(tmp_path):
    path = tmp_path / "old mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["name", "day"])
        sheet.write(1, 0, "A")
        sheet.write_datetime(1, 1, datetime(2026, 3, 2), as_day)
        sheet.merge_range(2, 0, 2, 1, "B")

    assert list(open_table(path).rows()) == [(2, ["A", date(2026, 3, 2)]), (3, ["B", ""])]


def test_a_first_line_that_names_the_delimiter_is_heeded(tmp_path):
    table = open_table(written(tmp_path, b"sep=;\r\nname;city, country\r\nA;b, c\r\n"))

    assert (table.delimiter, table.headers) == (";", ["name", "city, country"])
    assert list(table.rows()) == [(3, ["A", "b, c"])]


def test_columns_of_one_name_are_told_apart(tmp_path):
    assert open_table(written(tmp_path, b"name,phone,phone\nA,1,2\n")).headers == ["name", "phone", "phone [2]"]


def test_reading_goes_on_after_a_row(tmp_path):
    table = open_table(written(tmp_path, b"name,city\nA,1\n\nB,2\nC,3\n"))

    assert list(table.rows(after=2)) == [(4, ["B", "2"]), (5, ["C", "3"])]


class TestHarmfulFiles:
    """Each is refused with a sentence, quickly, and nothing is unpacked that was not looked at."""

    def refused(self, path) -> str:
        began = time.monotonic()
        with pytest.raises(UnreadableFile) as refusal:
            list(open_table(path).rows())
        assert time.monotonic() - began < 60
        return refusal.value.message

    def book(self, tmp_path, sheet: bytes, **parts: bytes):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet().write_row(0, 0, ["name", "city"])
        given = io.BytesIO(path.read_bytes())
        with zipfile.ZipFile(given) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                new.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" and sheet else old.read(part))
            for name, content in parts.items():
                new.writestr(name, content)
        return path

    def test_a_bomb_is_not_unpacked(self, tmp_path):
        assert "unpacks" in self.refused(self.book(tmp_path, b"<worksheet>" + b" " * 800_000_00 + b"</worksheet>"))

    def test_sixteen_thousand_columns(self, tmp_path):
        cells = b"".join(b'<c r="%s1" t="inlineStr"><is><t>x</t></is></c>' % name for name in (b"A", b"ZZZ", b"XFD"))
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        start = b'<?xml version="1.0"?><worksheet xmlns="%s"><sheetData><row r="1">' % space
        sheet = start + cells + b"</row></sheetData></worksheet>"
        assert str(MOST_COLUMNS) in self.refused(self.book(tmp_path, sheet))

    @pytest.mark.parametrize(
        "far",
        [
            b'<c r="KN1048576" t="inlineStr">',
            b'<c r="A4294967295" t="inlineStr">',
            b'<c s="0" r="KN900000" t="inlineStr">',
            b'<c s="0" r="XFD20000" t="inlineStr">',
            b"<c r = 'KN900000' t='inlineStr'>",
            b'<c x=">" r="kn900000" t="inlineStr">',
            b'<c x="' + b" " * 1_100_000 + b'" r="KN900000" t="inlineStr">',
        ],
    )
    def test_a_cell_far_away_from_all_others_makes_nobody_ask_for_what_lies_between(self, tmp_path, far):
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        rows = b'<row><c t="inlineStr"><is><t>name</t></is></c></row><row>' + far + b"<is><t>x</t></is></c></row>"
        sheet = b'<?xml version="1.0"?><worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)
        assert self.refused(self.book(tmp_path, sheet))

    def test_wide_csv(self, tmp_path):
        assert str(MOST_COLUMNS) in self.refused(written(tmp_path, ",".join(f"c{n}" for n in range(16_000)).encode()))

    def test_entities_are_not_expanded(self, tmp_path):
        sheet = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
        assert self.refused(self.book(tmp_path, sheet))

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\0\1\2\3" * 100,
            b"PK\x03\x04 not really",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
            b"1,2,3\n4,5,6\n",
            b'name,city\n"never closed' + b"x" * 200_000,
            b"\n\n\n",
        ],
    )
    def test_what_is_no_table(self, tmp_path, content):
        assert self.refused(written(tmp_path, content))

    def test_a_zip_that_is_no_workbook(self, tmp_path):
        path = tmp_path / "file.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("../../etc/passwd", "x")
        assert self.refused(path)
