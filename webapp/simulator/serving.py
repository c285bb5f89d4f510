"""The simulator on a socket: werkzeug's server, which also reproduces what goes wrong below HTTP."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler

from webapp.simulator.transport_faults import DRIP_SECONDS, HANG_SECONDS, BrokenOff, End, Raw

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class SimulatorRequests(WSGIRequestHandler):
    """Give it to werkzeug's server as its request handler."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: paths hold session tokens, and tokens hold addresses."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Nothing is left to do for a caller that hung up. When the app broke the exchange off, send its bytes."""
        if isinstance(error, BrokenOff):
            with contextlib.suppress(OSError):
                send_raw(error.raw, self.connection)
        self.close_connection = True


def send_raw(raw: Raw, sock: socket.socket) -> None:
    """Send the bytes, in real time whatever the simulated clock says, and leave the connection as the fault leaves
    it.
    """
    ends_at = time.monotonic() + HANG_SECONDS
    sock.sendall(raw.start)
    while raw.lasting and time.monotonic() < ends_at and not _hung_up(sock):
        sock.sendall(raw.drip)
    if raw.end is End.RESET:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        # Closed here and now: the server would close it in an orderly way.
        os.close(sock.detach())


def _hung_up(sock: socket.socket) -> bool:
    """Wait for a tenth of a second; True as soon as the other side has gone."""
    sock.settimeout(DRIP_SECONDS)
    try:
        return not sock.recv(4096)
    except TimeoutError:
        return False
