"""Starting, refreshing and stopping a research: the only writer of researches and the only caller of H Company.

However many tabs watch, `refresh` asks H once per interval: it takes the lease in the database, asks outside any
transaction, and writes what it learned unless the row was written since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from webapp.lookups.lifecycle import Lookup
from webapp.lookups.recorded_calls import CallStore, RecordedTurn, TurnKind
from webapp.research.client import AgentClient
from webapp.research.errors import AgentError, RequestRefused, SessionUnknown
from webapp.research.lifecycle import (
    Reason,
    Research,
    State,
    after_failure,
    ended,
    learn_changes,
    learn_session,
    must_answer_now,
    must_end_now,
)
from webapp.research.sessions import AgentSession
from webapp.research.store import NoSlot, ResearchStore
from webapp.research.task import Caps, Task, idempotency_key
from webapp.telemetry import log

LEASE = 40.0
"""Seconds that one turn may take: above the deadlines of its calls, so a live request is never overtaken."""
ABANDONED_AFTER = 20.0
"""Seconds after which a question that was not asked shows that nobody watches: a page asks every four."""
GIVEN_UP_AFTER = 900.0
"""Seconds after its end at which a session that could not be ended is taken to be over: its own time is up long
since.
"""
MOST_AT_ONCE = 20


def no_one(lookup_id: str) -> None:
    """For callers that need not know of an end."""


class Researches:
    """The use cases. `secret` makes the keys of the create calls; `find_lookup` gives a lookup by its id and viewer.
    `calls` keeps what H was asked; without it nothing is kept. `note_ended` is told the id of each lookup whose
    research has ended.
    """

    def __init__(
        self,
        store: ResearchStore,
        client: AgentClient,
        *,
        agent: str,
        caps: Caps,
        secret: bytes,
        find_lookup: Callable[[str, str], Lookup | None],
        calls: CallStore | None = None,
        note_ended: Callable[[str], None] = no_one,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.caps = caps
        self._store = store
        self._client = client
        self._agent = agent
        self._secret = secret
        self._find_lookup = find_lookup
        self._calls = calls
        self._note_ended = note_ended
        self._clock = clock
        self._monotonic = monotonic

    def find(self, lookup_id: str) -> Research | None:
        """The research of a lookup as stored."""
        return self._store.get(lookup_id)

    def any_in_batch(self, batch_id: str) -> bool:
        """Whether any lookup of a batch has a research with an answer."""
        return self._store.of_batch(batch_id)

    def start(self, lookup: Lookup) -> Research:
        """Begins a research, or finds the one that runs or has an answer. Raises NoSlot.

        The row is written before H is asked. A second click finds it, and a killed process leaves a row whose create
        call is sent again with the same key.
        """
        seen = self._store.get(lookup.id)
        if seen is not None and seen.slot is not None and not seen.active:
            # Its place is free again when H has ended the session.
            seen = self._close(seen)
        if seen is not None and (seen.active or seen.state is State.DONE):
            return seen
        if seen is not None and seen.slot is not None:
            raise NoSlot
        research = self._store.begin(lookup.id, seen, slots=self.caps.concurrency, now=self._clock(), lease=LEASE)
        if research is not None:
            return self._take_turn(research, lookup)
        faster = self._store.get(lookup.id)
        if faster is None:
            raise NoSlot
        return faster

    def refresh(self, lookup: Lookup) -> Research | None:
        """The research brought up to date: asks H only if a question is due and no other request is asking."""
        seen = self._store.get(lookup.id)
        now = self._clock()
        if seen is None or not seen.active or seen.next_poll_at is None or seen.next_poll_at > now:
            return seen
        claimed = self._store.claim(seen, now=now, lease_until=now + LEASE)
        if claimed is None:
            return self._store.get(lookup.id)
        return self._take_turn(claimed, lookup)

    def stop(self, lookup: Lookup) -> Research | None:
        """*Stop*: ends the session at H for good. One that has ended stays as it is."""
        seen = self._store.get(lookup.id)
        if seen is None or not seen.active:
            return seen
        after = ended(seen, State.STOPPED, None, self._clock())
        if not self._store.stop(seen, after):
            # A turn has ended at the same moment; the page shows what came of it, and Stop can be pressed again.
            return self._store.get(lookup.id)
        self._note_ended(lookup.id)
        return self._close(replace(after, polls=seen.polls + 1))

    def stop_all_of(self, viewer: str) -> None:
        """*Stop* for everything that runs for a viewer, whose lookups are about to be deleted."""
        for lookup_id in self._store.running_of(viewer):
            lookup = self._find_lookup(lookup_id, viewer)
            if lookup is not None:
                self.stop(lookup)

    def finish_abandoned(self) -> int:
        """For the worker: asks about researches that nobody watches, so that a closed tab loses no answer and no
        session outlives its time, and ends sessions that could not be ended before. How many there were.
        """
        now = self._clock()
        abandoned = self._store.abandoned(due_before=now - ABANDONED_AFTER, most=MOST_AT_ONCE)
        for lookup_id, viewer in abandoned:
            lookup = self._find_lookup(lookup_id, viewer)
            if lookup is not None:
                self.refresh(lookup)
        left = self._store.left_open(finished_before=now - ABANDONED_AFTER, most=MOST_AT_ONCE)
        for research in left:
            self._close(research)
        return len(abandoned) + len(left)

    def _take_turn(self, claimed: Research, lookup: Lookup) -> Research:
        with self._recorded(lookup.id) as turn:
            after = self._ask(claimed, lookup, turn)
            turn.stored = won = self._store.finish(claimed, after, self._rows(turn))
        if not won:
            # Somebody has pressed Stop meanwhile; a session that only this turn knows of would be left running.
            if claimed.session_id is None and after.session_id is not None:
                self._close(after)
            return self._store.get(lookup.id) or after
        if not after.active:
            self._note_ended(lookup.id)
        if after.active or after.slot is None:
            return after
        return self._close(after)

    def _ask(self, claimed: Research, lookup: Lookup, turn: RecordedTurn) -> Research:
        """The research after one question to H."""
        now = self._clock()
        is_last = must_end_now(claimed, self.caps, now)
        try:
            if claimed.session_id is None:
                after = learn_session(claimed, self._create(claimed, lookup, turn), self._clock())
            else:
                # The last question is about everything: an index that went too far would hide the answer.
                from_index = 0 if is_last else claimed.from_index
                answer = self._client.get_changes(claimed.session_id, from_index)
                turn.calls.extend(answer.calls)
                after = learn_changes(claimed, answer.facts, self._clock())
        except AgentError as error:
            turn.calls.extend(error.calls)
            after = after_failure(claimed, error, self._clock())
        if is_last and after.active:
            return ended(after, State.FAILED, Reason.TOO_LONG, self._clock())
        if must_answer_now(after, self.caps, now):
            after = self._force(after, turn)
        return after

    def _create(self, claimed: Research, lookup: Lookup, turn: RecordedTurn) -> AgentSession:
        """One session, with the form of the answer as a member of its own; where H refuses that member, with the words
        of the task alone.
        """
        task = Task(self._agent, lookup.address, self.caps)
        for with_format in (True, False):
            key = idempotency_key(self._secret, lookup.id, claimed.attempt, with_format=with_format)
            try:
                answer = self._client.create_session(task.body(with_format=with_format), key)
            except RequestRefused as refusal:
                if not with_format or "answer_format" not in refusal.fields:
                    raise
                turn.calls.extend(refusal.calls)
            else:
                turn.calls.extend(answer.calls)
                return answer.facts
        raise AssertionError("the second try either gives a session or raises")

    def _force(self, research: Research, turn: RecordedTurn) -> Research:
        try:
            turn.calls.extend(self._client.force_answer(str(research.session_id)).calls)
        except AgentError as error:
            # It ends by its own caps, or by ours.
            turn.calls.extend(error.calls)
        return replace(research, forced_at=self._clock())

    def _close(self, research: Research) -> Research:
        """Ends the session of a research that is over, so that its place is free. What fails is left to the worker."""
        with self._recorded(research.lookup_id) as turn:
            if not self._is_closed(research, turn):
                return research
        self._store.free(research)
        return replace(research, slot=None)

    def _is_closed(self, research: Research, turn: RecordedTurn) -> bool:
        if research.session_id is not None:
            try:
                turn.calls.extend(self._client.delete_session(research.session_id).calls)
                return True
            except (SessionUnknown, RequestRefused) as refusal:
                # H knows no session that could be ended.
                turn.calls.extend(refusal.calls)
                return True
            except AgentError as error:
                turn.calls.extend(error.calls)
        is_over = self._clock() > (research.finished_at or research.begun_at) + GIVEN_UP_AFTER
        if is_over:
            log.warning("research_given_up", operation="h_delete")
        return is_over

    @contextmanager
    def _recorded(self, lookup_id: str) -> Iterator[RecordedTurn]:
        """Collects the calls of a turn, and stores them when it is over, however it ended, unless that has been
        done.
        """
        turn = RecordedTurn(lookup_id, TurnKind.RESEARCH, self._clock(), self._monotonic())
        try:
            yield turn
        finally:
            rows = self._rows(turn)
            if self._calls is not None and rows and not turn.stored:
                try:
                    self._calls.add(rows)
                except Exception as error:
                    # They must never cost the research. The error's text would quote bodies, so only its kind is
                    # logged.
                    log.warning("calls_not_recorded", kind=type(error).__name__)

    def _rows(self, turn: RecordedTurn) -> list[dict[str, Any]]:
        if self._calls is None or not turn.calls:
            return []
        return turn.rows(self._monotonic())
