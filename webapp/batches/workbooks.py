"""Workbooks (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`): the first visible table that has something in it, as texts.

Macros are not looked at, and of a formula only the value that was stored with it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from webapp.batches.limits import MOST_PARTS, MOST_UNPACKED
from webapp.batches.sheet import Sheet, SheetRefused, collect

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

LOCKED = "This workbook is protected by a password. Save it without one, and try again."
DAMAGED = (
    "This workbook is damaged or incomplete. Open it in the program that it comes from, save it again, and try again."
)
TOO_LARGE = (
    "This workbook unpacks to far more than addresses need. Copy the columns that you need into a new workbook, and "
    "try again."
)
NO_WORKBOOK = "This is a packed file, but no workbook. Send an .xlsx, .ods or .csv file."
NOTHING_VISIBLE = (
    "No table of this workbook that is visible has anything in it. Unhide the one that you mean, and try again."
)


def is_workbook(data: bytes) -> bool:
    """Whether a file is packed or of the older Office kind, whatever it is called."""
    return data.startswith((ZIP_MARK, OLE_MARK))


def read_workbook(data: bytes) -> Sheet:
    """The table. Raises SheetRefused with a sentence for everything that cannot be read."""
    if data.startswith(ZIP_MARK):
        _check_package(data)
    elif _ENCRYPTED in data:
        raise SheetRefused(LOCKED)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return _first_table(workbook)
    except PasswordError:
        raise SheetRefused(LOCKED) from None
    except (CalamineError, OSError, ValueError):
        raise SheetRefused(DAMAGED) from None


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetRefused(DAMAGED) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise SheetRefused(TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(LOCKED)
    names = {part.filename for part in parts}
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise SheetRefused(NO_WORKBOOK)


def _first_table(workbook: CalamineWorkbook) -> Sheet:
    tables = []
    for about in workbook.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
            tables.append(about.name)
    for name in tables:
        table = workbook.get_sheet_by_name(name)
        if table.height:
            shown = name if len(tables) > 1 else ""
            return collect(_texts(table), shown)
    raise SheetRefused(NOTHING_VISIBLE)


def _texts(table: Any) -> Iterator[Iterator[str]]:
    for row in table.to_python(skip_empty_area=False):
        yield map(_text, row)


def _text(value: object) -> str:
    """What a cell shows, as far as its stored value tells."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
