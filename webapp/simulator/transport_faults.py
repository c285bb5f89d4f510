"""What no HTTP answer can express: a connection that breaks, drips, hangs, or is never made. Raised by the app, carried
out by its server.

Over HTTP `serving` sends the bytes; in process `adapter` raises what `requests` would raise on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HANG_SECONDS = 30.0
DRIP_SECONDS = 0.1


class End(StrEnum):
    """What becomes of the connection after the bytes."""

    CLOSED = "closed"
    RESET = "reset"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes in place of an HTTP answer: `start` at once, then `drip` every tenth of a second for as long as the other
    side stays.
    """

    start: bytes = b""
    drip: bytes = b""
    end: End = End.CLOSED

    @property
    def lasting(self) -> bool:
        """It ends only when the caller hangs up, or after 30 seconds."""
        return bool(self.drip) or self.end is End.SILENT


class BrokenOff(ConnectionError):
    """The call gets `raw` instead of an answer."""

    def __init__(self, raw: Raw) -> None:
        super().__init__("the simulator breaks this exchange off")
        self.raw = raw


class Unreachable(ConnectionError):
    """The call does not get through: a fault before HTTP, which only the adapter can play."""

    def __init__(self, *, certificate: bool = False) -> None:
        super().__init__("the simulator cannot be reached in this fault")
        self.certificate = certificate
