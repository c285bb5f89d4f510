"""How batches run: which rows are begun when, and how one row is looked up. A row is an ordinary lookup, asked about on
the same schedule as a person's.

Whatever dies, nothing is paid twice: a row is marked as being looked up before its lookup is begun, its submit key
stays the same until a person wants another attempt, and doing it again goes on where it was. Nothing here knows the
engine that does it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import BoundedSemaphore

from webapp.batches.batch import Batch, BatchRow, BatchState, RowState
from webapp.batches.store import BatchStore
from webapp.database import DatabaseUnavailable
from webapp.hum.errors import Busy, HumError, RateLimited, Unavailable
from webapp.lookups.failures import MAX_FAILURES
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State
from webapp.lookups.polling import SESSION_LIFE, LookupService, NoQuota, Quota, Request
from webapp.telemetry import log, place_of
from webapp.upstream.vendor_http import Priority

FEWEST_AT_ONCE, MOST_AT_ONCE = 8, 100
"""Rows being looked up at the same time, by all workers together."""
CALLS_PER_ROW_AT_ONCE = 12
"""Calls a minute for each of them: a row takes five calls in some fifteen seconds, and more rows at once would only
wait for each other's.
"""
BEGUN_AT_ONCE = 4
"""Sessions that a worker opens at the same time: so many lookups at most are uncertain after it was killed."""
AT_ONCE_IN_A_DEMO = 20
"""The simulator has no limit to wait for."""
SHORTEST_WAIT, LOOK_AGAIN = 0.05, 3.0
"""Seconds after which a lookup is read again: when its next poll is due, but soon, because a person may watch it and
ask Hum, too.
"""
STATE_LOOKED_AT = 2.0
"""Seconds between two looks at whether a batch still runs, for rows that wait to begin."""
DATABASE_AWAY = 2.0
HANDED_OVER_WITHIN = 10.0
"""Seconds after which a row that is marked as begun must be in the engine's hands, or is given to it again."""

NOT_OPENED = (Reason.RATE_LIMITED, Reason.DOWN, Reason.UNAVAILABLE, Reason.NOT_AUTHORIZED)
"""Why a lookup failed for which Hum opened no session: it can be begun again and is paid once."""
PASSES = (Reason.RATE_LIMITED, Reason.DOWN)
"""Why a lookup pauses although nothing is wrong with it."""
BUG = "bug"
"""Stands in place of a reason for a row that our own fault kept from being looked up."""
NO_ANSWER = (Outcome.REFUSED, Outcome.EXPIRED, Outcome.STOPPED)


class PauseReason(StrEnum):
    """Why a batch pauses by itself."""

    NOT_AUTHORIZED = "not_authorized"
    DAILY_LIMIT = "daily_limit"


