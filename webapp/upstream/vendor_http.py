"""What every vendor's client needs of HTTP: whether a call may be made now, the exchange, what is learned from it.

A client brings its endpoints, its credentials and its vocabulary; see `webapp.hum.client` for one.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import requests

from webapp.upstream.call import (
    MAX_BODY_CHARACTERS,
    Call,
    Mask,
    Observer,
    Operation,
    notify,
    secrets_in,
    shown_bytes,
    shown_json,
    shown_request_headers,
    shown_response_headers,
)
from webapp.upstream.circuit_breaker import CircuitBreaker
from webapp.upstream.give_way import GiveWay, keep_on
from webapp.upstream.limits import (
    LONGEST_WAIT,
    SHORTEST_WAIT,
    ConcurrencyLimit,
    RateLimiter,
    Slot,
    stated_wait,
)
from webapp.upstream.transport import Limits, Response, TransportFault, exchange, open_http

DEFAULT_CONCURRENCY = 1_000
USER_AGENT = "hum-isp-lookup"

Facts_co = TypeVar("Facts_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Facts_co]):
    """What a vendor said, and the exchanges that it took, in order, masked."""

    facts: Facts_co
    calls: tuple[Call, ...]


def headers_with_key(vendor: str, api_key: str) -> dict[str, str]:
    """The headers of every call. Raises ValueError for a text that cannot stand in one."""
    if not re.fullmatch(r"[!-~]{1,500}", api_key):
        raise ValueError(f"The {vendor} API key must be 1 to 500 printable ASCII characters without blanks.")
    return {
        "Authorization": f"Bearer {api_key}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": USER_AGENT,
    }


class Priority(StrEnum):
    """Who waits for a call. A person may use the last call of the rate limit; a batch leaves a fifth to people."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


class CircuitOpen(Exception):
    """Nothing was asked, because the vendor is known to be down. `wait` is the seconds until it is asked again."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


class LimitReached(Exception):
    """Nothing was asked, because the rate limit is used up. `wait` is from 1 to 60 seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent. `secrets` are values besides the client's own that no record may show, like a token in the URL."""

    operation: Operation
    url: str
    headers: Mapping[str, str]
    limits: Limits
    body: str | None = None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one exchange.

    `status` is 0 when no answer came, and `fault` then says why. An answer whose body could not be taken has both.
    `json` is the body's JSON value with its secrets, `kept` the same without; both None unless `is_json`.
    `retry_after` is the wait that a 429 asks for, in seconds.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_json: bool
    json: object
    kept: object
    mask: Mask
    call: Call
    fault: TransportFault | None = None
    retry_after: float | None = None


