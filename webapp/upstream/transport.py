"""Bytes to a vendor and back: one HTTP exchange within its limits; no environment, cookies, redirects or retries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from webapp.upstream.sockets import Exchange, LimitedAdapter, limited

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
