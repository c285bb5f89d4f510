"""Files that people send, and files that are made to harm: each is read, or refused in a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import pytest
import xlsxwriter

from webapp.batches.limits import MOST_BYTES, MOST_ROWS, MOST_UNPACKED
from webapp.batches.sheet import Sheet, SheetRefused
from webapp.batches.sheet_process import read
from webapp.batches.uploads import read_file

TABLE = "Street,City,ZIP\n5201 Woodward Ave,Detroit,48202\n"
SECOND = ("5201 Woodward Ave", "Detroit", "48202")


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book)
    return target.getvalue()


def plain(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Street", "City", "ZIP"])
    sheet.write_row(1, 0, ["5201 Woodward Ave", "Detroit", 48202])


def package(parts: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return target.getvalue()


def formulas(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Street", "City", "ZIP"])
    sheet.write_formula(1, 0, '=CONCATENATE("5201 ","Woodward Ave")', value="5201 Woodward Ave")
    sheet.write_formula(1, 1, '=HYPERLINK("http://example.invalid")', value="Detroit")
    sheet.write_formula(1, 2, "=48202", value=48202)


def merged(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "Our sites")
    sheet.write_row(1, 0, ["5201 Woodward Ave", "Detroit", 48202])


def hidden_first(book: xlsxwriter.Workbook) -> None:
    first = book.add_worksheet("Secret")
    first.write(0, 0, "Not to be read")
    plain(book)
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()
    first.hide()


def dates_as_zips(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Street", "City", "ZIP"])
    sheet.write_row(1, 0, ["5201 Woodward Ave", "Detroit"])
    sheet.write_datetime(1, 2, date(2031, 12, 20), book.add_format({"num_format": "yyyy-mm-dd"}))


def one_long_text(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    for row in range(700):
        sheet.write(row, 0, "x" * 30_000)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_CELLS = "".join(
    f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in SECOND
)
_ROWS = (
    f"<table:table-row>{_CELLS}</table:table-row>"
    '<table:table-row table:number-rows-repeated="1048575">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
OPEN_DOCUMENT = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>',
    "content.xml": (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" '
        f'xmlns:text="{_ODF}:text:1.0"><office:body><office:spreadsheet><table:table table:name="One">{_ROWS}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    ),
}

READABLE: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "csv": (TABLE.encode(), SECOND),
    "tsv": (TABLE.replace(",", "\t").encode(), SECOND),
    "semicolons": (TABLE.replace(",", ";").encode(), SECOND),
    "a line that names the delimiter": (b"sep=;\r\n" + TABLE.replace(",", ";").encode(), SECOND),
    "byte order mark": (TABLE.encode("utf-8-sig"), SECOND),
    "UTF-16": (TABLE.encode("utf-16"), SECOND),
    "UTF-16 without a mark": (TABLE.encode("utf-16-le"), SECOND),
    "UTF-16 the other way round": (TABLE.encode("utf-16-be"), SECOND),
    "UTF-32": (TABLE.encode("utf-32"), SECOND),
    "Windows-1252": (TABLE.replace("Detroit", "Peña").encode("cp1252"), ("5201 Woodward Ave", "Peña", "48202")),
    "old Macintosh line ends": (TABLE.replace("\n", "\r").encode(), SECOND),
    "a NUL": (TABLE.replace("Detroit", "De\0troit").encode(), SECOND),
    "quotation marks inside a cell": (
        b'Street,City,ZIP\n"5201 "The Old" Woodward Ave",Detroit,48202\n',
        ('"5201 "The Old" Woodward Ave"', "Detroit", "48202"),
    ),
    "a cell of two lines": (
        b'Street,City,ZIP\n"5201 Woodward Ave\nRoom 1",Detroit,48202\n',
        ("5201 Woodward Ave\nRoom 1", "Detroit", "48202"),
    ),
    "empty rows and columns": (b"Street,City,ZIP,,\n,,,,\n5201 Woodward Ave,Detroit,48202,,\n,,,,\n", SECOND),
    "formulas in CSV": (b"Street,City\n=cmd|'/c calc'!A1,Detroit\n", ("=cmd|'/c calc'!A1", "Detroit")),
    "xlsx": (workbook(plain), SECOND),
    "formulas": (workbook(formulas), SECOND),
    "macros": (with_part(workbook(plain), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 50), SECOND),
    "merged cells": (workbook(merged), SECOND),
    "a hidden sheet": (workbook(hidden_first), SECOND),
    "dates as ZIP codes": (workbook(dates_as_zips), ("5201 Woodward Ave", "Detroit", "2031-12-20")),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty sheet": (workbook(lambda book: book.add_worksheet()), "visible has anything in it"),
    "nothing but blanks": (b" , ,\n,,\n", "is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "program": (b"\x7fELF" + bytes(range(1, 32)) * 40, "not a spreadsheet"),
    "web page called .xls": (b"<html><table><tr><td>5201 Woodward Ave</td></tr></table></html>", "web page"),
    "broken UTF-16": (b"\xff\xfe" + "5201 Woodward Ave".encode("utf-16-le") + b"\x00\xd8", "damaged"),
    "quotation mark never closed": (b'Street\n"5201 Woodward Ave\n' + b"1 Main St\n" * 9, "Line 2"),
    "one line of a megabyte": (b"5" * 1_000_000, "far too long"),
    "300 columns": (b"a," * 299 + b"a\n", "300 columns"),
    "too many rows": (b"1 Main St\n" * (MOST_ROWS + 100), "more than 10,000 rows"),
    "protected workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old workbook of nothing": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
    "half a workbook": (workbook(plain)[:2_000], "damaged"),
    "packed file that is no workbook": (package({"readme": "hello"}), "no workbook"),
    "workbook without its sheet": (package({"[Content_Types].xml": "<Types/>"}), "damaged"),
    "workbook that unpacks to 70 MB": (
        with_part(workbook(plain), "xl/media/image1.bin", bytes(MOST_UNPACKED + 1)),
        "unpacks to far more",
    ),
    "workbook of 2,000 parts": (package({f"part{number}": "" for number in range(2_000)}), "unpacks to far more"),
    "broken XML": (package({"[Content_Types].xml": "<", "xl/workbook.xml": "<workbook>"}), "damaged"),
    "one long text in every cell": (workbook(one_long_text), "too much text"),
}


@pytest.mark.parametrize("kind", READABLE)
def test_what_people_send_is_read(kind: str) -> None:
    data, last = READABLE[kind]
    assert read(data).rows[-1].cells == last


def test_an_open_document_is_read() -> None:
    assert read(package(OPEN_DOCUMENT)).rows[0].cells == SECOND


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(kind: str) -> None:
    data, words = REFUSED[kind]
    with pytest.raises(SheetRefused, match=words) as refused:
        read(data)
    assert str(refused.value).endswith((".", "again."))


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    sheet = read(b"Street\n\n1 Main St\n\n\n2 Main St\n")
    assert [(row.line, row.cells[0]) for row in sheet.rows] == [(1, "Street"), (3, "1 Main St"), (6, "2 Main St")]


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    assert read_file(TABLE.encode()) == Sheet(read(TABLE.encode()).rows)
    with pytest.raises(SheetRefused, match="web page"):
        read_file(REFUSED["web page called .xls"][0])


def test_a_workbook_that_ends_the_process_that_reads_it_is_refused() -> None:
    def far_out(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "1 Main St")
        sheet.write(1_048_575, 16_383, "2 Main St")

    with pytest.raises(SheetRefused, match="more memory or time"):
        read_file(workbook(far_out))


@pytest.mark.parametrize(("data", "words"), [(b"", "empty"), (b"x" * (MOST_BYTES + 1), "larger than 5 MB")])
def test_size_is_judged_before_anything_is_read(data: bytes, words: str) -> None:
    with pytest.raises(SheetRefused, match=words):
        read_file(data)
