"""Starting, refreshing, resuming, checking and stopping lookups: the only writer of lookups and the only caller of Hum
for them.

However many tabs, viewers and workers watch a lookup, `refresh` asks Hum once per interval: it first takes the poll
lease in the database, then asks outside any transaction, then writes what it learned unless a newer poll was faster.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from webapp.addresses.address import Address
from webapp.hum.client import HumClient
from webapp.hum.errors import Busy, HumError, RateLimited, SessionGone, SessionNotFound
from webapp.hum.operations import CREATE, INTERNET, STATUS
from webapp.hum.providers import ProviderList, merged, providers_from
from webapp.hum.sessions import InternetServices, Session
from webapp.lookups.failures import after_failure, mark_expired, mark_failed, reason_of
from webapp.lookups.lifecycle import (
    POLL_WINDOW,
    Findings,
    Lookup,
    PollSchedule,
    Question,
    Reason,
    State,
    advance,
    next_question,
    noticed_late,
    schedule,
    settle_absence,
    with_checked_list,
)
from webapp.lookups.recorded_calls import CallStore, RecordedTurn, TurnKind
from webapp.lookups.store import CallsRefused, LookupStore, snapshot_of
from webapp.telemetry import about_lookup, log
from webapp.upstream.call import Call
from webapp.upstream.give_way import GiveWay, keep_on
from webapp.upstream.limits import Slot
from webapp.upstream.vendor_http import Priority

CREATE_LEASE = 30.0
"""Seconds after which a lookup without an answer to its first request is taken to have lost it: above every create
deadline.
"""
POLL_LEASE = 20.0
"""Seconds one turn of asking may take: above the total deadlines of its two requests, so a live worker is never
overtaken.
"""
LISTS_AT_HAND = 16
"""Provider lists that a process keeps ready to be drawn again."""
WHEN_BUSY = 2.0
"""Seconds until a page asks again for a poll that found every thread taken."""
CHECK_PAUSE = 10.0
"""Seconds between two checks of a finished lookup for more plans."""
SESSION_LIFE = 30 * 60.0
"""Seconds after which Hum has ended an untouched session by itself."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Quota(Protocol):
    """Limits what one viewer or one network may ask of Hum. Each method counts, or raises when the limit is reached."""

    def count(self, *, viewer: str, network: str) -> None:
        """One more lookup."""

    def count_window(self, *, viewer: str, network: str) -> None:
        """One more polling window of a lookup that exists."""

    def count_call(self, *, viewer: str, network: str) -> None:
        """One more single call about a lookup that exists."""


class NoQuota:
    """Any number of lookups."""

    def count(self, *, viewer: str, network: str) -> None:
        """Counts nothing."""

    def count_window(self, *, viewer: str, network: str) -> None:
        """Counts nothing."""

    def count_call(self, *, viewer: str, network: str) -> None:
        """Counts nothing."""


class CheckResult(StrEnum):
    """What came of *Check for more plans*."""

    ANSWERED = "answered"
    TOO_SOON = "too soon"
    SESSION_GONE = "session gone"
    FAILED = "failed"


class PlanCheck(NamedTuple):
    """The lookup after *Check for more plans*, as it was before, and what came of it. `wait` is the seconds until
    asking makes sense again; 0 where that is not known.
    """

    lookup: Lookup
    before: Lookup
    result: CheckResult
    wait: float = 0.0


class Started(NamedTuple):
    """A lookup that has begun, and the calls that this took; none if it had begun before."""

    lookup: Lookup
    calls: tuple[Call, ...]


class Snapshot(NamedTuple):
    """A provider list to be stored: the digest of its content, its JSON, and the list."""

    digest: str
    body: str
    providers: ProviderList


class Asking(NamedTuple):
    """How one poll asks: where its calls are recorded, with which priority, slot and headers, and the time."""

    turn: RecordedTurn
    priority: Priority
    slot: Slot
    headers: Mapping[str, str]
    now: Callable[[], float]


