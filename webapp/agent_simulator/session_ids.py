"""Ids of sessions that are the session: scenario, birth and caps, signed, in the form of a UUID. Any process with the
same secret can answer for them.

Layout of the 16 bytes: scenario (1), birth in ms (6), longest time in seconds, 0 for any (1), most steps, 0 for any
(1), nonce (1), signature (6).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass

from webapp.agent_simulator.scenarios import SCENARIOS, AgentScenario

_HEAD = 10


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an id says. `born` is in epoch seconds; caps of 0 are none."""

    scenario: AgentScenario
    born: float
    max_seconds: int = 0
    max_steps: int = 0


def issue(ticket: Ticket, secret: bytes) -> str:
    """A new id."""
    head = (
        bytes([ticket.scenario.number])
        + round(ticket.born * 1000).to_bytes(6, "big")
        + bytes([min(ticket.max_seconds, 255), min(ticket.max_steps, 255)])
        + secrets.token_bytes(1)
    )
    return str(uuid.UUID(bytes=head + _sign(head, secret)))


def read(text: str, secret: bytes) -> Ticket | None:
    """The ticket of an id signed with this secret; None for any other text."""
    try:
        raw = uuid.UUID(text).bytes
    except ValueError:
        return None
    head, signature = raw[:_HEAD], raw[_HEAD:]
    if not hmac.compare_digest(signature, _sign(head, secret)):
        return None
    for scenario in SCENARIOS.values():
        if scenario.number == head[0]:
            return Ticket(scenario, int.from_bytes(head[1:7], "big") / 1000, head[7], head[8])
    return None


def _sign(head: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, head, hashlib.sha256)[:6]
