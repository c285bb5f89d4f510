"""How often we ask Hum: the poll schedule of one lookup, and what rate-limit headers mean. Pure."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

SHORTEST_WAIT, LONGEST_WAIT, DEFAULT_WAIT = 1.0, 60.0, 5.0
FARTHEST_RESET = 3600.0

_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?")


class NextPoll(NamedTuple):
    """Wait `delay` seconds, then poll; pass `interval` back to `PollSchedule.next_poll` after that poll."""

    delay: float
    interval: float


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """When to ask for the status within one window: at once, then 2 s apart, and after `steady` seconds slower while
    nothing changes.

    The numbers are Hum's advice (every 2-3 s, back off, stop after 30 s). Most lookups have their providers after 4 to
    6 s, so the first seconds are not the time to slow down. The last poll lands on the window's end, so that a late
    answer is still seen.
    """

    window: float = 30.0
    polls: int = 9
    shortest: float = 2.0
    steady: float = 8.0
    growth: float = 1.4

    def next_poll(self, polls_done: int, elapsed: float, interval: float, changed: bool) -> NextPoll | None:
        """The next poll after `polls_done` polls at `elapsed` seconds into the window; None when the window is used up.

        `interval` is what the last `NextPoll` carried (0 at first); `changed` says whether the last poll showed
        anything new.
        """
        if polls_done == 0:
            return NextPoll(0.0, 0.0)
        left = self.window - elapsed
        if left <= 0 or polls_done >= self.polls:
            return None
        keeps_pace = changed or interval < self.shortest or elapsed < self.steady
        following = self.shortest if keeps_pace else interval * self.growth
        is_last = polls_done == self.polls - 1 or left - following < self.shortest
        return NextPoll(left if is_last else following, following)


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
