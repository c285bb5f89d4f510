"""`python -m webapp.batches.sheet_process`: reads the file on standard input and writes its rows as JSON to standard
output, or the sentence that refuses it.

A file may be made to use up memory or time, or to end the process that reads it. This one has nothing to lose: no
database, no key, and a limit on everything.
"""

from __future__ import annotations

import json
import resource
import sys

from webapp.batches.delimited import read_delimited, text_of
from webapp.batches.limits import MOST_MEMORY, MOST_SECONDS
from webapp.batches.sheet import Sheet, SheetRefused
from webapp.batches.workbooks import is_workbook, read_workbook

WEB_PAGE = (
    "This is a web page under the name of a spreadsheet. Open it in the program that it comes from, and save it as "
    ".xlsx or .csv."
)
PICTURE_OR_DOCUMENT = "This is a PDF or a picture. Send an .xlsx, .ods or .csv file."
_NO_SHEETS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def read(data: bytes) -> Sheet:
    """The sheet in a file, by what it holds and not by its name. Raises SheetRefused."""
    if is_workbook(data):
        return read_workbook(data)
    if data.startswith(_NO_SHEETS):
        raise SheetRefused(PICTURE_OR_DOCUMENT)
    text = text_of(data)
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<table", "<head", "<?xml", "<meta")):
        raise SheetRefused(WEB_PAGE)
    return read_delimited(text)


def main() -> None:
    """Reads within limits, and answers in one JSON object."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheet = read(sys.stdin.buffer.read())
    except SheetRefused as refusal:
        answer: dict[str, object] = {"refused": str(refusal)}
    else:
        answer = {"name": sheet.name, "rows": [(row.line, row.cells) for row in sheet.rows]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
