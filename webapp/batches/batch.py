"""A batch and its rows: their states, and what is decided about a row before anything is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.addresses.address import Address


class BatchState(StrEnum):
    """Where a batch stands. Nothing of a draft is sent. Pages write this state; the worker notices within seconds."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELED = "canceled"
    FINISHED = "finished"


class RowVerdict(StrEnum):
    """What is known of a row before it is looked up: it can be, an earlier row has the same address, only a person can
    tell what is meant, or no lookup can find it.
    """

    READY = "ready"
    DUPLICATE = "duplicate"
    ASK = "ask"
    CANNOT = "cannot"


class RowState(StrEnum):
    """Where a row stands. Only ready rows are looked up; all others are skipped."""

    WAITING = "waiting"
    LOOKING = "looking"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


UNFINISHED_ROWS = (RowState.WAITING, RowState.LOOKING)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as stored; times are epoch seconds, None until they happen.

    `environment` is the badge's word (DEMO, LIVE): a batch runs only where it was made. `pause_reason` says in a word
    why a batch paused by itself; None when a person paused it. `header` has the names of the columns, or nothing where
    the sheet has no header, and `roles` what each column holds. `above` are the rows above the header.
    """

    id: str
    viewer: str
    name: str
    environment: str
    created_at: float
    row_count: int
    header: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    state: BatchState = BatchState.DRAFT
    pause_reason: str | None = None
    started_at: float | None = None
    finished_at: float | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of a sheet as stored.

    `position` counts from 1 without empty rows, `line` is the number beside the row in a spreadsheet. `cells` are as
    they came. `why` says what keeps a row from being ready. `duplicate_of` is the position of an earlier row with the
    same address. `outcome` is the key of the lookup's, `error` a word for what kept it from having one. Times are epoch
    seconds.
    """

    batch_id: str
    position: int
    line: int
    cells: tuple[str, ...]
    address: Address
    verdict: RowVerdict
    why: str = ""
    is_mended: bool = False
    duplicate_of: int | None = None
    state: RowState = RowState.SKIPPED
    attempt: int = 0
    lookup_id: str | None = None
    outcome: str | None = None
    error: str | None = None
    begun_at: float | None = None
    ended_at: float | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it needs a person."""
        return self.verdict in (RowVerdict.ASK, RowVerdict.CANNOT)

    @property
    def submit_key(self) -> str:
        """What makes the row one lookup, however often it is begun; another attempt is another lookup."""
        return f"{self.batch_id}-{self.position}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """How many rows of a batch there are of each kind. `outcomes` counts rows that have ended by the outcome of their
    lookup; rows of an address that was looked up for an earlier row are not in it.
    """

    verdicts: dict[RowVerdict, int]
    states: dict[RowState, int]
    outcomes: dict[str, int]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.verdicts.values())

    @property
    def ready(self) -> int:
        """Rows that are looked up: one lookup each."""
        return self.verdicts.get(RowVerdict.READY, 0)

    @property
    def duplicates(self) -> int:
        """Rows that an earlier one's lookup answers."""
        return self.verdicts.get(RowVerdict.DUPLICATE, 0)

    @property
    def in_doubt(self) -> int:
        """Rows that need a person."""
        return self.verdicts.get(RowVerdict.ASK, 0) + self.verdicts.get(RowVerdict.CANNOT, 0)

    @property
    def ended(self) -> int:
        """Rows whose lookup is over, well or not."""
        return self.states.get(RowState.DONE, 0) + self.failed

    @property
    def failed(self) -> int:
        """Rows that a further attempt may answer."""
        return self.states.get(RowState.FAILED, 0)

    @property
    def unfinished(self) -> int:
        """Rows that are still to be looked up, or are right now."""
        return sum(self.states.get(state, 0) for state in UNFINISHED_ROWS)
