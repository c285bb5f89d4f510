"""Starting, refreshing, resuming and stopping lookups: the only writer of lookups and the only caller of Hum for them.

However many tabs, viewers and workers watch a lookup, `refresh` asks Hum once per interval: it first takes the poll lease
in the database, then asks outside any transaction, then writes what it learned unless somebody newer was faster.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from webapp.address import Address
from webapp.hum.client import HumClient
from webapp.hum.endpoints import CREATE, STATUS
from webapp.hum.errors import Busy, HumError, SessionNotFound
from webapp.hum.models import AgentState, InternetServices, ProviderList
from webapp.hum.pacing import PollPlan
from webapp.hum.providers import providers_from
from webapp.lookups.calls import TurnKind
from webapp.lookups.lifecycle import POLL_WINDOW, REAL_TIME, Answer, Lookup, Reason, State, advance
from webapp.lookups.pace import in_time_of, seconds_since_birth
from webapp.lookups.recording import Asked, Recording, no_recording
from webapp.lookups.store import CallsRefused, LookupStore, snapshot_of
from webapp.lookups.strain import no_strain
from webapp.lookups.trouble import after_trouble, expired, reason_of, refused

CREATE_LEASE = 30.0
"""Seconds after which a lookup without an answer to its first request is taken to have lost it: above every create deadline."""
POLL_LEASE = 20.0
"""Seconds one turn of asking may take: above the total deadlines of its two requests, so a live worker is never overtaken."""
LISTS_AT_HAND = 16
"""Provider lists that a process keeps ready to be drawn again."""
WHEN_BUSY = 2.0
"""Seconds until a page asks again for a poll that found every thread taken."""
SESSION_LIFE = 30 * 60.0
"""Seconds after which Hum has ended an untouched session by itself."""


class Quota(Protocol):
    """Limits what one viewer or one network may ask of Hum. Each method counts, or raises when the limit is reached."""

    def count(self, *, viewer: str, network: str) -> None:
        """One more lookup."""

    def count_window(self, *, viewer: str, network: str) -> None:
        """One more polling window of a lookup that exists."""


class NoQuota:
    """Any number of lookups."""

    def count(self, *, viewer: str, network: str) -> None:
        """Counts nothing."""

    def count_window(self, *, viewer: str, network: str) -> None:
        """Counts nothing."""


class MaybeStarted(Exception):
    """Hum may have started this lookup already, and starting it again may cost a second one; a person has to agree to that first."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for: the address, who asks, and the form's submit key that makes a double click one lookup.

    `network` is the network address that asks, for the limits. `repeat` says that the person agrees to start a lookup again that Hum
    may have started already. `dropped_unit` is the unit an earlier lookup had and this one leaves out. `speed` is that of the lookup's
    clock; see `pace`.
    """

    address: Address
    viewer: str
    submit_key: str
    campaign_id: str | None = None
    dropped_unit: str | None = None
    speed: float = REAL_TIME
    network: str = ""
    repeat: bool = False

    @property
    def key(self) -> str:
        """The submit key for this address: the same form sent again with another address is another lookup."""
        address = json.dumps(self.address.as_dict(), sort_keys=True)
        return f"{self.submit_key}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


class LookupService:
    """The use cases of a lookup. Times come from the injected clock; `environment` is the badge's word (DEMO, SANDBOX, LIVE).

    `strain` says how much further apart polls shall be while this process is busy. `quota` limits starts and further polling windows,
    whoever calls.
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
        recording: Recording = no_recording,
        strain: Callable[[], float] = no_strain,
        quota: Quota | None = None,
    ) -> None:
        self._store = store
        self._hum = hum
        self._environment = environment
        self._plan = PollPlan(window=POLL_WINDOW, shortest=poll_interval)
        self._sync = tuple(sync)
        self._clock = clock
        self._recording = recording
        self._strain = strain
        self._quota = quota or NoQuota()
        # Sixty providers of sixty plans take a third of a second to read, and whoever filters them asks again and again.
        self._list_of = lru_cache(maxsize=LISTS_AT_HAND)(self._read_list)

    def start(self, request: Request) -> Lookup:
        """Begins a lookup, or finds the one this form began before.

        The row is written before Hum is asked, so a killed worker or a second click never pays twice.
        Raises HumError when Hum refuses; the lookup is then kept as failed. Busy keeps nothing: Hum was not asked. Neither does
        MaybeStarted, nor what the quota raises.
        """
        earlier = self._store.find_submitted(request.viewer, request.key)
        if earlier is not None:
            # A second click starts nothing, so no limit can refuse it.
            return earlier
        if not request.repeat and self._may_be_started(request):
            raise MaybeStarted
        with self._hum.seats.taken(CREATE.name, CREATE.method):
            self._quota.count(viewer=request.viewer, network=request.network)
            return self._start(request)

    def _may_be_started(self, request: Request) -> bool:
        """Whether the viewer's newest lookup of this address ended without knowing if Hum had opened its session."""
        now = self._clock()
        newest = self._store.newest_of(request.viewer, request.address, since=now - SESSION_LIFE)
        if newest is None or newest.token is not None:
            return False
        is_orphan = newest.state is State.CREATED and newest.next_poll_at is not None and newest.next_poll_at <= now
        return is_orphan or newest.reason is Reason.UNCERTAIN

    def _start(self, request: Request) -> Lookup:
        lookup = self._new_lookup(request)
        if not self._store.add(lookup):
            return self._store.find_submitted(request.viewer, request.key) or lookup
        with in_time_of(lookup), self._recording(lookup.id, TurnKind.START) as asked:
            return self._begin(lookup, request, asked)

    def _begin(self, lookup: Lookup, request: Request, asked: Asked) -> Lookup:
        try:
            session = self._hum.create_session(
                request.address.session_params(),
                campaign_id=request.campaign_id,
                sync=self._sync,
            )
        except HumError as error:
            self._write(lookup, refused(lookup, reason_of(error), self._clock()), None, asked)
            raise
        after, body = self._learn(lookup, Answer(session=session))
        now = self._clock()
        if after.state is State.CREATED:
            after = refused(after, Reason.UNCERTAIN, now)
        elif after.active:
            after = replace(after, window_started_at=now, next_poll_at=now)
        if self._write(lookup, after, body, asked):
            return replace(after, claimed_at=None)
        # Stopped while Hum was still answering: nobody will ask for this session again.
        self._close_session(after)
        return self._stored(lookup)

    def find(self, lookup_id: str, viewer: str) -> Lookup | None:
        """The viewer's lookup as stored, without asking Hum."""
        return self._store.get(lookup_id, viewer)

    def refresh(self, lookup: Lookup) -> Lookup:
        """The lookup brought up to date: asks Hum if a poll is due and nobody else is at it, else what is stored."""
        now = self.now(lookup)
        if lookup.next_poll_at is None or not lookup.active or lookup.next_poll_at > now:
            return lookup
        try:
            with self._hum.seats.taken(STATUS.name, STATUS.method):
                return self._poll(lookup, now)
        except Busy:
            # What is stored is shown, and the page asks again in a moment; nobody has taken the poll.
            return replace(lookup, next_poll_at=now + WHEN_BUSY)

    def _poll(self, lookup: Lookup, now: float) -> Lookup:
        with in_time_of(lookup), self._recording(lookup.id, TurnKind.POLL) as asked:
            claimed = self._store.claim_poll(lookup, now=now, lease_until=now + POLL_LEASE)
            if claimed is None:
                return self._stored(lookup)
            after, body = self._ask(claimed)
            return self._finish(claimed, after, body, asked)

    def step(self, lookup: Lookup) -> Lookup:
        """*Next*, for a lookup whose clock is moved by hand: moves it to the moment of the next poll, and asks Hum."""
        if not lookup.by_hand or lookup.next_poll_at is None or lookup.claimed_at is not None:
            return lookup
        return self.refresh(replace(lookup, stepped=seconds_since_birth(lookup, lookup.next_poll_at)))

    def now(self, lookup: Lookup) -> float:
        """The time in the lookup's own life, which in a demo may pass faster than ours or stand still."""
        with in_time_of(lookup):
            return self._clock()

    def resume(self, lookup: Lookup, network: str = "") -> Lookup:
        """*Keep checking*: another window of polling for a lookup that paused; others stay as they are.

        `network` is the network address that asks. Raises what the quota raises; the lookup stays paused then.
        """
        if not lookup.can_resume:
            return lookup
        self._quota.count_window(viewer=lookup.viewer, network=network)
        now = self.now(lookup)
        again = replace(
            lookup,
            reason=None,
            failures=0,
            unchanged=0,
            window_polls=0,
            window_started_at=now,
            window_seconds=POLL_WINDOW,
            poll_interval=0.0,
            next_poll_at=now,
        )
        self._store.interrupt(lookup, again)
        return self._stored(lookup)

    def stop(self, lookup: Lookup) -> Lookup:
        """*Stop*: ends the lookup with what it has and closes Hum's session, which Hum would otherwise do after 30 minutes."""
        # A poll that finishes between reading and writing wins the first round, not the person's decision.
        for _ in range(5):
            if not lookup.active:
                return lookup
            state = State.DONE if lookup.provider_count else State.FAILED
            stopped = replace(lookup, state=state, reason=Reason.STOPPED, finished_at=self.now(lookup), next_poll_at=None)
            if self._store.interrupt(lookup, stopped):
                with in_time_of(lookup), self._recording(lookup.id, TurnKind.STOP):
                    self._close_session(lookup)
                break
            lookup = self._stored(lookup)
        return self._stored(lookup)

    def providers(self, lookup: Lookup) -> ProviderList | None:
        """The stored providers of a lookup, as Hum's own JSON tells them; None while there are none."""
        return self._list_of(lookup.id, lookup.snapshot_digest) if lookup.snapshot_digest else None

    def _read_list(self, lookup_id: str, _digest: str) -> ProviderList | None:
        raw = self._store.providers(lookup_id)
        return None if raw is None else providers_from(raw)

    def _new_lookup(self, request: Request) -> Lookup:
        now = self._clock()
        return Lookup(
            id=secrets.token_urlsafe(16),
            viewer=request.viewer,
            submit_key=request.key,
            environment=self._environment,
            address=request.address,
            campaign_id=request.campaign_id,
            dropped_unit=request.dropped_unit,
            speed=request.speed,
            created_at=now,
            window_started_at=now,
            next_poll_at=now + CREATE_LEASE,
            claimed_at=now,
        )

    def _ask(self, claimed: Lookup) -> tuple[Lookup, str | None]:
        """One turn: the status, and the services when they may be ready. Returns the lookup after it and a changed provider list."""
        if claimed.token is None:
            return refused(claimed, Reason.UNCERTAIN, self._clock()), None
        if claimed.environment != self._environment:
            return expired(claimed, self._clock()), None
        after = replace(claimed, window_polls=claimed.window_polls + 1)
        body: str | None = None
        try:
            if after.state is not State.PLANS or after.matched_address is None:
                after, body = self._learn(after, Answer(session=self._hum.get_session(claimed.token)))
            if self._services_may_be_ready(after):
                after, listed = self._learn(after, Answer(services=self._services(claimed.token, after)))
                body = listed or body
        except HumError as error:
            return after_trouble(
                replace(after, failures=claimed.failures), error, self._clock(), self._plan, hum_is_down=self._hum.is_down
            ), body
        return self._schedule(claimed, after), body

    def _services_may_be_ready(self, lookup: Lookup) -> bool:
        if not lookup.active:
            return False
        silent = lookup.geocoding is None and lookup.internet is None and lookup.window_polls >= 2
        last_chance = lookup.window_polls >= self._plan.polls or self._clock() >= lookup.window_ends_at
        return lookup.state is State.PLANS or lookup.internet is AgentState.MATCHED or silent or last_chance

    def _services(self, token: str, lookup: Lookup) -> InternetServices:
        try:
            return self._hum.get_internet(token)
        except SessionNotFound:
            # The status answered a moment ago, so the session lives: there is just no list for it yet.
            if lookup.state is State.PLANS:
                raise
            return InternetServices(ready=False, providers=None, warning=None, data_set=None)

    def _learn(self, lookup: Lookup, answer: Answer) -> tuple[Lookup, str | None]:
        listed = answer.providers
        digest, body = snapshot_of(listed) if listed is not None else (None, None)
        after = advance(lookup, answer if digest is None else replace(answer, digest=digest), self._clock())
        return after, body if after.snapshot_digest != lookup.snapshot_digest else None

    def _schedule(self, before: Lookup, after: Lookup) -> Lookup:
        """When to ask next: soon after a change, ever later without one, never beyond the window."""
        if not after.active:
            return replace(after, next_poll_at=None)
        now = self._clock()
        changed = (before.state, before.geocoding, before.internet, before.snapshot_digest) != (
            after.state,
            after.geocoding,
            after.internet,
            after.snapshot_digest,
        )
        asked_at = before.claimed_at or now
        elapsed = asked_at - after.window_started_at
        plan = replace(self._plan, window=after.window_seconds, shortest=self._plan.shortest * self._strain())
        upcoming = plan.next_poll(after.window_polls, elapsed, after.poll_interval, changed)
        if upcoming is not None:
            soonest = now + self._plan.shortest / 4
            return replace(after, poll_interval=upcoming.interval, next_poll_at=max(asked_at + upcoming.delay, soonest))
        if after.state is State.PLANS:
            return replace(after, state=State.DONE, finished_at=now, next_poll_at=None)
        return replace(after, next_poll_at=None)

    def _close_session(self, lookup: Lookup) -> None:
        if lookup.token is None or lookup.environment != self._environment:
            return
        try:
            self._hum.close_session(lookup.token)
        except HumError:
            # Closing only frees Hum's resources early; the person's decision is stored and the observers have the failed call.
            return

    def _finish(self, claimed: Lookup, after: Lookup, body: str | None, asked: Asked) -> Lookup:
        if claimed.by_hand:
            # Waiting for a call that hangs has moved the clock.
            after = replace(after, stepped=seconds_since_birth(claimed, self._clock()))
        if self._write(claimed, after, body, asked):
            return replace(after, claimed_at=None)
        return self._stored(claimed)

    def _write(self, claimed: Lookup, after: Lookup, body: str | None, asked: Asked) -> bool:
        """One transaction for all that a turn leaves behind: on SQLite every further one is a further wait for the other workers."""
        try:
            asked.stored = self._store.finish_poll(claimed, after, body, asked.rows())
        except CallsRefused:
            # They tell of the lookup and must never cost it; the recording tries once more by itself, and logs what is wrong.
            return self._store.finish_poll(claimed, after, body)
        return asked.stored

    def _stored(self, lookup: Lookup) -> Lookup:
        return self._store.get(lookup.id, lookup.viewer) or lookup
