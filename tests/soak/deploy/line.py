"""A TLS connection to the site on which a test sends whatever bytes it wants."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType

from tools import proxied

PATIENCE = 10.0


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """The connection, from the address `source`. `server_name` is what TLS asks for."""

    def __init__(
        self,
        site: proxied.Site,
        *,
        server_name: str = proxied.NAME,
        tls: bool = True,
        trust: ssl.SSLContext | None = None,
        source: str = "127.0.0.1",
    ) -> None:
        port = site.https if tls else site.http
        plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0))
        self._socket = (trust or site.trust()).wrap_socket(plain, server_hostname=server_name) if tls else plain

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Sends as it is; that the other side has closed is found out when reading."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def answer(self) -> Answer | None:
        """The next answer, or None when the connection is closed without one."""
        response = http.client.HTTPResponse(self._socket)
        try:
            response.begin()
            body = response.read()
        except (http.client.BadStatusLine, ConnectionError):
            return None
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def rest(self) -> bytes:
        """Everything until the other side closes."""
        received = b""
        while piece := self._socket.recv(65536):
            received += piece
        return received
