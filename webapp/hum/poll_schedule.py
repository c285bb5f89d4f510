"""When we ask Hum about one lookup. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SLOWER_AFTER, GROWTH = 8.0, 1.4
"""Seconds after which the waits between status polls grow, and how many times longer each is than the one before."""


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """When the questions of one window are asked, in seconds after it began; the last comes at its end.

    The session's status tells early whether the address is known. Once it is, the list of services is asked for alone:
    its answer says as well whether the search has failed. Most lists are there after 4 to 15 seconds, so `lists` are
    densest then. Hum's advice is to ask every 2 to 3 seconds, to back off, and to stop after 30. Whatever fails, at
    most `polls` are made.
    """

    window: float = 30.0
    interval: float = 2.0
    lists: tuple[float, ...] = (5.5, 8.5, 12.0, 15.5, 25.0)
    polls: int = 9

    @property
    def statuses(self) -> tuple[float, ...]:
        """When the status is asked for while the address is not decided."""
        times, wait = [self.interval], self.interval
        while times[-1] + wait < self.window:
            if times[-1] >= SLOWER_AFTER:
                wait *= GROWTH
            times.append(times[-1] + wait)
        return tuple(time for time in times if time < self.window)

    def next_status(self, elapsed: float, polls: int) -> float | None:
        """When to ask for the status next, `elapsed` seconds into the window and after so many polls of it; None when
        the window is used up.
        """
        return self._next(self.statuses, elapsed, polls)

    def next_list(self, elapsed: float, polls: int) -> float | None:
        """When to ask for the list next; None when the window is used up."""
        return self._next(self.lists, elapsed, polls)

    def _next(self, times: Iterable[float], elapsed: float, polls: int) -> float | None:
        if elapsed >= self.window or polls >= self.polls:
            return None
        if polls < self.polls - 1:
            for time in times:
                if time >= elapsed + self.interval / 2:
                    return time
        return self.window
