"""What the page of one batch draws: before it is started its rows with their verdicts, then how it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webapp.addresses.address import Address
from webapp.batches.batch import Batch, BatchCounts, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.columns import is_enough
from webapp.batches.estimates import BatchPace, pace
from webapp.batches.preparing import Batches
from webapp.pages.batches.batch_words import (
    STATE_TONES,
    STATE_WORDS,
    column_letter,
    duration_words,
    estimate_text,
    outcome_title,
    outcome_tone,
    pause_text,
)
from webapp.pages.masks import HIDDEN, masked_address
from webapp.plans.figures import plural

ROWS_ON_A_PAGE = 50
LAST_ROWS = 8
SECONDS_BETWEEN_POLLS = 3
SECONDS_BETWEEN_NEWS = 10.0
"""A screen reader is told how a batch goes at most this often."""

DOUBTFUL = (RowVerdict.ASK, RowVerdict.CANNOT)
SHOWN_VERDICTS = {
    "doubt": DOUBTFUL,
    "ready": (RowVerdict.READY,),
    "duplicate": (RowVerdict.DUPLICATE,),
    "all": tuple(RowVerdict),
}
"""The filters of the preview by their name in its address."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the sheet: the number that names its choice, its heading, a cell of it, and what it holds."""

    number: int
    name: str
    example: str
    role: str


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many rows have ended in one way."""

    title: str
    tone: str
    count: int


class BatchPage:
    """A batch for one rendering. `is_worker_alive` is None where it is not known; `masked` hides what tells a door."""

    def __init__(
        self, batch: Batch, batches: Batches, *, now: float, is_worker_alive: bool | None, masked: bool = False
    ) -> None:
        self.batch = batch
        self.now = now
        self.masked = masked
        self.counts: BatchCounts = batches.counts(batch)
        self._batches = batches
        self._is_worker_alive = is_worker_alive

    @property
    def name(self) -> str:
        """The name of the file, which may hold an address."""
        return HIDDEN if self.masked else self.batch.name

    @property
    def is_draft(self) -> bool:
        """Nothing of it was sent."""
        return self.batch.state is BatchState.DRAFT

    @property
    def is_running(self) -> bool:
        """Rows of it are being looked up, or wait for a worker."""
        return self.batch.state is BatchState.RUNNING

    @property
    def is_paused(self) -> bool:
        """Goes on when a person says so."""
        return self.batch.state is BatchState.PAUSED

    @property
    def asks_itself(self) -> bool:
        """The page asks how it goes: while it runs, and while rows that were begun before a pause are finished."""
        return self.is_running or (not self.is_draft and self.is_busy)

    @property
    def is_busy(self) -> bool:
        """Rows of a batch that was paused or canceled are still being looked up."""
        return self.counts.states.get(RowState.LOOKING, 0) > 0

    @property
    def state_words(self) -> str:
        """Where it stands."""
        return STATE_WORDS[self.batch.state]

    @property
    def state_tone(self) -> str:
        """The icon of where it stands."""
        return STATE_TONES[self.batch.state]

    @property
    def pause_text(self) -> str:
        """Why it pauses."""
        return pause_text(self.batch)

    @property
    def estimate_text(self) -> str:
        """What the ready rows will cost."""
        return estimate_text(self._batches.estimate(self.counts.ready))

    @property
    def waits_for_worker(self) -> bool:
        """Runs, and nobody is there to do the work."""
        return self.is_running and self._is_worker_alive is False

    @property
    def can_retry(self) -> bool:
        """There are failed rows, and no other is being looked up."""
        return self.counts.failed > 0 and self.batch.state in (BatchState.FINISHED, BatchState.PAUSED)

    @property
    def has_enough_columns(self) -> bool:
        """Whether an address can be found in what the columns hold."""
        return is_enough(self.batch.roles)

    @property
    def columns(self) -> list[SheetColumn]:
        """The columns of a draft."""
        first = self._batches.rows_after(self.batch, 0, 1)
        cells = first[0].cells if first else ()
        found = []
        for place, role in enumerate(self.batch.roles):
            name = self.batch.header[place] if place < len(self.batch.header) else ""
            example = cells[place] if place < len(cells) else ""
            found.append(SheetColumn(place, name or f"Column {column_letter(place)}", self._shown(example), role))
        return found

    def rows(self, shown: str, page: int) -> list[BatchRow]:
        """A page of the preview."""
        wanted = SHOWN_VERDICTS[shown]
        found = self._batches.page_of_rows(self.batch, wanted, (page - 1) * ROWS_ON_A_PAGE, ROWS_ON_A_PAGE)
        return [self.masked_row(row) for row in found]

    def pages(self, shown: str) -> int:
        """How many pages a filter of the preview has."""
        count = sum(self.counts.verdicts.get(verdict, 0) for verdict in SHOWN_VERDICTS[shown])
        return max(1, -(-count // ROWS_ON_A_PAGE))

    def usual_filter(self) -> str:
        """Rows that need a person come first."""
        return "doubt" if self.counts.in_doubt else "all"

    @property
    def last_rows(self) -> list[BatchRow]:
        """The rows that ended last."""
        return [self.masked_row(row) for row in self._batches.last_ended(self.batch, LAST_ROWS)]

    @property
    def outcomes(self) -> list[OutcomeCount]:
        """How many rows have ended in each way, the most first."""
        found = []
        for key, count in sorted(self.counts.outcomes.items(), key=lambda each: -each[1]):
            found.append(OutcomeCount(outcome_title(key), outcome_tone(key), count))
        without = self.counts.ended - sum(self.counts.outcomes.values())
        if without > 0:
            found.append(OutcomeCount("No answer", "bad", without))
        return found

    @property
    def pace(self) -> BatchPace:
        """How fast it goes."""
        running_for = self.now - (self.batch.started_at or self.now)
        return pace(self._batches.ended_lately(self.batch), self.counts.unfinished, running_for)

    @property
    def pace_text(self) -> str:
        """How fast it goes, and how long it still takes; empty when it does not run."""
        if not self.is_running:
            return ""
        measured = self.pace
        if measured.minutes_left is None:
            return "No row has ended in the last two minutes." if self.counts.ended else "The first rows are beginning."
        rate = f"{measured.per_minute:.0f}" if measured.per_minute >= 1 else "less than 1"
        return f"{rate} rows a minute, {duration_words(measured.minutes_left)} left."

    @property
    def spoken(self) -> str:
        """How it goes, for a screen reader."""
        done = f"{self.counts.ended:,} of {plural(self.counts.ready, 'row')} looked up."
        if self.is_running:
            return f"{done} {self.pace_text}"
        return f"{self.state_words}. {done}"

    def masked_row(self, row: BatchRow) -> BatchRow:
        """A row to draw."""
        if not self.masked:
            return row
        address: Address = masked_address(row.address)
        return replace(row, address=address, cells=tuple(map(self._shown, row.cells)), why="")

    def _shown(self, cell: str) -> str:
        if self.masked and cell:
            return HIDDEN
        return cell
