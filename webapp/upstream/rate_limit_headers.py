"""What rate-limit headers mean, in seconds and counts. Pure."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping

SHORTEST_WAIT, LONGEST_WAIT, DEFAULT_WAIT = 1.0, 60.0, 5.0
FARTHEST_RESET = 3600.0

_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?")


def seconds_to_wait(headers: Mapping[str, str], now: float) -> float:
    """The wait a 429 asks for, in seconds from 1 to 60. `Retry-After` is honoured, else `X-RateLimit-Reset` against our
    clock.

    A missing, unreadable, past or absurd (more than an hour away) time gives 5 s. `headers` must ignore case.
    """
    asked = _retry_after(headers.get("Retry-After"), now)
    if asked is None:
        asked = seconds_until_reset(headers, now)
    return DEFAULT_WAIT if asked is None else min(max(asked, SHORTEST_WAIT), LONGEST_WAIT)


def _retry_after(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    text = text.strip()[:100]
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        wait = email.utils.parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
    return wait if wait > 0 else None


def seconds_until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """What `X-RateLimit-Reset` says against our clock; None when it is missing, unreadable, past or absurd."""
    text = (headers.get("X-RateLimit-Reset") or "").strip()
    if not _NUMBER.fullmatch(text):
        return None
    wait = float(text) - now
    return wait if 0 < wait <= FARTHEST_RESET else None


def count_in(text: str | None) -> int | None:
    """The whole number of a rate-limit header; None when it is missing or unreadable."""
    stripped = (text or "").strip()
    return int(float(stripped)) if _NUMBER.fullmatch(stripped) else None
