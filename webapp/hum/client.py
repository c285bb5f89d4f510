"""The one door to Hum: a method per endpoint. Each gives facts and the calls it made, or raises a `HumError` that names
them.

A create is never repeated once a byte of it may have been sent: it costs money and Hum has no idempotency key.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import quote

import requests

from webapp.hum.coverage import Coverage, read_coverage, states_query
from webapp.hum.errors import (
    Busy,
    Cause,
    HumError,
    RateLimited,
    SessionGone,
    SessionNotFound,
    Unavailable,
    Unusable,
    error_of_fault,
    failure_of,
    invalid_address,
)
from webapp.hum.operations import CLOSE, COVERAGE, CREATE, INTERNET, PING, STATUS, check_base_url
from webapp.hum.readers import mapping
from webapp.hum.sessions import (
    InternetServices,
    Ping,
    Session,
    first_token,
    is_token,
    read_internet,
    read_session,
    tokens_in,
)
from webapp.texts import clean
from webapp.upstream.call import Call, Observer, Operation
from webapp.upstream.circuit_breaker import OPEN_FOR, CircuitBreaker
from webapp.upstream.give_way import GiveWay, keep_on
from webapp.upstream.limits import AtCapacity, ConcurrencyLimit, RateLimiter, Slot
from webapp.upstream.transport import Limits
from webapp.upstream.vendor_http import (
    Answer,
    CircuitOpen,
    HttpRequest,
    LimitReached,
    Priority,
    Reply,
    VendorHttp,
    headers_with_key,
)

_NONE: Mapping[str, str] = MappingProxyType({})
_SUCCESS = frozenset({200, 201, 202})
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]{0,498}[!-~])?")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The limits of a call, in seconds and bytes. `total` bounds the whole exchange, `read` each wait for the next
    bytes.

    A create has no limit of its own per read: Hum may say nothing until its agents have finished.
    """

    connect: float = 3.0
    read: float = 6.0
    total: float = 8.0
    create: float = 20.0
    create_with_sync: float = 25.0
    max_bytes: int = 2_000_000


