"""Reading a file that was sent: in a process of its own, which may fail in any way without harm to this one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from webapp.batches.limits import MOST_BYTES, MOST_SECONDS
from webapp.batches.sheet import Sheet, SheetRefused, SheetRow

TOO_BIG = (
    f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Keep only the columns that you need, or split it into "
    "smaller ones."
)
NOTHING_IN_IT = "This file is empty. Choose the one with the addresses in it."
TOO_MUCH = (
    "This file takes more memory or time to read than any list of addresses. Copy the columns that you need into a new "
    "sheet, save it as CSV, and try again."
)
BUSY = "Other sheets are being read at this moment. Try again in a few seconds."
READ_AT_ONCE = 2
"""Files that one process has read at a time; the others wait their turn."""
_TURNS = BoundedSemaphore(READ_AT_ONCE)
_COMMAND = (sys.executable, "-m", "webapp.batches.sheet_process")
_FOLDER = Path(__file__).parents[2]


def read_file(data: bytes) -> Sheet:
    """The sheet in a file of any kind that people keep addresses in. Raises SheetRefused."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(TOO_BIG)
    if not data.strip():
        raise SheetRefused(NOTHING_IN_IT)
    if not _TURNS.acquire(timeout=MOST_SECONDS):
        raise SheetRefused(BUSY)
    try:
        return _read_apart(data)
    finally:
        _TURNS.release()


def _read_apart(data: bytes) -> Sheet:
    # With no environment it knows no key, and what it writes about a fault of its own, which may quote the file, is
    # thrown away.
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and no part of the command comes from outside
            _COMMAND, input=data, capture_output=True, timeout=MOST_SECONDS, env={}, cwd=_FOLDER, check=False
        )
    except subprocess.TimeoutExpired:
        raise SheetRefused(TOO_MUCH) from None
    if done.returncode:
        raise SheetRefused(TOO_MUCH)
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise SheetRefused(answer["refused"])
    rows = tuple(SheetRow(line, tuple(cells)) for line, cells in answer["rows"])
    return Sheet(rows, answer["name"])
