"""A pasted text as a sheet: cells copied out of a spreadsheet, a list with an address on each line, or addresses that
take several lines. Pure.
"""

from __future__ import annotations

from webapp.addresses.pastes import role_of, split
from webapp.batches.delimited import delimiter_of, read_delimited
from webapp.batches.limits import MOST_BYTES
from webapp.batches.sheet import Sheet, SheetRefused, collect

READ_AS_ONE = 2_000
"""Characters up to which a whole text is read for addresses of several lines."""

TOO_LONG = f"This text is longer than {MOST_BYTES // 1024 // 1024} MB. Send it as a file, in smaller parts."
NOTHING_PASTED = "There is nothing to look up yet. Choose a file, or paste addresses, one on each line."


def read_pasted(text: str) -> Sheet:
    """The sheet in a pasted text. Raises SheetRefused."""
    if len(text) > MOST_BYTES:
        raise SheetRefused(TOO_LONG)
    if not text.strip():
        raise SheetRefused(NOTHING_PASTED)
    lines = text.splitlines()
    if _is_table(lines):
        return read_delimited(text)
    return collect([line] for line in _addresses(text, lines))


def _is_table(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    if sum("\t" in line for line in filled) * 2 > len(filled):
        return True
    names = filled[0].split(delimiter_of(filled))
    return len(names) > 1 and sum(role_of(name) is not None for name in names) * 2 >= len(names)


def _addresses(text: str, lines: list[str]) -> list[str]:
    """The lines, or the addresses found in the text as a whole where most lines are only parts of one."""
    if len(text) > READ_AS_ONE:
        return lines
    filled = [line for line in lines if line.strip()]
    whole = sum(split(line).status == "complete" for line in filled)
    found = split(text).addresses
    if whole * 2 >= len(filled) or len(found) < 2:
        return lines
    return [each.address.one_line() for each in found]
