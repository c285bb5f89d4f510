"""Hum's rate limit as it stood at the newest answer: how much is left, when the count is reset, and what we do about
it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.lookups.failures import LONGEST_WAIT, MAX_FAILURES
from webapp.lookups.lifecycle import PLANS_FOLLOW_AFTER, PollSchedule
from webapp.lookups.polling import CHECK_PAUSE
from webapp.plans.figures import plural
from webapp.upstream.limits import RateLimiter


@dataclass(frozen=True, slots=True)
class Meter:
    """Requests: `limit` is how many Hum allows, `remaining` how many of them are left; None while Hum has not said.
    `reset_in` and `pause_in` count seconds from now.
    """

    limit: int | None
    remaining: int | None
    reset_in: float | None
    pause_in: float | None

    @property
    def said(self) -> str:
        """Where we stand, in one sentence."""
        if self.limit is None or self.remaining is None:
            return "Hum has not said yet how many requests it allows."
        if self.has_reset:
            return f"The limit of {plural(self.limit, 'request')} has reset."
        return f"{self.remaining:,} of {plural(self.limit, 'request')} left."

    @property
    def reset_said(self) -> str:
        """When the limit resets; "" where it has."""
        if self.limit is None or self.remaining is None or self.has_reset:
            return ""
        if self.reset_in is None:
            return "Hum did not say when the limit resets."
        return f"Resets in {plural(round(self.reset_in), 'second')}."

    @property
    def has_reset(self) -> bool:
        """The count that Hum told last is over."""
        return self.reset_in is not None and self.reset_in < 0.5

    @property
    def pause_said(self) -> str:
        """That Hum told us to wait, while it holds."""
        if self.pause_in is None:
            return ""
        return f"Hum told us to wait; the pause ends in {plural(round(self.pause_in), 'second')}."


def meter(limiter: RateLimiter, newest: tuple[float, Mapping[str, str]] | None, now: float) -> Meter:
    """What the newest recorded answer said, since another process may have asked after us; without one, what this
    process knows.
    """
    recorded = RateLimiter(lambda: now)
    if newest is not None:
        recorded.update(dict(newest[1]), newest[0])
    known = recorded
    if recorded.limit is None:
        known = limiter
    reset_in = pause_in = None
    if known.reset_at is not None:
        reset_in = max(0.0, known.reset_at - now)
    if limiter.pause_until - now >= 0.5:
        pause_in = limiter.pause_until - now
    return Meter(known.limit, known.remaining, reset_in, pause_in)


def slowing(schedule: PollSchedule) -> tuple[str, ...]:
    """What we do to ask Hum less, one sentence per line. `schedule` is the one that lookups are polled by."""
    statuses = [f"{time:g}" for time in schedule.statuses[:3]]
    lists = [f"{time:g}" for time in schedule.lists]
    return (
        f"The session's status is asked for after {', '.join(statuses)} seconds and so on, until the address is known "
        f"or refused. From then on the list of providers is asked for alone, after {', '.join(lists)} and "
        f"{schedule.window:g} seconds, until it comes. At most {schedule.polls} polls are made in "
        f"{schedule.window:g} seconds.",
        "A list with a plan in it ends the lookup at once; a list without any is read once more "
        f"{PLANS_FOLLOW_AFTER:g} seconds later.",
        "However many tabs and people watch a lookup, Hum is asked once per interval.",
        "Check for more plans asks once for the list of a lookup that has ended, at most every "
        f"{CHECK_PAUSE:g} seconds.",
        "Told to wait (429), all lookups wait as long as Hum says, or longer each time where it does not say; a "
        "lookup's time grows by as much, and nothing found so far is lost.",
        f"Polls that fail are spaced {schedule.interval:g}, then {2 * schedule.interval:g} seconds apart, and the "
        f"lookup's time grows by as much; {MAX_FAILURES} in a row pause the lookup. While Hum is down or the limit is "
        f"used up, it waits by itself for at most {LONGEST_WAIT:g} seconds.",
    )
