"""The sheet as it came with the answers beside each row, as cells: one row an address, or one row a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from webapp.batches.batch import Batch, BatchRow
from webapp.pages.batches.batch_words import column_letter, row_result
from webapp.pages.exports.csv_rows import (
    COLUMNS,
    NUMBERS,
    WEB_COLUMN,
    amount_cell,
    document_rows,
    mbps_cell,
    web_cell,
)
from webapp.pages.exports.document import ResultDocument
from webapp.pages.masks import HIDDEN
from webapp.plans.best_plans import BestPlan
from webapp.plans.price_over_time import monthly_price_text
from webapp.upstream.give_way import GiveWay

ROWS_READ_AT_ONCE = 200
LINK = "link"

Cell = str | float
"""A text, or a number that a spreadsheet may reckon with."""


class RowSource(Protocol):
    """Where the rows of a batch come from; see `webapp.batches.preparing.Batches`."""

    def rows_after(self, batch: Batch, position: int, most: int) -> list[BatchRow]:
        """The next rows of the sheet."""

    def row(self, batch: Batch, position: int) -> BatchRow | None:
        """One row."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A row of the file. `line` is its number in the sheet that came."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a file of answers is made of. `document_of` gives the result of a row's lookup, None for a row without
    one; `masked` hides the cells of the sheet. `with_web` adds the column of web searches, for a batch in which a
    person has searched for any address.
    """

    batch: Batch
    rows: RowSource
    document_of: Callable[[BatchRow], ResultDocument | None]
    give_way: GiveWay
    per_plan: bool = False
    masked: bool = False
    with_web: bool = False

    def lines(self) -> Iterator[AnswerLine]:
        """All rows of the file in their order, those above the header and the header first."""
        width = len(self.batch.roles)
        for number, cells in enumerate(self.batch.above, 1):
            yield AnswerLine(number, self._sheet_cells(cells, width))
        yield AnswerLine(len(self.batch.above) + 1, (*self._header(width), *self._our_columns()))
        # Without a header in the sheet, ours moves its rows down by one.
        shift = 0 if self.batch.header else 1
        for row in self._all_rows():
            cells = self._sheet_cells(row.cells, width)
            for ours in self._our_cells(row):
                yield AnswerLine(row.line + shift, (*cells, *ours))
            self.give_way()

    def _all_rows(self) -> Iterator[BatchRow]:
        position = 0
        while rows := self.rows.rows_after(self.batch, position, ROWS_READ_AT_ONCE):
            yield from rows
            position = rows[-1].position

    def _header(self, width: int) -> list[str]:
        names = list(self.batch.header)
        for place in range(len(names), width):
            names.append(f"Column {column_letter(place)}")
        return names

    def _our_columns(self) -> tuple[str, ...]:
        columns: tuple[str, ...] = tuple(_OF_ADDRESS)
        if self.per_plan:
            columns = COLUMNS
        return ("result", *columns, *self._web_column, LINK)

    @property
    def _web_column(self) -> tuple[str, ...]:
        return (WEB_COLUMN,) if self.with_web else ()

    def _sheet_cells(self, cells: Sequence[str], width: int) -> tuple[str, ...]:
        padded = (*cells, *[""] * (width - len(cells)))
        if self.masked:
            return tuple(HIDDEN if cell else "" for cell in padded)
        return padded

    def _our_cells(self, row: BatchRow) -> Iterator[tuple[Cell, ...]]:
        answered = row
        if row.duplicate_of is not None:
            answered = self.rows.row(self.batch, row.duplicate_of) or row
        result = row_result(answered)
        if self.masked:
            result = row_result(answered).partition(".")[0]
        document = self.document_of(answered)
        if document is None:
            yield (result,)
        elif self.per_plan:
            for found in document_rows(document):
                cells = [_cell(column, found.get(column, "")) for column in (*COLUMNS, *self._web_column)]
                yield (result, *cells, document.url or "")
        else:
            cells = [_cell(column, read(document)) for column, read in _OF_ADDRESS.items()]
            cells += [web_cell(document) for _ in self._web_column]
            yield (result, *cells, document.url or "")


def _cell(column: str, text: str) -> Cell:
    if text and (column in NUMBERS or column in _NUMBERS_OF_ADDRESS):
        return float(text)
    return text


def _best(title: str, read: Callable[[BestPlan], str]) -> Callable[[ResultDocument], str]:
    def of(document: ResultDocument) -> str:
        for plan in document.best:
            if plan.title == title:
                return read(plan)
        return ""

    return of


_OF_PLAN: Mapping[str, Callable[[BestPlan], str]] = {
    "provider": lambda best: best.provider.name,
    "plan": lambda best: best.plan.name,
    "monthly_price": lambda best: amount_cell(best.plan.monthly_price),
    "price_over_time": lambda best: monthly_price_text(best.plan),
    "download_mbps": lambda best: mbps_cell(best.plan.download),
    "upload_mbps": lambda best: mbps_cell(best.plan.upload),
}
_OF_ADDRESS: dict[str, Callable[[ResultDocument], str]] = {
    "outcome": lambda document: document.outcome,
    "matched_address": lambda document: document.matched or "",
    "warnings": lambda document: " ".join(document.flags),
    "provider_count": lambda document: str(len(document.providers)),
    "providers": lambda document: " | ".join(figures.provider.name for figures in document.providers),
}
for _prefix, _title in (("cheapest", "Cheapest"), ("fastest", "Fastest")):
    for _column, _read in _OF_PLAN.items():
        _OF_ADDRESS[f"{_prefix}_{_column}"] = _best(_title, _read)
_OF_ADDRESS |= {
    "as_of": lambda document: document.as_of.isoformat(timespec="seconds"),
    "data_set": lambda document: document.data_set or "",
    "environment": lambda document: document.environment.value,
}
_NUMBERS_OF_ADDRESS = frozenset(
    {
        "provider_count",
        *(name for name in _OF_ADDRESS if name.endswith(("_mbps", "_price"))),
    }
)
