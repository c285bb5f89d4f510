"""Answers as files for spreadsheets: CSV, written piece by piece, and a workbook. Both are formula-safe, and texts stay
the texts they were: leading zeros too.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import xlsxwriter

from webapp.batches.limits import LONGEST_CELL
from webapp.pages.batches.answers import AnswerLine, Cell
from webapp.pages.exports.csv_rows import as_text

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOST_EMPTY_LINES = 1_000
"""Empty rows in a row that are kept where the sheet had them."""
PIECE = 64 * 1024


def csv_pieces(lines: Iterable[AnswerLine], *, keeps_empty_rows: bool) -> Iterator[bytes]:
    """The file in pieces: byte order mark, CRLF, quotes by RFC 4180."""
    yield BYTE_ORDER_MARK
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    before = 0
    for row in lines:
        if keeps_empty_rows and row.line - before - 1 <= MOST_EMPTY_LINES:
            writer.writerows([()] * (row.line - before - 1))
        writer.writerow(map(_csv_cell, row.cells))
        before = row.line
        if sheet.tell() > PIECE:
            yield _taken(sheet)
    yield _taken(sheet)


def _taken(sheet: io.StringIO) -> bytes:
    text = sheet.getvalue()
    sheet.seek(0)
    sheet.truncate()
    return text.encode("utf-8", "replace")


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".")
    return as_text(cell)


def xlsx_pieces(lines: Iterable[AnswerLine], *, keeps_empty_rows: bool) -> Iterator[bytes]:
    """The workbook in pieces, once all of it is written to a temporary file. Numbers are numbers, and everything else
    is a text, whatever it begins with.
    """
    with tempfile.TemporaryFile() as target:
        _write_workbook(target, lines, keeps_empty_rows=keeps_empty_rows)
        target.seek(0)
        while piece := target.read(PIECE):
            yield piece


def _write_workbook(target: IO[bytes], lines: Iterable[AnswerLine], *, keeps_empty_rows: bool) -> None:
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("Answers")
    at = -1
    for row in lines:
        at += 1
        if keeps_empty_rows and at <= row.line - 1 <= at + MOST_EMPTY_LINES:
            at = row.line - 1
        for column, cell in enumerate(row.cells):
            if isinstance(cell, float):
                sheet.write_number(at, column, cell)
            elif cell:
                # Not `write`, which takes a text for a formula or a link by how it begins.
                sheet.write_string(at, column, _plain(cell))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    book.close()


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:LONGEST_CELL]