class DailyLimitReached(Exception):
    """No more lookups may be begun today; raised by the quota that batches count with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many rows are looked up at once; `stated_limit` gives the calls a minute that Hum allows, 0 while it has not
    said.
    """

    stated_limit: Callable[[], int]
    is_demo: bool = False

    def rows_at_once(self) -> int:
        """For all workers together."""
        if self.is_demo:
            return AT_ONCE_IN_A_DEMO
        return min(max(self.stated_limit() // CALLS_PER_ROW_AT_ONCE, FEWEST_AT_ONCE), MOST_AT_ONCE)


class RunningBatches:
    """Decides which rows are begun. Any number of workers may do so at the same time."""

    def __init__(
        self, store: BatchStore, pace: Pace, *, environment: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._pace = pace
        self._environment = environment
        self._clock = clock

    def begin_rows(self) -> list[BatchRow]:
        """Marks as many waiting rows as being looked up as the pace allows, the same number of each running batch, and
        ends batches without any; gives the rows that are to be handed to the engine.
        """
        running = self._store.running(self._environment)
        if not running:
            return []
        free = self._pace.rows_at_once() - len(self._store.looking(self._environment))
        share = -(-free // len(running))
        begun: list[BatchRow] = []
        for batch in running:
            if len(begun) < free:
                begun += self._begin_some(batch, min(share, free - len(begun)))
            self._store.finish(batch.id, self._clock())
        return begun

    def begun_long_ago(self) -> list[BatchRow]:
        """Rows that should be in the engine's hands: whoever marked them may have died before handing them over."""
        before = self._clock() - HANDED_OVER_WITHIN
        return [row for row in self._store.looking(self._environment) if (row.begun_at or 0.0) <= before]

    def _begin_some(self, batch: Batch, most: int) -> list[BatchRow]:
        begun = []
        for row in self._store.waiting(batch.id, most):
            if self._store.begin_row(batch.id, row.position, self._clock()):
                begun.append(self._store.row(batch.id, row.position))
        return [row for row in begun if row is not None]


class RowLookup:
    """Looks one row up, from wherever it stands to its end.

    `quota` counts each lookup that is begun and raises DailyLimitReached. `foreseen_wait` gives the seconds that the
    rate limit makes a batch's call wait, without taking one. `wait` waits for some seconds, and is True when the worker
    is to end meanwhile.
    """

    def __init__(
        self,
        store: BatchStore,
        lookups: LookupService,
        quota: Quota,
        *,
        campaign_id: str | None,
        foreseen_wait: Callable[[], float],
        wait: Callable[[float], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._quota = quota
        self._campaign_id = campaign_id
        self._begins = BoundedSemaphore(BEGUN_AT_ONCE)
        self._foreseen_wait = foreseen_wait
        self._wait = wait
        self._clock = clock

    def run(self, batch_id: str, position: int) -> None:
        """Does nothing for a row that has ended or is gone. Never raises: while the database is away it waits, and a
        row that our own fault keeps from being looked up fails alone.
        """
        while True:
            try:
                self._run(batch_id, position)
                return
            except DatabaseUnavailable:
                if self._wait(DATABASE_AWAY):
                    return
            except Exception as error:
                log.error("bug", kind=type(error).__name__, at=place_of(error))
                # Where this fails too, the row is handed over again.
                with suppress(*DatabaseUnavailable):
                    self._store.end_row(batch_id, position, RowState.FAILED, self._clock(), error=BUG)
                return

    def _run(self, batch_id: str, position: int) -> None:
        batch, row = self._store.find(batch_id), self._store.row(batch_id, position)
        if batch is None or row is None or row.state is not RowState.LOOKING:
            return
        try:
            lookup = self._begin(batch, row)
            self._store.note_lookup(batch.id, row.position, lookup.id)
            self._end(row, self._follow(lookup))
        except _NotNow as reason:
            if reason.pauses_for is not None:
                self._store.pause(batch.id, reason.pauses_for.value)
            self._store.give_back(batch.id, row.position)

    def _begin(self, batch: Batch, row: BatchRow) -> Lookup:
        """The row's lookup: with a session, or ended for good. Raises _NotNow when the row is to wait again."""
        # What Hum may have begun already is begun again only as another attempt, for which a person has pressed Retry.
        request = Request(row.address, batch.viewer, row.submit_key, self._campaign_id, batch_id=batch.id, repeat=True)
        failures = 0
        while True:
            with self._begins:
                if not self._still_runs(batch):
                    raise _NotNow
                lookup, wait = self._start(request)
            if lookup is not None and not _was_never_opened(lookup):
                return lookup
            if lookup is not None and lookup.reason is Reason.UNAVAILABLE:
                failures += 1
                if failures >= MAX_FAILURES:
                    return lookup
            if lookup is not None:
                self._lookups.withdraw(lookup)
                _pause_if_the_key_is_bad(lookup)
            self._wait_while_it_runs(batch, max(wait, 2.0**failures))

    def _start(self, request: Request) -> tuple[Lookup | None, float]:
        """The lookup of a request, kept as failed where Hum refused it; None where nothing was kept. With the seconds
        to wait before another try.
        """
        earlier = self._lookups.find_started(request)
        if earlier is not None:
            return earlier, 0.0
        wait = self._foreseen_wait()
        if wait:
            return None, wait
        try:
            return self._lookups.start(request, quota=self._quota, priority=Priority.BATCH).lookup, 0.0
        except DailyLimitReached:
            raise _NotNow(PauseReason.DAILY_LIMIT) from None
        except Busy as error:
            return None, error.wait
        except HumError as error:
            return self._lookups.find_started(request), _wait_after(error)

    def _follow(self, lookup: Lookup) -> Lookup:
        """The lookup at its end. Raises _NotNow when the worker ends first."""
        if lookup.can_resume:
            # It had paused for good, and a person has let the batch go on.
            lookup = self._lookups.resume(lookup, quota=NoQuota())
        while lookup.being_asked or self._goes_on_by_itself(lookup):
            if not lookup.being_asked:
                lookup = self._lookups.resume(lookup, quota=NoQuota())
            due_in = (lookup.next_poll_at or 0.0) - self._clock()
            if self._wait(min(max(due_in, SHORTEST_WAIT), LOOK_AGAIN)):
                raise _NotNow
            stored = self._lookups.find(lookup.id, lookup.viewer)
            if stored is None:
                # Deleted meanwhile, with its batch or alone.
                return replace(lookup, state=State.FAILED, reason=Reason.STOPPED, next_poll_at=None)
            lookup = self._lookups.refresh(stored, priority=Priority.BATCH)
        if lookup.active:
            _pause_if_the_key_is_bad(lookup)
        return lookup

    def _goes_on_by_itself(self, lookup: Lookup) -> bool:
        """Paused for what passes, while Hum's session lives: nobody is there to press *Keep checking*."""
        last_asked = lookup.answered_at or lookup.created_at
        return lookup.can_resume and lookup.reason in PASSES and self._clock() < last_asked + SESSION_LIFE

    def _end(self, row: BatchRow, lookup: Lookup) -> None:
        outcome = lookup.outcome
        state = RowState.DONE
        if outcome in NO_ANSWER:
            state = RowState.FAILED
        self._store.end_row(
            row.batch_id,
            row.position,
            state,
            self._clock(),
            lookup_id=lookup.id,
            outcome=None if outcome is None else outcome.value,
            error=None if lookup.reason is None else lookup.reason.value,
        )

    def _still_runs(self, batch: Batch) -> bool:
        """Whether rows may still be begun: the batch was not paused, and the worker does not end."""
        stored = self._store.find(batch.id)
        return stored is not None and stored.state is BatchState.RUNNING and not self._wait(0.0)

    def _wait_while_it_runs(self, batch: Batch, seconds: float) -> None:
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0 and self._still_runs(batch):
            self._wait(min(left, STATE_LOOKED_AT))


class _NotNow(Exception):
    """The row is to wait again, and its batch pauses if there is a reason for that."""

    def __init__(self, pauses_for: PauseReason | None = None) -> None:
        super().__init__(pauses_for)
        self.pauses_for = pauses_for


def _pause_if_the_key_is_bad(lookup: Lookup) -> None:
    """Every other row would be refused as well."""
    if lookup.reason is Reason.NOT_AUTHORIZED:
        raise _NotNow(PauseReason.NOT_AUTHORIZED)


def _was_never_opened(lookup: Lookup) -> bool:
    return lookup.state is State.FAILED and lookup.token is None and lookup.reason in NOT_OPENED


def _wait_after(error: HumError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after
    if isinstance(error, Unavailable):
        return error.wait
    return 0.0
