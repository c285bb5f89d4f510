"""As much of HTTP/2 (RFC 9113) as it takes to send one request of any bytes: frames, and headers as plain literals."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence

from tests.soak.deploy.line import PATIENCE
from tools import proxied

Header = tuple[bytes, bytes]

DATA, HEADERS, RESET, SETTINGS, GO_AWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS = 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
START: tuple[Header, ...] = (
    (b":method", b"POST"),
    (b":scheme", b"https"),
    (b":authority", proxied.NAME.encode()),
    (b":path", b"/lookups"),
)


def ask(site: proxied.Site, headers: Sequence[Header], body: bytes) -> bool:
    """Sends one request; True when its stream was answered to the end, False when it or the whole connection was
    refused.
    """
    trust = site.trust()
    trust.set_alpn_protocols(["h2"])
    plain = socket.create_connection(("127.0.0.1", site.https), timeout=PATIENCE)
    with trust.wrap_socket(plain, server_hostname=proxied.NAME) as line:
        assert line.selected_alpn_protocol() == "h2"
        request = _frame(HEADERS, END_HEADERS, 1, b"".join(_literal(header) for header in headers)) + _frame(
            DATA, END_STREAM, 1, body
        )
        line.sendall(PREFACE + _frame(SETTINGS, 0, 0, b"") + request)
        received = line.makefile("rb")
        while start := received.read(9):
            length, kind, flags = int.from_bytes(start[:3]), start[3], start[4]
            received.read(length)
            if kind in {RESET, GO_AWAY}:
                return False
            if kind in {HEADERS, DATA} and flags & END_STREAM:
                return True
    return False


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3) + struct.pack(">BBL", kind, flags, stream) + payload


def _literal(header: Header) -> bytes:
    return b"\0" + b"".join(_length(len(part)) + part for part in header)


def _length(number: int) -> bytes:
    """An integer with a prefix of seven bits (RFC 7541, 5.1), up to 254."""
    return bytes([number]) if number < 127 else bytes([127, number - 127])
