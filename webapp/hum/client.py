"""The one door to Hum: a method per endpoint. Each gives facts or raises a `HumError`, and tells observers of every
exchange.

A create is never repeated once a byte of it may have been sent: it costs money and Hum has no idempotency key.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import requests

from webapp.hum.answers import Reading, envelope_of, error_of_fault, failure_of, rate_limited, read_body
from webapp.hum.coverage import Coverage, read_coverage, states_query
from webapp.hum.endpoints import CLOSE, COVERAGE, CREATE, INTERNET, PING, STATUS, Operation, check_base_url, path_of
from webapp.hum.errors import RateLimited, Reason, SessionGone, SessionNotFound, Unavailable, Unusable
from webapp.hum.models import InternetServices, Ping, Session
from webapp.hum.poll_schedule import LONGEST_WAIT, SHORTEST_WAIT
from webapp.hum.readers import mapping
from webapp.hum.sessions import first_token, read_internet, read_session, tokens_in
from webapp.upstream.call import Observer, tell
from webapp.upstream.call_record import Received, Stopwatch, call_of
from webapp.upstream.circuit_breaker import OPEN_FOR, CircuitBreaker
from webapp.upstream.concurrency_limit import ConcurrencyLimit
from webapp.upstream.masking import Mask, secrets_in
from webapp.upstream.rate_limiter import RateLimiter
from webapp.upstream.transport import Answer, Deadlines, Limits, TransportFault, exchange, open_http

USER_AGENT = "hum-isp-lookup"

DEFAULT_CONCURRENCY = 1_000
_FOR_SOMEBODY_WAITING = (CREATE, STATUS, INTERNET)

_NONE: Mapping[str, str] = MappingProxyType({})
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]{0,498}[!-~])?")


@dataclass(frozen=True, slots=True)
class _Reply:
    """A complete answer with its JSON, the mask that fits it, and the time it took."""

    answer: Answer
    reading: Reading
    mask: Mask
    milliseconds: int


class HumClient:
    """Calls Hum with one key at one base URL. Threads may share it.

    `budget` knows the rate limit, `breaker` whether Hum is down (without one every call is tried),
    `seats` how many requests may ask at once.
    `http` comes from `transport.open_http`; `clock` gives epoch seconds, `monotonic` measures durations.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        http: requests.Session | None = None,
        observers: Sequence[Observer] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        budget: RateLimiter | None = None,
        breaker: CircuitBreaker | None = None,
        seats: ConcurrencyLimit | None = None,
        user_agent: str = USER_AGENT,
        deadlines: Deadlines | None = None,
    ) -> None:
        if not re.fullmatch(r"[!-~]{1,500}", api_key):
            raise ValueError("The Hum API key must be 1 to 500 printable ASCII characters without blanks.")
        self.base_url = check_base_url(base_url)
        self.budget = budget or RateLimiter(clock)
        self.deadlines = deadlines or Deadlines()
        self.breaker = breaker
        self.seats = seats or ConcurrencyLimit(DEFAULT_CONCURRENCY)
        self._api_key = api_key
        self._http = http or open_http()
        self._observers = tuple(observers)
        self._clock = clock
        self._monotonic = monotonic
        self._user_agent = user_agent

    def __repr__(self) -> str:
        return f"HumClient({self.base_url!r})"

    def create_session(
        self,
        params: Mapping[str, str],
        *,
        campaign_id: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        sync: Sequence[str] = (),
        headers: Mapping[str, str] = _NONE,
    ) -> Session:
        """Opens a session for an address given in Hum's own field names (POST /sessions). It costs money.

        `sync` names agents to wait for (`geocode`, `internet`; only the oldest Hum knows it). The session has a token,
        or else at least providers. Raises InvalidAddress, RateLimited, NotAuthorized, or Unavailable, whose `uncertain`
        says that Hum may have opened a session all the same.
        """
        body = _create_body(params, campaign_id, latitude, longitude, sync)
        reply = self._send(CREATE, self._create_limits(bool(sync)), body=body, extra=headers)
        envelope = self._envelope(reply, CREATE)
        token = first_token(envelope, reply.answer.headers)
        session = read_session(_object(reply, envelope), token=token, processing=reply.answer.status == 202)
        if token is None and session.providers is None:
            raise Unusable(CREATE.name, CREATE.method, reply.answer.status, Reason.NO_TOKEN, uncertain=True)
        return session

    def get_session(self, token: str, *, headers: Mapping[str, str] = _NONE) -> Session:
        """How far a session is (GET /sessions/{token})."""
        reply = self._send(STATUS, self._limits(), token=token, extra=headers)
        envelope = self._envelope(reply, STATUS, token)
        return read_session(_object(reply, envelope), token=token, processing=reply.answer.status == 202)

    def get_internet(self, token: str, *, headers: Mapping[str, str] = _NONE) -> InternetServices:
        """The internet providers of a session, or that they are not ready (GET /sessions/{token}/services/internet)."""
        reply = self._send(INTERNET, self._limits(), token=token, extra=headers)
        envelope = self._envelope(reply, INTERNET, token)
        return read_internet(_object(reply, envelope), processing=reply.answer.status == 202)

    def close_session(self, token: str, *, headers: Mapping[str, str] = _NONE) -> None:
        """Ends a session (DELETE /sessions/{token}); one that is unknown or ended already is ended too. Hum forgets its
        results.
        """
        reply = self._send(CLOSE, self._limits(), token=token, extra=headers)
        if 200 <= reply.answer.status < 300:
            return
        failure = failure_of(reply.answer, reply.reading, CLOSE, reply.mask)
        if not isinstance(failure, SessionNotFound | SessionGone):
            raise failure

    def get_coverage(self, states: Sequence[str]) -> Coverage:
        """The providers Hum lists anywhere in the states, given by postal or FIPS code (GET /coverage). No session is
        opened.
        """
        reply = self._send(COVERAGE, self._limits(), query=states_query(states))
        coverage = read_coverage(_object(reply, self._envelope(reply, COVERAGE)))
        if coverage is None:
            raise Unusable(COVERAGE.name, COVERAGE.method, reply.answer.status, Reason.NO_LIST)
        return coverage

    def ping(self) -> Ping:
        """Whether Hum is up and takes our key (GET /ping). Raises RateLimited only; every other failure is an answer
        here.
        """
        started = self._monotonic()
        try:
            reply = self._send(PING, self._limits())
        except Unavailable:
            return Ping(ok=False, key_accepted=False, milliseconds=self._milliseconds_since(started))
        is_welcome = 200 <= reply.answer.status < 300
        is_refused = reply.answer.status in (401, 403)
        return Ping(ok=is_welcome or is_refused, key_accepted=is_welcome, milliseconds=reply.milliseconds)

    @property
    def is_down(self) -> bool:
        """Whether Hum is known not to answer right now."""
        return self.breaker is not None and self.breaker.is_open

    def _send(
        self,
        operation: Operation,
        limits: Limits,
        *,
        token: str | None = None,
        body: str | None = None,
        extra: Mapping[str, str] = _NONE,
        query: str = "",
    ) -> _Reply:
        """One answer of any status but 429. Repeats only a create whose connection failed before anything was sent, and
        only once.

        Raises without asking: RateLimited when the rate limit is used up, Unavailable when Hum is down or all seats are
        taken.
        """
        url = self.base_url + path_of(operation, token) + (f"?{query}" if query else "")
        headers = {**_checked(extra), **self._own_headers()}
        with self.seats.taken(operation.name, operation.method):
            self._admit(operation)
            return self._exchange_or_again(operation, url, headers, body, limits, token)

    def _admit(self, operation: Operation) -> None:
        """Refuses a call that has no chance or no room in the rate limit. A ping is how one finds out, so it only
        spends.
        """
        probe_first = False
        if self.breaker is not None and operation is not PING:
            wait, is_probe = self.breaker.admit(operation.name)
            if wait:
                raise Unavailable(operation.name, operation.method, None, Reason.DOWN, wait=wait)
            probe_first = is_probe and operation is CREATE
        wait = self.budget.spend(interactive=operation in _FOR_SOMEBODY_WAITING)
        if wait:
            raise RateLimited(operation.name, operation.method, None, min(max(wait, SHORTEST_WAIT), LONGEST_WAIT))
        if probe_first and not self.ping().ok:
            # A create that finds out might be paid for and lost.
            raise Unavailable(operation.name, operation.method, None, Reason.DOWN, wait=OPEN_FOR)

    def _exchange_or_again(
        self,
        operation: Operation,
        url: str,
        headers: Mapping[str, str],
        body: str | None,
        limits: Limits,
        token: str | None,
    ) -> _Reply:
        started = self._monotonic()
        try:
            return self._exchange(operation, url, headers, body, limits, token)
        except TransportFault as fault:
            left = limits.total - (self._monotonic() - started)
            if operation is not CREATE or fault.may_have_arrived or left <= 0:
                raise error_of_fault(fault, operation) from None
        try:
            return self._exchange(operation, url, headers, body, replace(limits, total=left), token)
        except TransportFault as fault:
            raise error_of_fault(fault, operation) from None

    def _exchange(
        self,
        operation: Operation,
        url: str,
        headers: Mapping[str, str],
        body: str | None,
        limits: Limits,
        token: str | None,
    ) -> _Reply:
        started_at, started = self._clock(), self._monotonic()
        fault: TransportFault | None = None
        try:
            answer = exchange(
                self._http, operation.method, url, headers, body.encode() if body is not None else None, limits
            )
        except TransportFault as failure:
            fault, answer = failure, Answer(failure.status or 0, failure.headers, b"")
        took = Stopwatch(started_at, self._milliseconds_since(started))
        reading = read_body(answer.body)
        mask = Mask({self._api_key, token, answer.headers.get("session_token"), *secrets_in(reading.value)})
        size = fault.size if fault else len(answer.body)
        received = Received(
            answer.status or None, answer.headers, answer.body, reading, size, fault.reason.value if fault else None
        )
        tell(self._observers, call_of(operation, took, headers, body, received, mask))
        self._tell_breaker(operation, answer.status)
        self._note_pace(answer, operation)
        if fault is not None and (fault.status is None or 200 <= fault.status < 300):
            raise fault
        # A refusal is a refusal even when its body is cut, packed or endless: only its status counts then.
        return _Reply(answer, reading, mask, took.milliseconds)

    def _tell_breaker(self, operation: Operation, status: int) -> None:
        if self.breaker is None:
            return
        tell_it = (
            self.breaker.unanswered if not status else self.breaker.failed if status >= 500 else self.breaker.answered
        )
        tell_it(operation.name)

    def _note_pace(self, answer: Answer, operation: Operation) -> None:
        now = self._clock()
        self.budget.update(answer.headers, now)
        refused = rate_limited(answer, operation, now)
        if refused is not None:
            self.budget.pause(now + refused.retry_after)
            raise refused

    def _envelope(self, reply: _Reply, operation: Operation, token: str | None = None) -> Mapping[str, object]:
        """The answer's JSON object, secrets still in it. An answer about another session than ours is refused."""
        envelope = envelope_of(reply.answer, reply.reading, operation, reply.mask)
        if token is not None and any(named != token for named in tokens_in(envelope, reply.answer.headers)):
            raise Unusable(operation.name, operation.method, reply.answer.status, Reason.OTHER_SESSION)
        return envelope

    def _own_headers(self) -> dict[str, str]:
        # Hum answers 406 to a missing Content-Type even where there is no body.
        return {
            "Authorization": f"Bearer {self._api_key}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
        }

    def _limits(self) -> Limits:
        return Limits(self.deadlines.connect, self.deadlines.read, self.deadlines.total, self.deadlines.max_bytes)

    def _create_limits(self, with_sync: bool) -> Limits:
        total = self.deadlines.create_with_sync if with_sync else self.deadlines.create
        return Limits(self.deadlines.connect, total, total, self.deadlines.max_bytes)

    def _milliseconds_since(self, started: float) -> int:
        return max(0, round((self._monotonic() - started) * 1000))


def _object(reply: _Reply, envelope: Mapping[str, object]) -> Mapping[str, object]:
    """The envelope without its secrets."""
    return mapping(reply.mask.without_secrets(envelope))


def _create_body(
    params: Mapping[str, str],
    campaign_id: str | None,
    latitude: float | None,
    longitude: float | None,
    sync: Sequence[str],
) -> str:
    """Only what is there: Hum may refuse an empty text, and half a coordinate is none."""
    body: dict[str, object] = {key: value for key, value in params.items() if value}
    if campaign_id:
        body["campaign_id"] = campaign_id
    if latitude is not None and longitude is not None and math.isfinite(latitude) and math.isfinite(longitude):
        body |= {"latitude": latitude, "longitude": longitude}
    if sync:
        body["sync"] = list(sync)
    return json.dumps(body, ensure_ascii=True)


def _checked(extra: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in extra.items():
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
            raise ValueError(f"The request header {name[:64]!r} has a name or a value that HTTP does not allow.")
    return extra