class HumClient:
    """Calls Hum with one key at one base URL. Threads may share it. See `VendorHttp` for the arguments.

    `give_way` is called while a long answer is read, so that it does not stop the other requests of a worker.

    Every method takes a `priority`, and the `slot` of a caller that holds one (see `acquire`); without one it takes one
    for itself.
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
        limiter: RateLimiter | None = None,
        breaker: CircuitBreaker | None = None,
        concurrency: ConcurrencyLimit | None = None,
        deadlines: Deadlines | None = None,
        give_way: GiveWay = keep_on,
    ) -> None:
        # Hum answers 406 to a missing Content-Type even where there is no body.
        self._headers = {**headers_with_key("Hum", api_key), "Content-Type": "application/json"}
        self.base_url = check_base_url(base_url)
        self.deadlines = deadlines or Deadlines()
        self.vendor = VendorHttp(
            secrets=(api_key,),
            secret_headers=("session_token",),
            http=http,
            observers=observers,
            clock=clock,
            monotonic=monotonic,
            limiter=limiter,
            breaker=breaker,
            concurrency=concurrency,
            give_way=give_way,
        )
        self._monotonic = monotonic
        self._give_way = give_way

    def __repr__(self) -> str:
        return f"HumClient({self.base_url!r})"

    @property
    def is_down(self) -> bool:
        """Whether a new session would be refused right now, because Hum is known not to answer."""
        breaker = self.vendor.breaker
        return breaker is not None and breaker.is_open(CREATE.name)

    @contextmanager
    def acquire(self, operation: Operation) -> Iterator[Slot]:
        """Holds a slot for asking Hum, for work that begins with `operation`. Raises Busy when none is free."""
        try:
            with self.vendor.acquire() as slot:
                yield slot
        except AtCapacity:
            raise Busy(operation.name, operation.method) from None

    def create_session(
        self,
        params: Mapping[str, str],
        *,
        campaign_id: str | None = None,
        sync: Sequence[str] = (),
        headers: Mapping[str, str] = _NONE,
        priority: Priority = Priority.INTERACTIVE,
        slot: Slot | None = None,
    ) -> Answer[Session]:
        """Opens a session for an address given in Hum's own field names (POST /sessions). It costs money.

        `sync` names agents to wait for (`geocode`, `internet`; only the oldest Hum knows it). The session has a token,
        or else at least providers. Raises InvalidAddress, RateLimited, NotAuthorized, or Unavailable, whose `uncertain`
        says that Hum may have opened a session all the same.
        """
        total = self.deadlines.create_with_sync if sync else self.deadlines.create
        limits = Limits(self.deadlines.connect, total, total, self.deadlines.max_bytes)
        body = _create_body(params, campaign_id, sync)
        request = self._request(CREATE, limits=limits, body=body, extra=headers)
        with self._turn(CREATE, slot) as turn:
            if self._admit(CREATE, priority) and not self._ping(turn, priority).ok:
                # A create that finds out whether Hum is back might be paid for and lost.
                raise Unavailable(CREATE.name, CREATE.method, None, Cause.DOWN, wait=OPEN_FOR)
            reply = self._exchange(turn, request)
            envelope = _envelope_of(reply, CREATE)
            token = first_token(envelope, reply.headers)
            session = read_session(
                mapping(reply.kept), token=token, processing=reply.status == 202, give_way=self._give_way
            )
            if token is None and session.providers is None:
                raise Unusable(CREATE.name, CREATE.method, reply.status, Cause.NO_TOKEN, uncertain=True)
            return Answer(session, tuple(turn))

    def get_session(
        self,
        token: str,
        *,
        headers: Mapping[str, str] = _NONE,
        priority: Priority = Priority.INTERACTIVE,
        slot: Slot | None = None,
    ) -> Answer[Session]:
        """How far a session is (GET /sessions/{token})."""
        with self._turn(STATUS, slot) as turn:
            reply = self._ask(turn, self._request(STATUS, token=token, extra=headers), priority)
            _check_session(reply, STATUS, token)
            session = read_session(
                mapping(reply.kept), token=token, processing=reply.status == 202, give_way=self._give_way
            )
            return Answer(session, tuple(turn))

    def get_internet(
        self,
        token: str,
        *,
        headers: Mapping[str, str] = _NONE,
        priority: Priority = Priority.INTERACTIVE,
        slot: Slot | None = None,
    ) -> Answer[InternetServices]:
        """The internet providers of a session, or that they are not ready (GET /sessions/{token}/services/internet)."""
        with self._turn(INTERNET, slot) as turn:
            reply = self._ask(turn, self._request(INTERNET, token=token, extra=headers), priority)
            _check_session(reply, INTERNET, token)
            services = read_internet(mapping(reply.kept), processing=reply.status == 202, give_way=self._give_way)
            return Answer(services, tuple(turn))

    def close_session(
        self,
        token: str,
        *,
        headers: Mapping[str, str] = _NONE,
        priority: Priority = Priority.BATCH,
        slot: Slot | None = None,
    ) -> Answer[None]:
        """Ends a session (DELETE /sessions/{token}); one that is unknown or ended already is ended too. Hum forgets its
        results.
        """
        with self._turn(CLOSE, slot) as turn:
            reply = self._ask(turn, self._request(CLOSE, token=token, extra=headers), priority)
            if not 200 <= reply.status < 300:
                failure = failure_of(reply, CLOSE)
                if not isinstance(failure, SessionNotFound | SessionGone):
                    raise failure
            return Answer(None, tuple(turn))

    def get_coverage(
        self, states: Sequence[str], *, priority: Priority = Priority.BATCH, slot: Slot | None = None
    ) -> Answer[Coverage]:
        """The providers Hum lists anywhere in the states, given by postal or FIPS code (GET /coverage). No session is
        opened.
        """
        query = states_query(states)
        with self._turn(COVERAGE, slot) as turn:
            reply = self._ask(turn, self._request(COVERAGE, query=f"?{query}"), priority)
            _envelope_of(reply, COVERAGE)
            coverage = read_coverage(mapping(reply.kept))
            if coverage is None:
                raise Unusable(COVERAGE.name, COVERAGE.method, reply.status, Cause.NO_LIST)
            return Answer(coverage, tuple(turn))

    def ping(self, *, priority: Priority = Priority.BATCH, slot: Slot | None = None) -> Answer[Ping]:
        """Whether Hum is up and takes our key (GET /ping). Raises RateLimited only; every other failure is an answer
        here.
        """
        try:
            with self._turn(PING, slot) as turn:
                return Answer(self._ping(turn, priority), tuple(turn))
        except Busy:
            return Answer(Ping(ok=False, key_accepted=False, milliseconds=0), ())

    def _ping(self, turn: list[Call], priority: Priority) -> Ping:
        started = self._monotonic()
        # A ping is how one finds out whether Hum is up, so it does not ask the breaker.
        self._admit(PING, priority, checks_breaker=False)
        try:
            reply = self._exchange(turn, self._request(PING))
        except Unavailable:
            return Ping(ok=False, key_accepted=False, milliseconds=self.vendor.milliseconds_since(started))
        is_welcome = 200 <= reply.status < 300
        is_refused = reply.status in (401, 403)
        return Ping(ok=is_welcome or is_refused, key_accepted=is_welcome, milliseconds=reply.call.milliseconds)

    @contextmanager
    def _turn(self, operation: Operation, slot: Slot | None) -> Iterator[list[Call]]:
        """The calls made inside, also for the error that ends them. Takes a slot unless the caller holds one."""
        calls: list[Call] = []
        try:
            if slot is not None:
                yield calls
                return
            with self.acquire(operation):
                yield calls
        except HumError as error:
            error.calls = tuple(calls)
            raise

    def _ask(self, turn: list[Call], request: HttpRequest, priority: Priority) -> Reply:
        self._admit(request.operation, priority)
        return self._exchange(turn, request)

    def _admit(self, operation: Operation, priority: Priority, *, checks_breaker: bool = True) -> bool:
        """Refuses a call that has no chance or no room in the rate limit; see `VendorHttp.admit`."""
        try:
            return self.vendor.admit(operation, priority, checks_breaker=checks_breaker)
        except CircuitOpen as refusal:
            raise Unavailable(operation.name, operation.method, None, Cause.DOWN, wait=refusal.wait) from None
        except LimitReached as refusal:
            raise RateLimited(operation.name, operation.method, None, refusal.wait) from None

    def _exchange(self, turn: list[Call], request: HttpRequest) -> Reply:
        """One answer of any status but 429. Repeats only a create whose connection failed before anything was sent, and
        only once.
        """
        operation = request.operation
        started = self._monotonic()
        reply = self.vendor.exchange(request)
        turn.append(reply.call)
        if operation is CREATE and reply.fault is not None and not reply.fault.may_have_arrived:
            left = request.limits.total - (self._monotonic() - started)
            if left > 0:
                reply = self.vendor.exchange(replace(request, limits=replace(request.limits, total=left)))
                turn.append(reply.call)
        if reply.retry_after is not None:
            raise RateLimited(operation.name, operation.method, reply.status, reply.retry_after)
        # A refusal is a refusal even when its body is cut, packed or endless: only its status counts then.
        if reply.fault is not None and (reply.status == 0 or 200 <= reply.status < 300):
            raise error_of_fault(reply.fault, operation)
        return reply

    def _request(
        self,
        operation: Operation,
        *,
        token: str | None = None,
        query: str = "",
        limits: Limits | None = None,
        body: str | None = None,
        extra: Mapping[str, str] = _NONE,
    ) -> HttpRequest:
        deadlines = self.deadlines
        usual = Limits(deadlines.connect, deadlines.read, deadlines.total, deadlines.max_bytes)
        return HttpRequest(
            operation,
            self.base_url + path_of(operation, token) + query,
            {**_checked(extra), **self._headers},
            limits or usual,
            body,
            () if token is None else (token,),
        )


def path_of(operation: Operation, token: str | None) -> str:
    """The real path of an operation. A malformed token is refused before anything is sent."""
    if "{token}" not in operation.path:
        return operation.path
    if not is_token(token):
        raise Unusable(operation.name, operation.method, None, Cause.BAD_TOKEN)
    return operation.path.replace("{token}", quote(str(token), safe=""))


def _envelope_of(reply: Reply, operation: Operation) -> Mapping[str, object]:
    """The JSON object of an answer, secrets still in it; raises the `HumError` that any other answer means."""
    if reply.status not in _SUCCESS:
        raise failure_of(reply, operation)
    if reply.status == 202 and not reply.body.strip():
        return {}
    is_create = operation is CREATE
    if not reply.is_json:
        raise Unusable(operation.name, operation.method, reply.status, Cause.NOT_JSON, uncertain=is_create)
    value = reply.json
    if not isinstance(value, Mapping):
        raise Unusable(operation.name, operation.method, reply.status, Cause.NOT_AN_OBJECT, uncertain=is_create)
    if clean(value.get("request_status")).lower() == "error":
        if is_create and value.get("errors"):
            raise invalid_address(reply, operation)
        raise Unavailable(operation.name, operation.method, reply.status, Cause.REFUSED)
    return value


def _check_session(reply: Reply, operation: Operation, token: str) -> None:
    """Refuses an answer that is none, or is about another session than ours."""
    envelope = _envelope_of(reply, operation)
    if any(named != token for named in tokens_in(envelope, reply.headers)):
        raise Unusable(operation.name, operation.method, reply.status, Cause.OTHER_SESSION)


def _create_body(params: Mapping[str, str], campaign_id: str | None, sync: Sequence[str]) -> str:
    """Only what is there: Hum may refuse an empty text."""
    body: dict[str, object] = {key: value for key, value in params.items() if value}
    if campaign_id:
        body["campaign_id"] = campaign_id
    if sync:
        body["sync"] = list(sync)
    return json.dumps(body, ensure_ascii=True)


def _checked(extra: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in extra.items():
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
            raise ValueError(f"The request header {name[:64]!r} has a name or a value that HTTP does not allow.")
    return extra
