"""Bytes to a vendor and back: one HTTP exchange within its limits; no environment, cookies, redirects or retries."""

from __future__ import annotations

import http.client
import io
import select
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from gevent.monkey import get_original
from requests import PreparedRequest
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

SIMULATOR_URL = "http://simulator.localhost"
_PIECE = 64 * 1024


class Fault(StrEnum):
    """Why there is no complete answer; short words, safe for logs and metrics."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TOO_LARGE = "too-large"
    ENCODED = "encoded"


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one exchange: seconds to connect, per read and in total, and the cap on the answer's body."""

    connect: float
    read: float
    total: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer as received. `headers` ignore case; `body` is complete, unencoded and within the cap."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TransportFault(Exception):
    """No complete answer. `may_have_arrived`: the request, or a part of it, may have reached the other side.

    `status` and `headers` are there when the answer began but its body could not be taken; `size` counts the body's
    bytes.
    """

    def __init__(
        self, reason: Fault, *, may_have_arrived: bool = True, answer: requests.Response | None = None, size: int = 0
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.may_have_arrived = may_have_arrived
        self.status = answer.status_code if answer is not None else None
        self.headers: Mapping[str, str] = answer.headers if answer is not None else CaseInsensitiveDict()
        self.size = size


def open_http(*, simulator_adapter: BaseAdapter | None = None, pool_size: int = 32) -> requests.Session:
    """An HTTP session to share between threads; `pool_size` is the number of connections kept per host.

    It reads no proxy, .netrc or CA variables, stores no cookies, and reaches the simulator in process at
    `SIMULATOR_URL` when its adapter is given.
    """
    http = requests.Session()
    http.trust_env = False
    http.headers.clear()
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = LimitedAdapter(pool_size)
    http.mount("https://", adapter)
    http.mount("http://", adapter)
    if simulator_adapter is not None:
        http.mount(SIMULATOR_URL, simulator_adapter)
    return http


def exchange(
    http: requests.Session, method: str, url: str, headers: Mapping[str, str], body: bytes | None, limits: Limits
) -> Response:
    """Sends one request and reads its whole answer, or raises `TransportFault`. The connection is kept only after a
    clean end.
    """
    with limited(limits.total, limits.max_bytes) as current:
        try:
            response = http.get_adapter(url).send(
                _prepared(method, url, headers, body),
                stream=True,
                timeout=(min(limits.connect, limits.total), min(limits.read, limits.total)),
                verify=True if http.verify is None else http.verify,
            )
        except _FAILURES as failure:
            raise _fault(failure, current) from None
        try:
            return Response(response.status_code, response.headers, _body(response, limits.max_bytes, current))
        except _FAILURES as failure:
            raise _fault(failure, current, response) from None
        finally:
            response.close()


def _prepared(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.PreparedRequest:
    """A request ready to be sent as it stands, which costs half of what a session's own way to prepare and send one
    does.

    There is nothing left to prepare: no cookies, no environment, no redirects, and a URL made of a checked base, a
    fixed path and a token of letters and digits.
    """
    request = requests.PreparedRequest()
    request.method, request.url, request.body = method, url, body
    request.headers = CaseInsensitiveDict(headers)
    if body is not None:
        request.headers["Content-Length"] = str(len(body))
    return request


# ValueError: http.client raises it on chunk sizes and lengths that make no sense.
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


def _body(response: requests.Response, max_bytes: int, current: Exchange) -> bytes:
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise TransportFault(Fault.ENCODED, answer=response)
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and (len(announced) > 12 or int(announced) > max_bytes):
        raise TransportFault(Fault.TOO_LARGE, answer=response)
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read(_PIECE, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise TransportFault(Fault.TOO_LARGE, answer=response, size=size)
        if current.is_over:
            raise TransportFault(Fault.TIMEOUT, answer=response, size=size)
    return b"".join(pieces)


def _fault(failure: Exception, current: Exchange, answer: requests.Response | None = None) -> TransportFault:
    if current.too_large:
        reason = Fault.TOO_LARGE
    elif current.is_over or isinstance(failure, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        reason = Fault.TIMEOUT
    else:
        reason = Fault.CONNECTION
    not_sent = not current.connected or isinstance(failure, requests.ConnectTimeout)
    return TransportFault(reason, may_have_arrived=not not_sent, answer=answer)


# Sockets that keep to the limits of their exchange.

FRAMING_ALLOWANCE = 128 * 1024
"""Bytes an answer may spend on headers and chunk sizes, on top of the cap for its body."""


class Exchange:
    """The limits of one request and its answer, and how far it got.

    `connected` is False only while a connection is being made: a failure then means that not one byte of the request
    left us.
    """

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self._ends_at = time.monotonic() + seconds
        self._bytes_left = max_bytes + FRAMING_ALLOWANCE
        self._streams: list[io.BufferedReader] = []
        self.connected = True
        self.too_large = False

    @property
    def seconds_left(self) -> float:
        """Never below a millisecond, because a socket takes 0 for 'do not block'."""
        return max(self._ends_at - time.monotonic(), 0.001)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._ends_at

    def stream(self, raw: io.RawIOBase, sock: socket.socket) -> io.BufferedReader:
        """The bytes of an answer under these limits."""
        self._streams.append(io.BufferedReader(_LimitedReader(raw, sock, self)))
        return self._streams[-1]

    def close(self) -> None:
        """Lets go of the answer. After a clean end http.client has done so; after some broken headers nothing else
        would.
        """
        while self._streams:
            # Forgotten too: a stream knows its exchange, and a circle of the two would wait for the garbage collector.
            self._streams.pop().close()

    def count(self, size: int) -> None:
        """Takes note of `size` received bytes; past the cap the read fails."""
        self._bytes_left -= size
        if self._bytes_left < 0:
            self.too_large = True
            raise OSError("the answer is too large")


_poll = get_original("select", "poll")
"""The system's own: gevent's lets every other request go first, even for a question that never waits."""

_current: ContextVar[Exchange | None] = ContextVar("hum_exchange", default=None)


@contextmanager
def limited(seconds: float, max_bytes: int) -> Iterator[Exchange]:
    """Everything read from our connections inside the block belongs to one exchange of at most `seconds` and
    `max_bytes`.
    """
    exchange = Exchange(seconds, max_bytes)
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)
        exchange.close()


class _LimitedReader(io.RawIOBase):
    """The bytes of one answer: before every read the socket's time-out is cut to what the exchange has left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, exchange: Exchange) -> None:
        self._raw, self._sock, self._exchange = raw, sock, exchange
        self._per_read = sock.gettimeout()

    def readable(self) -> bool:
        return True

    # typeshed names a wider private type
    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        if self._exchange.is_over:
            raise TimeoutError("the exchange took too long")
        self._sock.settimeout(min(self._per_read or self._exchange.seconds_left, self._exchange.seconds_left))
        size = self._raw.readinto(buffer)
        self._exchange.count(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _LimitedResponse(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        exchange = _current.get()
        if exchange is not None:
            self.fp = exchange.stream(self.fp.detach(), sock)


class _LimitedConnection(HTTPConnection):
    response_class = _LimitedResponse

    @property
    def is_connected(self) -> bool:
        """Whether a kept connection may be used again: something to read from it, or its end, says that it may not."""
        if self.sock is None:
            return False
        question = _poll()
        question.register(self.sock, select.POLLIN)
        return not question.poll(0)

    def connect(self) -> None:
        exchange = _current.get()
        if exchange is not None:
            exchange.connected = False
        super().connect()
        if exchange is not None:
            exchange.connected = True

    def _new_conn(self) -> socket.socket:
        """Tries each address of the host within what is left of the exchange (urllib3 would give each one the full
        time-out).
        """
        exchange = _current.get()
        if exchange is None:
            return super()._new_conn()
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as fault:
            raise NameResolutionError(self.host, self, socket.gaierror(str(fault))) from fault
        failure: OSError = OSError("the host has no address")
        for *_, place in found:
            if exchange.is_over:
                break
            try:
                return create_connection(
                    (str(place[0]), int(place[1])),
                    min(self.timeout or 60.0, exchange.seconds_left),
                    socket_options=self.socket_options,
                )
            except OSError as fault:
                failure = fault
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, "connecting took too long") from failure
        raise NewConnectionError(self, "no connection") from failure


class _LimitedTLSConnection(_LimitedConnection, HTTPSConnection):
    pass


class _LimitedPool(HTTPConnectionPool):
    ConnectionCls = _LimitedConnection


class _LimitedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _LimitedTLSConnection


class LimitedAdapter(HTTPAdapter):
    """A pooled transport adapter on connections that keep to `limited(...)`; never retries by itself."""

    def __init__(self, pool_size: int) -> None:
        self._pools: dict[tuple[Any, ...], Any] = {}
        super().__init__(pool_connections=4, pool_maxsize=pool_size, max_retries=0)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """The pool of the request's host. `requests` works out again for each request which one that is; here it is
        always the same one.
        """
        host = (*str(request.url).split("/", 3)[:3], verify)
        pool = self._pools.get(host)
        if pool is None:
            pool = self._pools[host] = super().get_connection_with_tls_context(request, verify, proxies, cert)
        return pool

    def close(self) -> None:
        """Closes all pools and forgets them."""
        self._pools.clear()
        super().close()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _LimitedPool, "https": _LimitedTLSPool}
