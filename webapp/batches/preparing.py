"""What a person does with a batch: sends a sheet, says what its columns hold, mends rows, starts it, pauses it,
deletes it. The worker does the looking up, and goes by the state that is written here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from webapp.addresses.address import Address
from webapp.batches.batch import Batch, BatchCounts, BatchRow, BatchState, RowVerdict
from webapp.batches.columns import guess_roles, header_place
from webapp.batches.estimates import RATE_MEASURED_OVER, Estimate, estimate
from webapp.batches.limits import MOST_ROWS
from webapp.batches.sheet import Sheet, SheetRefused, too_many_rows
from webapp.batches.store import BatchStore
from webapp.batches.verdicts import judge_mended, judge_rows, with_verdict
from webapp.texts import one_line
from webapp.upstream.give_way import GiveWay, keep_on

MOST_BATCHES = 100
"""Batches that a person may keep at a time."""
LONGEST_NAME = 100
LOOKUPS_AT_ONCE = 100
"""Lookups deleted in one transaction, so that no other writer waits long."""
PAUSE_BETWEEN_DELETIONS = 0.02
MOST_ABOVE = 1_000
"""Rows above the header that are kept, most of them empty."""

TOO_MANY_BATCHES = (
    f"You have {MOST_BATCHES} batches, and no more are kept at a time. Delete one that you no longer need, and try "
    "again."
)
ONLY_A_HEADER = "This sheet has the names of columns, but no row below them."


class Batches:
    """The use cases of a batch. `environment` is the badge's word. `stated_limit` gives the calls a minute that Hum
    allows, 0 while that is not known. `give_way` lets the other requests of a worker go on.
    """

    def __init__(
        self,
        store: BatchStore,
        *,
        environment: str,
        stated_limit: Callable[[], int],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        give_way: GiveWay = keep_on,
    ) -> None:
        self._store = store
        self._environment = environment
        self._stated_limit = stated_limit
        self._clock = clock
        self._sleep = sleep
        self._give_way = give_way

    def create(self, viewer: str, name: str, sheet: Sheet) -> Batch:
        """A draft of the rows of a sheet, each with its verdict. Raises SheetRefused."""
        if len(self.of_viewer(viewer)) >= MOST_BATCHES:
            raise SheetRefused(TOO_MANY_BATCHES)
        place = header_place(sheet.rows)
        below = sheet.rows[0 if place is None else place + 1 :]
        if not below:
            raise SheetRefused(ONLY_A_HEADER)
        if len(below) > MOST_ROWS:
            raise too_many_rows()
        header: tuple[str, ...] = ()
        if place is not None:
            header = sheet.rows[place].cells
        batch = Batch(
            id=secrets.token_urlsafe(16),
            viewer=viewer,
            name=_shown_name(name, sheet.name),
            environment=self._environment,
            created_at=self._clock(),
            row_count=len(below),
            header=header,
            roles=tuple(map(str, guess_roles(header, below))),
            above=_above(sheet, place),
        )
        rows = []
        for position, row in enumerate(below, 1):
            rows.append(BatchRow(batch.id, position, row.line, row.cells, Address(), RowVerdict.CANNOT))
        self._store.add(batch, judge_rows(rows, batch.roles, self._give_way))
        return batch

    def of_viewer(self, viewer: str) -> list[Batch]:
        """The viewer's batches, newest first."""
        return self._store.of_viewer(viewer, MOST_BATCHES)

    def find(self, batch_id: str, viewer: str) -> Batch | None:
        """The viewer's batch of this id."""
        return self._store.get(batch_id, viewer)

    def counts(self, batch: Batch) -> BatchCounts:
        """How many rows there are of each kind."""
        return self._store.counts(batch.id)

    def page_of_rows(self, batch: Batch, wanted: Sequence[RowVerdict], skip: int, most: int) -> list[BatchRow]:
        """Rows with one of these verdicts in the order of the sheet, without the first `skip`."""
        return self._store.page_of_rows(batch.id, wanted, skip, most)

    def row(self, batch: Batch, position: int) -> BatchRow | None:
        """One row."""
        return self._store.row(batch.id, position)

    def last_ended(self, batch: Batch, most: int) -> list[BatchRow]:
        """The rows that ended last, the newest first."""
        return self._store.last_ended(batch.id, most)

    def rows_after(self, batch: Batch, position: int, most: int) -> list[BatchRow]:
        """The next rows of the sheet."""
        return self._store.rows(batch.id, most, after=position)

    def ended_lately(self, batch: Batch) -> int:
        """How many rows have ended in the time over which the pace is measured."""
        return self._store.ended_since(batch.id, self._clock() - RATE_MEASURED_OVER)

    def estimate(self, rows: int) -> Estimate:
        """What looking up so many rows takes."""
        return estimate(rows, self._stated_limit())

    def set_roles(self, batch: Batch, roles: Sequence[str]) -> None:
        """Reads the rows of a draft anew, by what a person says that the columns hold."""
        rows = self._store.rows(batch.id, MOST_ROWS)
        self._store.replace_rows(batch.id, roles, judge_rows(rows, roles, self._give_way))

    def mend(self, row: BatchRow, address: Address) -> None:
        """Gives a row of a draft the legal address that a person has entered."""
        self._store.mend(replace(with_verdict(row, judge_mended(address)), is_mended=True))

    def start(self, batch: Batch) -> None:
        """*Start*: the worker begins to look the ready rows up. A batch of another environment stays a draft."""
        if batch.environment == self._environment and self._store.counts(batch.id).ready:
            now = self._clock()
            self._store.change_state(batch.id, BatchState.RUNNING, among=(BatchState.DRAFT,), started_at=now)

    def pause(self, batch: Batch) -> None:
        """*Pause*: no further row is begun."""
        self._store.change_state(batch.id, BatchState.PAUSED, among=(BatchState.RUNNING,))

    def go_on(self, batch: Batch) -> None:
        """*Go on*, after a pause for whatever reason."""
        if batch.environment == self._environment:
            self._store.change_state(batch.id, BatchState.RUNNING, among=(BatchState.PAUSED,), pause_reason=None)

    def cancel(self, batch: Batch) -> None:
        """*Cancel*: no further row is begun, ever; what was found stays."""
        now = self._clock()
        among = (BatchState.RUNNING, BatchState.PAUSED)
        self._store.change_state(batch.id, BatchState.CANCELED, among=among, finished_at=now)

    def retry(self, batch: Batch) -> None:
        """*Retry*: the rows that failed are looked up again, and no other."""
        if batch.environment == self._environment:
            self._store.retry_failed(batch.id, self._clock())

    def everybodys(self, most: int) -> tuple[int, list[Batch]]:
        """How many batches all people have, and the newest of them: for an operator, who may delete one."""
        return self._store.count_all(), self._store.newest(most)

    def anybodys(self, batch_id: str) -> Batch | None:
        """The batch of an id, whoever it belongs to: for an operator."""
        return self._store.find(batch_id)

    def hand_over(self, viewer: str, heir: str) -> None:
        """Makes a viewer's batches those of another: a person who has signed in takes their browser's along."""
        self._store.hand_over(viewer, heir)

    def delete(self, batch: Batch) -> None:
        """Deletes the batch with its rows and their lookups; one that runs is canceled first, so that no more are
        begun.
        """
        self.cancel(batch)
        while self._store.delete_lookups(batch, LOOKUPS_AT_ONCE):
            self._sleep(PAUSE_BETWEEN_DELETIONS)
        self._store.delete(batch.id)


def _above(sheet: Sheet, place: int | None) -> tuple[tuple[str, ...], ...]:
    """The rows above the header, empty ones too, so that the header comes out in the row in which it came."""
    if place is None:
        return ()
    cells = {row.line: row.cells for row in sheet.rows[:place]}
    return tuple(cells.get(line, ()) for line in range(1, min(sheet.rows[place].line, MOST_ABOVE)))


def _shown_name(name: str, table: str) -> str:
    parts = filter(None, (one_line(name.replace("\\", "/").rpartition("/")[2]), one_line(table)))
    return ", ".join(parts)[:LONGEST_NAME] or "Pasted addresses"
