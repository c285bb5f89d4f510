"""Faults below HTTP and before it: connections that drip, hang, break, carry nonsense, or are never made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Response

from webapp.simulator.faults import AnswerFault
from webapp.simulator.transport_faults import BrokenOff, End, Raw, Unreachable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_MANY_HEADERS, _LONG_HEADER = 300, 100_000


class _Broken(Response):
    """Raises its failure when it is sent, past Flask's own handling of errors."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self._failure = failure

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise self._failure


def sent(start: bytes = b"", *, drip: bytes = b"", end: End = End.CLOSED) -> AnswerFault:
    """These bytes instead of the answer."""
    return lambda answer: _Broken(BrokenOff(Raw(start, drip, end)))


def unreachable(*, certificate: bool = False) -> AnswerFault:
    """No connection: a closed port, an unknown host, or (`certificate`) a handshake that fails."""
    return lambda answer: _Broken(Unreachable(certificate=certificate))


def _of_answer(make: Callable[[bytes], Raw]) -> AnswerFault:
    return lambda answer: _Broken(BrokenOff(make(answer.get_data())))


def _whole(body: bytes) -> bytes:
    return _OK + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _half(body: bytes) -> bytes:
    return _whole(body)[: -len(body) // 2]


slow_headers = sent(b"HTTP/1.1 200 OK\r\n", drip=b"X-Slow: 1\r\n")
slow_body = sent(_OK + b"Content-Length: 100000\r\n\r\n{", drip=b" ")
slow_chunks = sent(_OK + b"Transfer-Encoding: chunked\r\n\r\n", drip=b"1\r\n \r\n")
interim_answers = sent(drip=b"HTTP/1.1 100 Continue\r\n\r\n")
silence = sent(end=End.SILENT)
silence_in_body = _of_answer(lambda body: Raw(_half(body), end=End.SILENT))
reset = sent(end=End.RESET)
closed = sent()
cut = _of_answer(lambda body: Raw(_half(body)))
bad_chunks = sent(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
no_http = sent(b"220 mail.example.com ready\r\n")
two_lengths = _of_answer(lambda body: Raw(_whole(body).replace(b"\r\n\r\n", b"\r\nContent-Length: 7\r\n\r\n", 1)))
many_headers = _of_answer(
    lambda body: Raw(_whole(body).replace(b"\r\n\r\n", b"\r\nX-Many: 1" * _MANY_HEADERS + b"\r\n\r\n", 1))
)
long_header = _of_answer(
    lambda body: Raw(_whole(body).replace(b"\r\n\r\n", b"\r\nX-Long: " + b"a" * _LONG_HEADER + b"\r\n\r\n", 1))
)
