"""A `requests` transport that calls a WSGI app in this process: real status, headers and body bytes, no socket."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse, Timeout
from werkzeug.test import EnvironBuilder, run_wsgi_app

from webapp.simulator.transport_faults import HANG_SECONDS, BrokenOff, Raw, Unreachable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Timeouts = float | tuple[float | None, float | None] | Timeout | None


class Patience:
    """How long the caller waits for an answer. The app finds it in the WSGI environ and waits through it instead of
    sleeping.
    """

    ENVIRON_KEY = "simulator.patience"

    def __init__(self, read_timeout: float | None, sleep: Callable[[float], None]) -> None:
        self._read_timeout = read_timeout
        self._sleep = sleep
        self.exhausted = False

    def wait(self, seconds: float, speed: float = 1.0) -> None:
        """Let `seconds` of a session's time pass, or as many as the caller waits for; `speed` of them pass in one real
        second.
        """
        if self._read_timeout is not None and seconds >= self._read_timeout:
            self.exhausted = True
            seconds = self._read_timeout
        self._sleep(seconds / speed)


class SimulatorAdapter(BaseAdapter):
    """Mount it on a `requests.Session` for any base URL; every request under that URL goes to `app`.

    A hanging app makes it raise `requests.exceptions.ReadTimeout` after the read timeout, slept with `sleep`; a
    connection that breaks or is never made, what `requests` raises for that.
    """

    def __init__(self, app: WSGIApplication, *, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self._app = app
        self._sleep = sleep

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeouts = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Play one request against the app. TLS, certificates and proxies mean nothing here."""
        patience = Patience(_read_timeout(timeout), self._sleep)
        environ = _environ(request)
        environ[Patience.ENVIRON_KEY] = patience
        try:
            chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        except BrokenOff as fault:
            raise _failure(fault.raw, patience, request) from None
        except Unreachable as fault:
            if fault.certificate:
                raise requests.exceptions.SSLError(str(fault), request=request) from None
            raise requests.exceptions.ConnectionError(str(fault), request=request) from None
        if patience.exhausted:
            raise _read_timed_out(request)
        code, _, reason = status.partition(" ")
        response = _response(request, int(code), reason, HTTPHeaderDict(headers.to_wsgi_list()), b"".join(chunks))
        if not stream:
            response.content  # noqa: B018 - reading the property is what loads the body
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _failure(raw: Raw, patience: Patience, request: requests.PreparedRequest) -> requests.RequestException:
    if raw.lasting:
        patience.wait(HANG_SECONDS)
    if patience.exhausted:
        return _read_timed_out(request)
    return requests.exceptions.ConnectionError("connection broken", request=request)


def _read_timed_out(request: requests.PreparedRequest) -> requests.RequestException:
    return requests.exceptions.ReadTimeout("read timed out", request=request)


def _environ(request: requests.PreparedRequest) -> dict[str, object]:
    body = request.body
    if isinstance(body, str):
        body = body.encode()
    if not isinstance(body, bytes | None):
        raise TypeError("only a body of text or bytes can be sent in process")
    url = request.url or ""
    scheme_and_host = url.removesuffix(request.path_url).rstrip("/")
    builder = EnvironBuilder(
        path=request.path_url,
        base_url=scheme_and_host,
        method=request.method or "GET",
        headers=[(name, _text(value)) for name, value in request.headers.items()],
        input_stream=BytesIO(body or b""),
        content_length=len(body or b""),
    )
    return dict(builder.get_environ())


def _response(
    request: requests.PreparedRequest, status: int, reason: str, headers: HTTPHeaderDict, body: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.reason = reason
    response.headers = CaseInsensitiveDict(headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = HTTPResponse(
        body=BytesIO(body), headers=headers, status=status, reason=reason, preload_content=False
    )
    response.url = request.url or ""
    response.request = request
    return response


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_timeout(timeout: Timeouts) -> float | None:
    if isinstance(timeout, Timeout):
        read = timeout.read_timeout
        if isinstance(read, int | float):
            return float(read)
        return None
    if isinstance(timeout, tuple):
        return timeout[1]
    return timeout
