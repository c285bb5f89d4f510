"""A demo lookup's own time: as fast as ours, five times as fast, or moved by hand. Everything that works for it reads
one clock.

The simulator, the Hum client and the lookup service take their clock as an argument; in demo mode it is a
`LookupClock`, which tells the time of the lookup at hand. So a faster or a halted demo runs through the very code that
a live lookup runs through.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from webapp.lookups.lifecycle import BY_HAND, REAL_TIME, Lookup

FAST = 5.0


@dataclass(slots=True)
class _Turn:
    """One request's work for one lookup. `skipped` counts the seconds of waiting that passed for the lookup and not for
    us.
    """

    born: float
    speed: float
    stepped: float
    skipped: float = 0.0

    def at(self, now: float) -> float:
        return self.born + (self.stepped if self.speed == BY_HAND else (now - self.born) * self.speed)


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


@contextmanager
def in_time_of(lookup: Lookup) -> Iterator[None]:
    """Inside, every `LookupClock` tells the time of this lookup."""
    other = lookup.speed != REAL_TIME
    token = _turn.set(_Turn(lookup.created_at, lookup.speed, lookup.stepped) if other else None)
    try:
        yield
    finally:
        _turn.reset(token)


def seconds_since_birth(lookup: Lookup, moment: float) -> float:
    """For `Lookup.stepped`: rounded up to milliseconds, so that a clock moved there has certainly reached the
    moment.
    """
    return max(lookup.stepped, math.ceil((moment - lookup.created_at) * 1000) / 1000)


class LookupClock:
    """Epoch seconds of the lookup at hand, or ours outside of any. `sleep` lets its time pass, `monotonic` measures
    it.
    """

    def __init__(self, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clock = clock
        self._sleep = sleep

    def __call__(self) -> float:
        turn = _turn.get()
        return self._clock() if turn is None else turn.at(self._clock())

    def sleep(self, seconds: float) -> None:
        """Waits so long in the lookup's time: a fifth of it in a fast one, not at all where the clock is moved by
        hand.
        """
        turn = _turn.get()
        if turn is None:
            self._sleep(seconds)
            return
        waited = seconds / turn.speed if turn.speed else 0.0
        if waited:
            self._sleep(waited)
        else:
            turn.stepped += seconds
        turn.skipped += seconds - waited

    def monotonic(self) -> float:
        """Seconds for measuring durations, with the waiting as long as the lookup felt it."""
        turn = _turn.get()
        return time.monotonic() + (turn.skipped if turn else 0.0)
