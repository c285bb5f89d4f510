"""How busy this process is: while it is, pages come back every 3 s instead of every 2, and everybody is served."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY = 2.0
EASY, FULL = 0.5, 0.75
"""Shares of one processor: below the first nothing is slowed, at the second as much as ever."""
SLOWEST = 1.5


class Strain:
    """The share of one processor that this process has used lately. `cpu` and `monotonic` give seconds."""

    def __init__(
        self, cpu: Callable[[], float] = time.process_time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._cpu = cpu
        self._monotonic = monotonic
        self._seen = (monotonic(), cpu())
        self._share = 0.0

    def __call__(self) -> float:
        """What the time between two polls is to be multiplied with: 1 to 1.5."""
        now = self._monotonic()
        since, used = self._seen
        if now - since >= LOOK_EVERY:
            cpu = self._cpu()
            self._seen = (now, cpu)
            self._share = (cpu - used) / (now - since)
        return 1 + (SLOWEST - 1) * min(max((self._share - EASY) / (FULL - EASY), 0.0), 1.0)


def no_strain() -> float:
    """For those who have time."""
    return 1.0