class VendorHttp:
    """The HTTP side of one vendor's client. Threads may share it.

    `limiter` knows the rate limit, `breaker` whether the vendor is down (without one every call is tried),
    `concurrency` how many requests may ask at once. `http` comes from `transport.open_http`; `clock` gives epoch
    seconds, `monotonic` measures durations. `secrets` are hidden from every record, and so are the values of the
    response headers in `secret_headers` and of the answers' members in `secret_members`. `give_way` is called between
    the steps that a long answer goes through.
    """

    def __init__(
        self,
        *,
        secrets: Sequence[str],
        secret_headers: Sequence[str] = (),
        secret_members: frozenset[str] = frozenset(),
        http: requests.Session | None = None,
        observers: Sequence[Observer] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        limiter: RateLimiter | None = None,
        breaker: CircuitBreaker | None = None,
        concurrency: ConcurrencyLimit | None = None,
        give_way: GiveWay = keep_on,
    ) -> None:
        self.limiter = limiter or RateLimiter(clock)
        self.breaker = breaker
        self.concurrency = concurrency or ConcurrencyLimit(DEFAULT_CONCURRENCY)
        self._http = http or open_http()
        self._secrets = tuple(secrets)
        self._secret_headers = tuple(secret_headers)
        self._secret_members = secret_members
        self._observers = tuple(observers)
        self._clock = clock
        self._monotonic = monotonic
        self._give_way = give_way

    def acquire(self) -> AbstractContextManager[Slot]:
        """Holds a slot for one piece of work, however many calls it takes. Raises AtCapacity when all are taken."""
        return self.concurrency.acquire()

    def admit(self, operation: Operation, priority: Priority, *, checks_breaker: bool = True) -> bool:
        """Counts a call that may be made now; whether others wait to learn from it if the vendor is back.

        Raises CircuitOpen or LimitReached. A call that only finds out whether the vendor is up ignores the breaker.
        """
        is_probe = False
        if self.breaker is not None and checks_breaker:
            wait, is_probe = self.breaker.admit(operation.name)
            if wait:
                raise CircuitOpen(wait)
        wait = self.limiter.spend(interactive=priority is Priority.INTERACTIVE)
        if wait:
            raise LimitReached(min(max(wait, SHORTEST_WAIT), LONGEST_WAIT))
        return is_probe

    def exchange(self, request: HttpRequest) -> Reply:
        """Sends one request, once. Tells observers, breaker and limiter what came of it, and never raises."""
        started_at, started = self._clock(), self._monotonic()
        fault: TransportFault | None = None
        sent = None if request.body is None else request.body.encode()
        try:
            response = exchange(
                self._http, request.operation.method, request.url, request.headers, sent, request.limits
            )
        except TransportFault as failure:
            fault, response = failure, Response(failure.status or 0, failure.headers, b"")
        milliseconds = self.milliseconds_since(started)
        reply = self._reply(request, response, fault, started_at, milliseconds)
        notify(self._observers, reply.call)
        self._record_outcome(request.operation, reply)
        return reply

    def milliseconds_since(self, started: float) -> int:
        """Since a moment of the monotonic clock."""
        return max(0, round((self._monotonic() - started) * 1000))

    def _reply(
        self,
        request: HttpRequest,
        response: Response,
        fault: TransportFault | None,
        started_at: float,
        milliseconds: int,
    ) -> Reply:
        reading = read_body(response.body)
        self._give_way()
        in_headers = [response.headers.get(name) for name in self._secret_headers]
        in_body = secrets_in(reading.value, self._secret_members)
        mask = Mask({*self._secrets, *request.secrets, *in_headers, *in_body}, self._give_way)
        self._give_way()
        masked = mask.masked(reading.value)
        self._give_way()
        call = Call(
            operation=request.operation.name,
            method=request.operation.method,
            path=request.operation.path,
            status=response.status or None,
            started_at=started_at,
            milliseconds=milliseconds,
            request_headers=shown_request_headers(request.headers, mask),
            request_body=None if request.body is None else mask.text(request.body)[:MAX_BODY_CHARACTERS],
            response_headers=shown_response_headers(response.headers, self._secret_headers, mask),
            response_body=shown_json(masked.shown) if reading.is_json else shown_bytes(response.body, mask),
            size=fault.size if fault else len(response.body),
            error=fault.reason.value if fault else None,
        )
        retry_after = None
        if response.status == 429:
            retry_after = self._wait_of_429(response.headers)
        return Reply(
            response.status,
            response.headers,
            response.body,
            reading.is_json,
            reading.value,
            masked.kept,
            mask,
            call,
            fault,
            retry_after,
        )

    def _wait_of_429(self, headers: Mapping[str, str]) -> float:
        now = self._clock()
        stated = stated_wait(headers, now)
        if stated is None:
            return self.limiter.back_off(now)
        return stated

    def _record_outcome(self, operation: Operation, reply: Reply) -> None:
        now = self._clock()
        self.limiter.update(reply.headers, now)
        if reply.retry_after is not None:
            self.limiter.pause(now + reply.retry_after)
        elif reply.status:
            self.limiter.answered(now)
        if self.breaker is None:
            return
        if not reply.status:
            self.breaker.unanswered(operation.name)
        elif reply.status >= 500:
            self.breaker.failed(operation.name)
        else:
            self.breaker.answered(operation.name)


# The JSON value of a body, however it was written: no number that could not be stored, no broken text.


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The JSON value of a body; `is_json` is False, and the value None, when there was none to read."""

    value: object
    is_json: bool


_LONG_NUMBER = re.compile(r"[0-9]{19}")
"""Too long for a database's integer."""


def read_body(body: bytes) -> JsonBody:
    """The JSON in a body, if it is any."""
    try:
        return JsonBody(json_of(body), True)
    except ValueError:
        return JsonBody(None, False)


def json_of(body: bytes) -> object:
    """The JSON value of a body: UTF-8 with or without a byte order mark; ValueError when it is none.

    NaN, infinities and numbers beyond a float become None, integers past 18 digits their text. Broken bytes become
    U+FFFD.
    """
    text = body.decode("utf-8-sig", "replace")
    parse_int = _integer if _LONG_NUMBER.search(text) else int
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=parse_int, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(_: str) -> None:
    return None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 18 else digits[:200]


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
