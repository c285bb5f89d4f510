"""What a call to Hum that failed does to a lookup: when it is tried again, and when a person has to say so. Pure."""

from __future__ import annotations

from dataclasses import replace

from webapp.hum.errors import (
    Cause,
    HumError,
    InvalidAddress,
    NotAuthorized,
    RateLimited,
    Rejected,
    SessionGone,
    SessionNotFound,
    Unavailable,
)
from webapp.lookups.lifecycle import Lookup, PollSchedule, Reason, State
from webapp.upstream.circuit_breaker import OPEN_FOR

MAX_FAILURES = 3
LONGEST_WAIT = 300.0
"""Seconds for which a lookup waits by itself while Hum is down or the rate limit is used up; a session lives for 30
minutes.
"""

_OUTAGE = (Cause.TIMEOUT, Cause.CONNECTION, Cause.SERVER_ERROR)


def after_failure(lookup: Lookup, error: HumError, now: float, plan: PollSchedule, *, hum_is_down: bool) -> Lookup:
    """The lookup after a poll that failed. Whatever was found before stays."""
    if isinstance(error, SessionNotFound | SessionGone | Rejected):
        return _ended(lookup, error, now)
    gives_up_at = lookup.window_started_at + LONGEST_WAIT
    wait = _wait_for_all(error, hum_is_down)
    if wait and now < gives_up_at:
        # Hum was not asked, or is known to be down: no poll is used; this one will be retried.
        reason = Reason.RATE_LIMITED if isinstance(error, RateLimited) else Reason.DOWN
        uncounted = replace(lookup, window_polls=lookup.window_polls - 1)
        return _delayed(uncounted, reason, now, min(wait, gives_up_at - now))
    spent = now >= min(lookup.window_ends_at, gives_up_at) or lookup.window_polls >= plan.polls
    if isinstance(error, RateLimited):
        if spent:
            return replace(lookup, reason=Reason.RATE_LIMITED, next_poll_at=None)
        return _delayed(lookup, Reason.RATE_LIMITED, now, min(error.retry_after, gives_up_at - now))
    failures = lookup.failures + 1
    if isinstance(error, NotAuthorized) or failures >= MAX_FAILURES or spent:
        return replace(lookup, reason=reason_of(error), failures=failures, next_poll_at=None)
    return replace(_delayed(lookup, Reason.UNAVAILABLE, now, plan.interval * 2 ** (failures - 1)), failures=failures)


def _ended(lookup: Lookup, error: SessionNotFound | SessionGone | Rejected, now: float) -> Lookup:
    if isinstance(error, Rejected):
        return mark_rejected(lookup, error.said, now)
    return mark_expired(lookup, now)


def mark_failed(lookup: Lookup, reason: Reason, now: float) -> Lookup:
    """A lookup that never began."""
    return replace(lookup, state=State.FAILED, reason=reason, finished_at=now, next_poll_at=None)


def mark_expired(lookup: Lookup, now: float) -> Lookup:
    """The session is gone: with providers in hand the lookup is as complete as it will be, else it has expired."""
    state = State.DONE if lookup.provider_count else State.EXPIRED
    return replace(lookup, state=state, reason=None, finished_at=now, next_poll_at=None)


def mark_rejected(lookup: Lookup, said: str, now: float) -> Lookup:
    """Hum will answer no question about this session any more. What it says about that is kept as its note."""
    state = State.FAILED
    if lookup.provider_count:
        state = State.DONE
    warning = said or lookup.warning
    return replace(
        lookup, state=state, reason=Reason.REJECTED, warning=warning, finished_at=now, next_poll_at=None, failures=0
    )


def reason_of(error: HumError) -> Reason:
    """What is kept of an error."""
    if isinstance(error, InvalidAddress):
        return Reason.INVALID
    if isinstance(error, NotAuthorized):
        return Reason.NOT_AUTHORIZED
    if isinstance(error, RateLimited):
        return Reason.RATE_LIMITED
    if isinstance(error, Unavailable) and error.uncertain:
        return Reason.UNCERTAIN
    if isinstance(error, Unavailable) and error.reason is Cause.DOWN:
        return Reason.DOWN
    return Reason.UNAVAILABLE


def _wait_for_all(error: HumError, hum_is_down: bool) -> float:
    """Seconds to wait when everybody has to: the rate limit is used up or Hum is down. 0 for a failure of
    this lookup alone.
    """
    if isinstance(error, RateLimited):
        return error.retry_after if error.status is None else 0.0
    if isinstance(error, Unavailable) and (error.reason is Cause.DOWN or (error.reason in _OUTAGE and hum_is_down)):
        return error.wait or OPEN_FOR
    return 0.0


def _delayed(lookup: Lookup, reason: Reason, now: float, seconds: float) -> Lookup:
    # Waiting for Hum is not the lookup's own time, so its window grows by as much.
    return replace(lookup, reason=reason, next_poll_at=now + seconds, window_seconds=lookup.window_seconds + seconds)
