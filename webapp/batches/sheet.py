"""A sheet as it was read, whatever kind of file it came in, and why one could not be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.batches.limits import LONGEST_CELL, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, ROWS_ABOVE_HEADER


class SheetRefused(Exception):
    """Nothing was read; the text says why, and what to do, to the person who sent the sheet."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it. `line` is the number beside it in a spreadsheet."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows in their order. `name` is that of the table inside the file, empty where there is only one."""

    rows: tuple[SheetRow, ...]
    name: str = ""


def collect(lines: Iterable[Iterable[str]], name: str = "") -> Sheet:
    """The sheet of these rows, without empty ones. Raises SheetRefused where they are none or too many."""
    rows: list[SheetRow] = []
    characters = 0
    for line, texts in enumerate(lines, 1):
        cells = _trimmed(texts, line)
        if not cells:
            continue
        rows.append(SheetRow(line, cells))
        characters += sum(map(len, cells))
        if len(rows) > MOST_ROWS + ROWS_ABOVE_HEADER:
            raise too_many_rows()
        if characters > MOST_CHARACTERS:
            raise SheetRefused("This sheet holds too much text. Keep only the columns that you need, and try again.")
    if not rows:
        raise SheetRefused("This sheet is empty: there is no row with anything in it.")
    return Sheet(tuple(rows), name)


def too_many_rows() -> SheetRefused:
    """For a sheet with more rows than are looked up at once."""
    return SheetRefused(f"This sheet has more than {MOST_ROWS:,} rows. Split it into smaller ones.")


def _trimmed(texts: Iterable[str], line: int) -> tuple[str, ...]:
    """The cells up to the last one with something in it."""
    cells = list(texts)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise SheetRefused(
            f"Row {line} has {len(cells):,} columns, and at most {MOST_COLUMNS} are read. Keep only the columns that "
            "you need, and try again."
        )
    if cells and max(map(len, cells)) > LONGEST_CELL:
        raise SheetRefused(
            f"A cell in row {line} has more than {LONGEST_CELL:,} characters, which is more than a spreadsheet can "
            "hold. A quotation mark that is never closed has this effect, too."
        )
    return tuple(cells)
