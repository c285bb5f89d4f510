"""Session tokens that are the session: scenario, speed, birth and address, signed. Any process with the same secret can
answer for them.

Layout before base64url (at most 96 bytes, 128 characters): scenario number (1), speed (1), birth in ms (6), nonce (4),
packed address, signature (12).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.simulator.scenario import Scenario

PACKED_FIELDS = ("street1", "zip", "state", "city", "street2", "latitude", "longitude", "campaign_id")
"""Most needed first: what does not fit is lost from the end."""

_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,128}")
HIGHEST_SPEED = 100

_HEAD, _SIGNATURE = 12, 12
_ROOM = 96 - _HEAD - _SIGNATURE
_SEPARATOR = "\x1f"
_FAMILIAR = (
    b"scenario:Apartment Suite Floor Unit North South East West Circle Parkway Highway Court Place Lane Road "
    b"Boulevard Avenue Drive Street "
    b" Ave St Dr E W N S NY TX CA FL MI\x1fDetroit\x1f48226\x1f Scenario Way\x1f48226\x1fMI\x1fDetroit\x1f"
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says. `born` is in epoch seconds (ms precision); `params` holds the packed fields as text, absent
    ones left out; the session ages `speed` seconds in one.
    """

    scenario: Scenario
    born: float
    params: Mapping[str, str]
    speed: int = 1

    def age(self, now: float) -> float:
        """The session's age in seconds, to the millisecond a token holds: a clock turned by exactly 2 s gives exactly
        2.0.
        """
        return max(0.0, round((now - self.born) * self.speed, 3))

    def moment(self, age: float) -> float:
        """When the session has this age, in epoch seconds."""
        return self.born + age / self.speed


def issue(ticket: Ticket, secret: bytes) -> str:
    """A new token for the ticket; two calls differ. An address that does not fit is cut: see `packed`."""
    head = (
        bytes([ticket.scenario.number, ticket.speed])
        + round(ticket.born * 1000).to_bytes(6, "big")
        + secrets.token_bytes(4)
    )
    body = head + packed(ticket.params)
    return base64.urlsafe_b64encode(body + _sign(body, secret)).rstrip(b"=").decode("ascii")


def read(token: str, secret: bytes, numbered: Callable[[int], Scenario | None]) -> Ticket | None:
    """The ticket of a token signed with this secret; None for any other text, and for a scenario that `numbered` does
    not know.
    """
    if not _PATTERN.fullmatch(token):
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if len(body) < _HEAD or not hmac.compare_digest(signature, _sign(body, secret)):
        return None
    scenario = numbered(body[0])
    if scenario is None:
        return None
    return Ticket(scenario, int.from_bytes(body[2:8], "big") / 1000, unpacked(body[_HEAD:]), speed=body[1])


def packed(params: Mapping[str, str]) -> bytes:
    """The fields compressed into at most 72 bytes. Where they do not fit, whole fields are dropped from the end of
    PACKED_FIELDS, and at last street1 is cut.
    """
    values = [params.get(name, "").replace(_SEPARATOR, " ") for name in PACKED_FIELDS]
    data = _deflated(values)
    while len(data) > _ROOM:
        last = len(values) - 1
        while last and not values[last]:
            last -= 1
        if last:
            values[last] = ""
        else:
            values[0] = values[0][:-1]
        data = _deflated(values)
    return data


def unpacked(data: bytes) -> dict[str, str]:
    """The fields again, empty ones left out."""
    text = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_FAMILIAR).decompress(data).decode("utf-8")
    return {name: value for name, value in zip(PACKED_FIELDS, text.split(_SEPARATOR), strict=False) if value}


def _deflated(values: list[str]) -> bytes:
    text = _SEPARATOR.join(values).rstrip(_SEPARATOR).encode("utf-8", "replace")
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_FAMILIAR)
    return deflater.compress(text) + deflater.flush()


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, body, hashlib.sha256)[:_SIGNATURE]
