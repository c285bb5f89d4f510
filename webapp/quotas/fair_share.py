"""A fair share of Hum's rate limit for each viewer: decided when a lookup starts, for all the calls that it will need.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CALLS_PER_LOOKUP = 5
"""Calls that a typical lookup needs, its first included: the mean of the poll schedule, rounded up (decision 16)."""
SECONDS_PER_LOOKUP = 15.0
"""Seconds in which it makes them. What it has not needed by then is free for others."""
PLENTY = 3 / 4
"""While this share of the limit stays free, everyone may start what they want."""
FEWEST_SHARES = 4
"""Below that the limit is divided among the viewers of the last minute, and always by at least this many, since others
may come.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Hum's rate limit now: `limit` calls a minute, `remaining` of them left until `reset_at` (epoch seconds)."""

    limit: int
    remaining: int
    reset_at: float


@dataclass(frozen=True, slots=True)
class Start:
    """A lookup started, or continued for another polling window, in the last minute: by whom (a keyed hash), and
    when.
    """

    who: str
    at: float


def may_start(window: Window, recent: Sequence[Start], who: str, now: float) -> bool:
    """Whether `who` may start one more lookup. `recent` holds all starts of the last minute.

    Calls that running lookups still need are set aside. A viewer who has started nothing in the last minute may use all
    that is left.
    """
    set_aside = sum(_calls_to_come(now - start.at) for start in recent)
    free = window.remaining - set_aside - min(CALLS_PER_LOOKUP, window.limit)
    if free < 0:
        return False
    own = sum(start.who == who for start in recent)
    if own == 0 or free >= PLENTY * window.limit:
        return True
    viewers = len({start.who for start in recent})
    return (own + 1) * CALLS_PER_LOOKUP <= window.limit / max(FEWEST_SHARES, viewers)


def _calls_to_come(age: float) -> float:
    # The first one is made at once, and is no longer among those that remain.
    return (CALLS_PER_LOOKUP - 1) * max(0.0, 1 - age / SECONDS_PER_LOOKUP)