class MaybeStarted(Exception):
    """Hum may have started this lookup already, and starting it again may cost a second one; a person has to agree to
    that first.
    """


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for: the address, who asks, and the form's submit key that makes a double click one lookup.

    `network` is the network address that asks, for the limits. `repeat` says that the person agrees to start a lookup
    again that Hum may have started already. `dropped_unit` is the unit an earlier lookup had and this one leaves out.
    `headers` are sent along with the create call and not stored. `batch_id` names the batch that the lookup is a row
    of.
    """

    address: Address
    viewer: str
    submit_key: str
    campaign_id: str | None = None
    dropped_unit: str | None = None
    network: str = ""
    repeat: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    batch_id: str | None = None

    @property
    def key(self) -> str:
        """The submit key for this address: the same form sent again with another address is another lookup."""
        address = json.dumps(self.address.as_dict(), sort_keys=True)
        return f"{self.submit_key}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


class LookupService:
    """The use cases of a lookup. Times come from the injected clock; `environment` is the badge's word (DEMO, SANDBOX,
    LIVE).

    `calls` keeps what Hum was asked (without it nothing is kept); `monotonic` measures how long that took. `quota`
    limits starts and further polling windows. `on_end` is told of each lookup that ends or pauses. `give_way` lets the
    other requests of a worker go on.
    """

    def __init__(
        self,
        store: LookupStore,
        hum: HumClient,
        *,
        environment: str,
        poll_interval: float = 2.0,
        sync: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        calls: CallStore | None = None,
        quota: Quota | None = None,
        on_end: Callable[[Lookup], None] | None = None,
        give_way: GiveWay = keep_on,
    ) -> None:
        self._store = store
        self._hum = hum
        self._environment = environment
        self.poll_schedule = PollSchedule(window=POLL_WINDOW, interval=poll_interval)
        self._sync = tuple(sync)
        self._clock = clock
        self._monotonic = monotonic
        self._calls = calls
        self._quota = quota or NoQuota()
        self._on_end = on_end
        self._give_way = give_way
        # Sixty providers of sixty plans take a third of a second to read, and whoever filters them asks again and
        # again.
        self._lists = _ProviderLists(LISTS_AT_HAND)

    def start(
        self, request: Request, *, quota: Quota | None = None, priority: Priority = Priority.INTERACTIVE
    ) -> Started:
        """Begins a lookup, or finds the one this form began before. `quota` counts it in place of the service's own.

        The row is written before Hum is asked, so a killed worker or a second click never pays twice.
        Raises HumError when Hum refuses; the lookup is then kept as failed. Busy keeps nothing: Hum was not asked.
        Neither does MaybeStarted, nor what the quota raises.
        """
        key = request.key
        earlier = self._store.find_submitted(request.viewer, key)
        if earlier is not None:
            # A second click starts nothing, so no limit can refuse it.
            return Started(earlier, ())
        if not request.repeat and self._may_be_started(request):
            raise MaybeStarted
        with self._hum.acquire(CREATE) as slot:
            (quota or self._quota).count(viewer=request.viewer, network=request.network)
            lookup = self._new_lookup(request, key)
            if not self._store.add(lookup):
                return Started(self._store.find_submitted(request.viewer, key) or lookup, ())
            with self._turn(lookup, TurnKind.START) as turn:
                session = self._create(lookup, request, turn, priority, slot)
                after, snapshot = self._learn(lookup, Findings(session=session), self._clock())
                lookup = self._finish_start(lookup, after, snapshot, turn)
                return Started(lookup, tuple(turn.calls))

    def refresh(
        self,
        lookup: Lookup,
        *,
        now: float | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Lookup:
        """The lookup brought up to date: asks Hum only if a poll is due and no other request is asking.

        `now` is the moment in the lookup's life at which Hum is asked, for callers that keep its time themselves;
        without it, the clock's. `headers` are sent along with each call.
        """
        begun = self._clock()
        at = begun if now is None else now
        if lookup.next_poll_at is None or not lookup.active or lookup.next_poll_at > at:
            return lookup
        try:
            with self._hum.acquire(STATUS) as slot:
                claimed = self._store.claim_poll(lookup, now=at, lease_until=at + POLL_LEASE)
                if claimed is None:
                    return self._stored(lookup)
                claimed = noticed_late(claimed, lookup.next_poll_at, at)
                with self._turn(claimed, TurnKind.POLL) as turn:
                    asking = Asking(turn, priority, slot, headers, lambda: at + self._clock() - begun)
                    after, snapshot = self._ask(claimed, asking)
                    return self._finish(claimed, settle_absence(after), snapshot, turn)
        except Busy:
            # What is stored is shown, and the page asks again in a moment; the poll was not taken.
            return replace(lookup, next_poll_at=at + WHEN_BUSY)

    def find(self, lookup_id: str, viewer: str) -> Lookup | None:
        """The viewer's lookup as stored, without asking Hum."""
        return self._store.get(lookup_id, viewer)

    def find_begun_by(self, viewer: str, submit_key: str) -> Lookup | None:
        """The newest lookup that the form of this submit key has begun, whatever its address."""
        return self._store.newest_of_form(viewer, submit_key)

    def find_started(self, request: Request) -> Lookup | None:
        """The lookup that exactly this request has begun."""
        return self._store.find_submitted(request.viewer, request.key)

    def withdraw(self, lookup: Lookup) -> bool:
        """Deletes a lookup for which Hum opened no session, so that the same request can begin it later. Only for
        whoever knows that; False when it has one after all.
        """
        return self._store.delete_unopened(lookup)

    def resume(
        self, lookup: Lookup, network: str = "", *, now: float | None = None, quota: Quota | None = None
    ) -> Lookup:
        """*Keep checking*: another window of polling for a lookup that paused; others stay as they are.

        `network` is the network address that asks. `quota` counts the window in place of the service's own. Raises what
        the quota raises; the lookup stays paused then.
        """
        if not lookup.can_resume:
            return lookup
        (quota or self._quota).count_window(viewer=lookup.viewer, network=network)
        if now is None:
            now = self._clock()
        again = replace(
            noticed_late(lookup, lookup.window_ends_at, now),
            reason=None,
            failures=0,
            window_polls=0,
            window_started_at=now,
            window_seconds=POLL_WINDOW,
            next_poll_at=now,
        )
        self._store.interrupt(lookup, again)
        return self._stored(lookup)

    def check_plans(self, lookup: Lookup, network: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> PlanCheck:
        """*Check for more plans*: asks once for the list of a finished lookup, and adds what is new to what is known.

        `network` is the network address that asks. An answer that fails or is empty changes nothing. Raises what the
        quota raises; Hum is not asked then.
        """
        now = self._clock()
        if not lookup.can_check_plans or lookup.environment != self._environment:
            return PlanCheck(lookup, lookup, CheckResult.SESSION_GONE)
        wait = (lookup.next_poll_at or now) - now
        if wait > 0:
            return PlanCheck(lookup, lookup, CheckResult.TOO_SOON, wait)
        try:
            with self._hum.acquire(INTERNET) as slot:
                self._quota.count_call(viewer=lookup.viewer, network=network)
                claimed = self._store.claim_check(lookup, now=now, lease_until=now + POLL_LEASE)
                if claimed is None:
                    return PlanCheck(self._stored(lookup), lookup, CheckResult.TOO_SOON, CHECK_PAUSE)
                with self._turn(claimed, TurnKind.CHECK) as turn:
                    asking = Asking(turn, Priority.INTERACTIVE, slot, headers, self._clock)
                    checked, snapshot = self._ask_for_more(claimed, asking)
                    after = replace(checked.lookup, next_poll_at=self._clock() + CHECK_PAUSE)
                    return checked._replace(lookup=self._finish(claimed, after, snapshot, turn))
        except Busy as error:
            return PlanCheck(lookup, lookup, CheckResult.FAILED, error.wait)

    def stop(self, lookup: Lookup, *, now: float | None = None) -> Lookup:
        """*Stop*: ends the lookup with what it has and closes Hum's session, which Hum would otherwise do after 30
        minutes.
        """
        if now is None:
            now = self._clock()
        # A poll that finishes between reading and writing wins the first round, not the person's decision.
        for _ in range(5):
            if not lookup.active:
                return lookup
            state = State.DONE if lookup.provider_count else State.FAILED
            stopped = replace(lookup, state=state, reason=Reason.STOPPED, finished_at=now, next_poll_at=None)
            if self._store.interrupt(lookup, stopped):
                self._tell_end(lookup, stopped)
                with self._turn(lookup, TurnKind.STOP) as turn:
                    self._close_session(lookup, turn)
                break
            lookup = self._stored(lookup)
        return self._stored(lookup)

    def providers(self, lookup: Lookup) -> ProviderList | None:
        """The stored providers of a lookup, as Hum's own JSON tells them; None while there are none."""
        if not lookup.snapshot_digest:
            return None
        known = self._lists.get(lookup.id, lookup.snapshot_digest)
        if known is not None:
            return known
        raw = self._store.providers(lookup.id)
        if raw is None:
            return None
        listed = providers_from(raw, self._give_way)
        self._lists.put(lookup.id, lookup.snapshot_digest, listed)
        return listed

    def _may_be_started(self, request: Request) -> bool:
        """Whether the viewer's newest lookup of this address ended without knowing if Hum had opened its session."""
        now = self._clock()
        newest = self._store.newest_of(
            request.viewer, request.address, since=now - SESSION_LIFE, batch_id=request.batch_id
        )
        if newest is None or newest.token is not None:
            return False
        is_orphan = newest.state is State.CREATED and newest.next_poll_at is not None and newest.next_poll_at <= now
        return is_orphan or newest.reason is Reason.UNCERTAIN

    def _new_lookup(self, request: Request, key: str) -> Lookup:
        now = self._clock()
        return Lookup(
            id=secrets.token_urlsafe(16),
            viewer=request.viewer,
            submit_key=key,
            environment=self._environment,
            address=request.address,
            campaign_id=request.campaign_id,
            dropped_unit=request.dropped_unit,
            batch_id=request.batch_id,
            created_at=now,
            window_started_at=now,
            next_poll_at=now + CREATE_LEASE,
            claimed_at=now,
        )

    def _create(self, lookup: Lookup, request: Request, turn: RecordedTurn, priority: Priority, slot: Slot) -> Session:
        """The session that Hum opens; where it refuses, the lookup is kept as failed."""
        try:
            answer = self._hum.create_session(
                request.address.session_params(),
                campaign_id=request.campaign_id,
                sync=self._sync,
                headers=request.headers,
                priority=priority,
                slot=slot,
            )
        except HumError as error:
            turn.calls.extend(error.calls)
            self._write(lookup, mark_failed(lookup, reason_of(error), self._clock()), None, turn)
            raise
        turn.calls.extend(answer.calls)
        return answer.facts

    def _finish_start(self, lookup: Lookup, after: Lookup, snapshot: Snapshot | None, turn: RecordedTurn) -> Lookup:
        now = self._clock()
        if after.state is State.CREATED:
            after = mark_failed(after, Reason.UNCERTAIN, now)
        elif after.active:
            after = schedule(replace(after, window_started_at=now), self.poll_schedule, now)
        if self._write(lookup, after, snapshot, turn):
            return replace(after, claimed_at=None)
        # Stopped while Hum was still answering: this session will not be asked for again.
        self._close_session(after, turn)
        return self._stored(lookup)

    def _ask(self, claimed: Lookup, asking: Asking) -> tuple[Lookup, Snapshot | None]:
        """The lookup after one poll: the status, and the services when they may be ready; and a changed list."""
        now = asking.now
        if claimed.token is None:
            return mark_failed(claimed, Reason.UNCERTAIN, now()), None
        if claimed.environment != self._environment:
            return mark_expired(claimed, now()), None
        after = replace(claimed, window_polls=claimed.window_polls + 1)
        snapshot: Snapshot | None = None
        asked: Question | None = None
        try:
            while question := next_question(after, asked, now()):
                findings = self._put(question, asked, claimed.token, asking)
                asked = question
                after, changed = self._learn(after, findings, now())
                snapshot = changed or snapshot
        except HumError as error:
            asking.turn.calls.extend(error.calls)
            before = replace(after, failures=claimed.failures)
            return after_failure(before, error, now(), self.poll_schedule, hum_is_down=self._hum.is_down), snapshot
        return schedule(after, self.poll_schedule, now()), snapshot

    def _put(self, question: Question, asked: Question | None, token: str, asking: Asking) -> Findings:
        """Hum's answer to one question; `asked` is the one before it in this poll."""
        turn, priority, slot, headers = asking.turn, asking.priority, asking.slot, asking.headers
        if question is Question.STATUS:
            status = self._hum.get_session(token, headers=headers, priority=priority, slot=slot)
            turn.calls.extend(status.calls)
            return Findings(session=status.facts)
        try:
            services = self._hum.get_internet(token, headers=headers, priority=priority, slot=slot)
        except SessionNotFound as error:
            # There may just be no list yet. The status knows whether the session lives, and may have said so already.
            turn.calls.extend(error.calls)
            if asked is Question.STATUS:
                return Findings(services=InternetServices(ready=False))
            return self._put(Question.STATUS, None, token, asking)
        turn.calls.extend(services.calls)
        return Findings(services=services.facts)

    def _ask_for_more(self, claimed: Lookup, asking: Asking) -> tuple[PlanCheck, Snapshot | None]:
        """What one more answer about the list adds, and the list if it has changed."""
        try:
            answer = self._hum.get_internet(
                str(claimed.token), headers=asking.headers, priority=asking.priority, slot=asking.slot
            )
        except HumError as error:
            asking.turn.calls.extend(error.calls)
            return _failed_check(claimed, error), None
        asking.turn.calls.extend(answer.calls)
        known, news = self.providers(claimed), answer.facts.providers
        unchanged = PlanCheck(claimed, claimed, CheckResult.ANSWERED), None
        if known is None or news is None or not news.providers:
            return unchanged
        listed = merged(known, news, self._give_way)
        digest, body = snapshot_of(listed)
        after = with_checked_list(claimed, listed, digest, is_newest=listed.raw == news.raw, now=asking.now())
        checked = PlanCheck(after, claimed, CheckResult.ANSWERED)
        if after.snapshot_digest == claimed.snapshot_digest:
            return checked, None
        return checked, Snapshot(digest, body, listed)

    def _learn(self, lookup: Lookup, findings: Findings, now: float) -> tuple[Lookup, Snapshot | None]:
        """The lookup after an answer, and the provider list if it has changed."""
        listed = findings.providers
        if listed is None:
            return advance(lookup, findings, now), None
        digest, body = snapshot_of(listed)
        self._give_way()
        after = advance(lookup, replace(findings, digest=digest), now)
        if after.snapshot_digest == lookup.snapshot_digest:
            return after, None
        return after, Snapshot(digest, body, listed)

    def _close_session(self, lookup: Lookup, turn: RecordedTurn) -> None:
        if lookup.token is None or lookup.environment != self._environment:
            return
        try:
            turn.calls.extend(self._hum.close_session(lookup.token).calls)
        except HumError as error:
            # Closing only frees Hum's resources early; the person's decision is stored.
            turn.calls.extend(error.calls)

    def _finish(self, claimed: Lookup, after: Lookup, snapshot: Snapshot | None, turn: RecordedTurn) -> Lookup:
        if self._write(claimed, after, snapshot, turn):
            return replace(after, claimed_at=None)
        return self._stored(claimed)

    def _write(self, claimed: Lookup, after: Lookup, snapshot: Snapshot | None, turn: RecordedTurn) -> bool:
        """One transaction for all that a turn leaves behind: on SQLite every further one is a further wait for the
        other workers.
        """
        body = None if snapshot is None else snapshot.body
        rows = self._rows(turn)
        try:
            won = self._store.finish_poll(claimed, after, body, rows)
            turn.stored = won
        except CallsRefused:
            # They tell of the lookup and must never cost it; `_turn` tries once more, and logs what is wrong.
            won = self._store.finish_poll(claimed, after, body)
        if won and snapshot is not None:
            self._lists.put(claimed.id, snapshot.digest, snapshot.providers)
        if won:
            self._tell_end(claimed, after)
        return won

    def _tell_end(self, before: Lookup, after: Lookup) -> None:
        """One log line for each lookup that ends or pauses, by whatever was written now."""
        if before.outcome is not None or after.outcome is None:
            return
        log.info(
            "lookup_ended",
            lookup=after.id,
            outcome=after.outcome.value,
            reason=None if after.reason is None else after.reason.value,
            seconds=round(self._clock() - after.created_at, 1),
            left=after.left_at is not None,
            providers=after.provider_count,
            plans=after.plan_count,
            polls=after.polls,
            batch=after.batch_id,
        )
        if self._on_end is not None:
            self._on_end(after)

    @contextmanager
    def _turn(self, lookup: Lookup, kind: TurnKind) -> Iterator[RecordedTurn]:
        """Collects the calls of a turn. Stores them when it is over, however it ended, unless that has been done."""
        turn = RecordedTurn(lookup.id, kind, self._clock(), self._monotonic())
        with about_lookup(lookup.id):
            try:
                yield turn
            finally:
                if not turn.stored:
                    self._store_calls(turn)

    def _rows(self, turn: RecordedTurn) -> list[dict[str, Any]]:
        return turn.rows(self._monotonic()) if self._calls is not None and turn.calls else []

    def _store_calls(self, turn: RecordedTurn) -> None:
        if self._calls is None or not turn.calls:
            return
        try:
            self._calls.add(self._rows(turn))
        except Exception as error:
            # The lookup is stored already. The error's own text would quote the bodies, so only its kind is logged.
            log.warning("calls_not_recorded", kind=type(error).__name__)

    def _stored(self, lookup: Lookup) -> Lookup:
        return self._store.get(lookup.id, lookup.viewer) or lookup


def _failed_check(lookup: Lookup, error: HumError) -> PlanCheck:
    if isinstance(error, SessionNotFound | SessionGone):
        return PlanCheck(lookup, lookup, CheckResult.SESSION_GONE)
    if isinstance(error, RateLimited):
        return PlanCheck(lookup, lookup, CheckResult.FAILED, error.retry_after)
    return PlanCheck(lookup, lookup, CheckResult.FAILED)


class _ProviderLists:
    """The provider lists that a process has read or learned lately, ready to be drawn again. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._lists: OrderedDict[tuple[str, str], ProviderList] = OrderedDict()

    def get(self, lookup_id: str, digest: str) -> ProviderList | None:
        """The list of this content; None when it is not at hand."""
        with self._lock:
            found = self._lists.get((lookup_id, digest))
            if found is not None:
                self._lists.move_to_end((lookup_id, digest))
        return found

    def put(self, lookup_id: str, digest: str, listed: ProviderList) -> None:
        """Keeps a list, in place of the one that was not wanted for longest."""
        with self._lock:
            self._lists[lookup_id, digest] = listed
            self._lists.move_to_end((lookup_id, digest))
            if len(self._lists) > self._most:
                self._lists.popitem(last=False)
