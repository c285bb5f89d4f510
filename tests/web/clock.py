"""Time that stands still until a test turns it."""

from __future__ import annotations

START = 1_763_800_000.0


class Clock:
    """Epoch seconds. `advance` may be given as the sleep of whatever wants to wait."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
