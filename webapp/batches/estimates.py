"""What a batch will cost, how fast it runs and how long it still takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.upstream.limits import BACKGROUND_RESERVE

CALLS_PER_LOOKUP = 6
"""Calls that a lookup takes at most when nothing fails; most take five."""
RATE_MEASURED_OVER = 120.0
"""Seconds back from now."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What looking up some rows takes. `minutes` is None while Hum has not said how many calls a minute it allows."""

    lookups: int
    calls: int
    minutes: float | None


def estimate(rows: int, calls_per_minute: int) -> Estimate:
    """For so many rows at a limit of calls a minute (0: not known). A fifth of the limit is left to people who wait."""
    calls = rows * CALLS_PER_LOOKUP
    minutes = None
    if calls_per_minute:
        minutes = calls / (calls_per_minute * (1 - BACKGROUND_RESERVE))
    return Estimate(rows, calls, minutes)


@dataclass(frozen=True, slots=True)
class BatchPace:
    """Rows that ended in a minute, lately, and the minutes until none is left; None while none has ended lately."""

    per_minute: float
    minutes_left: float | None


def pace(ended_lately: int, unfinished: int, running_for: float) -> BatchPace:
    """From the rows that ended in the last `RATE_MEASURED_OVER` seconds, or since the batch runs, which are
    `running_for` seconds.
    """
    measured = max(min(running_for, RATE_MEASURED_OVER), 1.0)
    per_minute = ended_lately * 60 / measured
    if not ended_lately:
        return BatchPace(0.0, None)
    return BatchPace(per_minute, unfinished / per_minute)
