"""Text files and pastes: how they are encoded, what parts their cells, and their rows.

This module and what it imports need nothing but Python: a process of its own, which starts quickly, reads files.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from itertools import islice

from webapp.batches.limits import LONGEST_CELL
from webapp.batches.sheet import Sheet, SheetRefused, collect

DELIMITERS = "\t,;|"
SAMPLED_LINES = 50
MOST_CONTROLS = 5
"""Characters that no text has, in a text of any length."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_A_TEXT = (
    "This is not a spreadsheet or a text file. Save the sheet as .xlsx or .csv in the program that it comes from, and "
    "send that file."
)
BROKEN_TEXT = "This file says that it is Unicode text, but parts of it are damaged. Save it again as CSV (UTF-8)."
_UNREADABLE_LINE = (
    'Line {:,} of this file cannot be read: a quotation mark (") is opened and never closed, or the line is far too '
    "long. Fix that line, and try again."
)
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32)])


def text_of(data: bytes) -> str:
    """The text of a file by its byte order mark, or as UTF-8, UTF-16 or Windows-1252, whichever it can be."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    wide = _wide_encoding(data)
    if wide:
        return _decoded(data, wide)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    plain = text.translate(_CONTROLS)
    if len(text) - len(plain) > MOST_CONTROLS + len(text) // 100:
        raise SheetRefused(NOT_A_TEXT)
    return plain


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).translate(_CONTROLS)
    except UnicodeDecodeError:
        raise SheetRefused(BROKEN_TEXT) from None


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain text is zero then."""
    head = data[:2_000]
    if head.count(0) < len(head) // 3:
        return ""
    if head[1::2].count(0) > head[::2].count(0):
        return "utf-16-le"
    return "utf-16-be"


def read_delimited(text: str) -> Sheet:
    """The sheet of a CSV or TSV text; the delimiter is the one that parts most lines alike."""
    lines = text.splitlines(keepends=True)
    delimiter = ""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        # Written by and for Excel; no other program knows it.
        delimiter = lines[0].strip()[4]
        lines[0] = "\n"
    return collect(_records(lines, delimiter or delimiter_of(lines)))


def delimiter_of(lines: Iterable[str]) -> str:
    """The character that parts the cells: as many in most of the first lines, and as many as possible."""
    sample = [line for line in islice(lines, SAMPLED_LINES) if line.strip()]
    best, most = ",", 0
    for delimiter in DELIMITERS:
        counts = [len(cells) for cells in _records_leniently(sample, delimiter)]
        usual = max(set(counts), key=counts.count) if counts else 0
        agreeing = counts.count(usual) * (usual - 1)
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    begun = 1
    try:
        for record in reader:
            records.append(record)
            begun = reader.line_num + 1
    except csv.Error as error:
        if "expected after" in str(error):
            return _records_leniently(lines, delimiter)
        # An open quotation mark takes the rest of the file for one cell.
        raise SheetRefused(_UNREADABLE_LINE.format(begun)) from None
    return records


def _records_leniently(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Every line is a row, and a quotation mark is a letter like any other."""
    return [line.rstrip("\r\n").split(delimiter) for line in lines]
