"""Hum's answer to a ping in words for the operator. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.health.service import CRITICAL_MS, EXPECTED_MS, WARNING_MS
from webapp.health.store import Pinged


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of the status: `tone` picks icon and color."""

    name: str
    tone: str
    text: str


def grades(pinged: Pinged) -> tuple[StatusLine, ...]:
    """API, key and response time."""
    if not pinged.answers:
        return (StatusLine("API", "bad", "Hum does not answer."),)
    api = StatusLine("API", "good", "Hum answers.")
    if pinged.key_accepted is None:
        return (api, StatusLine("Key", "warn", "Not known: Hum is receiving too many requests from us."))
    key = (
        StatusLine("Key", "good", "The key is accepted.")
        if pinged.key_accepted
        else StatusLine("Key", "bad", "Hum does not accept the key.")
    )
    return (api, key, *([] if pinged.milliseconds is None else [_speed(pinged.milliseconds)]))


def _speed(milliseconds: int) -> StatusLine:
    took = f"{milliseconds:,} ms"
    if milliseconds > CRITICAL_MS:
        return StatusLine("Response time", "bad", f"{took}: critical, above {CRITICAL_MS:,} ms.")
    if milliseconds > WARNING_MS:
        return StatusLine("Response time", "warn", f"{took}: slow, above {WARNING_MS} ms.")
    if milliseconds > EXPECTED_MS:
        return StatusLine(
            "Response time",
            "good",
            f"{took}: slower than the {EXPECTED_MS} ms that Hum expects, but no cause for alarm.",
        )
    return StatusLine("Response time", "good", f"{took}: as Hum expects, at most {EXPECTED_MS} ms.")
