"""A server that answers with whatever bytes a test wants: what no well-behaved double can do."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable

TOKEN = "XqCmeTVgYXrbWrZFZEymkD"
Play = bytes | Callable[["Wire", socket.socket], None]


class Wire:
    """A TCP server on loopback. Each request is kept whole and answered by the next play; the last play is repeated.

    A play is the bytes of an answer, after which the connection stays open, or a function on the socket, after which it
    is closed.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.plays: list[Play] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.waited_to_the_end = False
        self.stopped = threading.Event()
        self.ended = threading.Semaphore(0)  # released for each connection that is closed from this side or that
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def answer(self, *plays: Play) -> None:
        self.plays = list(plays)

    def stop(self) -> None:
        self.stopped.set()
        self._listener.close()

    def drip(self, sock: socket.socket, piece: bytes, times: int = 200) -> None:
        """Sends `piece` every 20 ms, by default for 4 s: past every deadline of these tests, yet with an end.

        `waited_to_the_end` tells whether the other side stayed for all of it.
        """
        for _ in range(times):
            if self.stopped.wait(0.02):
                return
            sock.sendall(piece)
        self.waited_to_the_end = True

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(sock, server_side=True) if self._tls else sock as sock:
                while request := _request_from(sock):
                    self.requests.append(request)
                    play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
                    if callable(play):
                        play(self, sock)
                        return
                    sock.sendall(play)
        except OSError:
            return
        finally:
            self.ended.release()


def _request_from(sock: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = sock.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


def http_answer(status: int, body: bytes | object = b"", *headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def reset(_: Wire, sock: socket.socket) -> None:
    """Closes the connection with a RST instead of an answer."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang(wire: Wire, _: socket.socket) -> None:
    """Says nothing for longer than any deadline here."""
    wire.waited_to_the_end = not wire.stopped.wait(4)


def session_body(token: str = TOKEN, **changes: object) -> dict[str, object]:
    meta: dict[str, object] = {"session_token": token, "session_status": "open", "hum_data_set": "25041808"}
    meta["agent_status"] = {"geocoding": "matched", "internet": "pending"}
    return {"message": "fine", "request_status": "ok", "data": {"service_address": "1 MAIN ST"}, "meta": meta} | changes
