"""Connections that end on time: every read is cut off by one deadline for the whole exchange, and by a cap on the bytes
received.

`requests` only limits each read by itself, so an answer that drips for ever never times out. Here the limit sits below
HTTP, where headers, chunk sizes and bodies are all just bytes, and it needs no thread.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gevent.monkey import get_original
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

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
        """Lets go of the answer. After a clean end http.client has done so; after some broken headers nobody else
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
        """The pool of the request's host. `requests` works out anew for each request which one that is; here it is
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
