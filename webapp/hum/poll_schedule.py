"""How often we ask Hum about one lookup. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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
