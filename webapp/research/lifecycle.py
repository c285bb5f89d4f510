"""The life of a research: states, what an answer or a failure makes of it, and when H is asked again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from webapp.lookups.lifecycle import Lookup, Outcome
from webapp.lookups.lifecycle import Reason as LookupReason
from webapp.research.answers import NO_ANSWER, AnswerShape, WebAnswer
from webapp.research.errors import (
    AgentError,
    KeyRefused,
    NoCapacity,
    RequestRefused,
    SessionUnknown,
    StillInFlight,
)
from webapp.research.sessions import AgentSession, AgentStatus, Changes
from webapp.research.task import Caps

POLL_EACH = 4.0
"""Seconds between two questions. A session takes a minute; H asks for no less than what its plan allows at once."""
FIRST_RETRY, MOST_FAILURES = 2.0, 3
"""Seconds after the first failure in a row, which double, and how many end the research."""
FORCED_AFTER, ENDED_AFTER = 10.0, 25.0
"""Seconds after the agent's own time is up: it is asked for its answer, and it is ended, so that with the pause between
two questions the longest search takes two minutes. At its cap H asks for an answer by itself, which takes a while.
"""
ANSWER_WITHIN = 20.0
"""Seconds in which an agent that was asked for its answer must give it."""


class State(StrEnum):
    """Where a research stands."""

    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Reason(StrEnum):
    """Why a research failed, or why it is held up."""

    KEY = "key"
    CAPACITY = "capacity"
    REFUSED = "refused"
    GONE = "gone"
    UNAVAILABLE = "unavailable"
    AGENT = "agent"
    CREDIT = "credit"
    BLOCKED = "blocked"
    TOO_LONG = "too long"


ACTIVE = frozenset({State.STARTING, State.RUNNING})


@dataclass(frozen=True, slots=True)
class Research:
    """One research as stored. Times are in epoch seconds.

    `attempt` counts the clicks that began one for this lookup. `session_id` is H's and a secret. `slot` is the place
    that its session holds, None once H has ended it. `next_poll_at` is schedule and lease, `polls` counter and fence,
    as with a lookup. `cost` is in US dollars, None while H has not said. `forced_at` is when the agent was asked for
    its answer before its time.
    """

    lookup_id: str
    attempt: int
    state: State
    begun_at: float
    slot: int | None
    reason: Reason | None = None
    session_id: str | None = None
    working_at: float | None = None
    finished_at: float | None = None
    next_poll_at: float | None = None
    polls: int = 0
    from_index: int = 0
    forced_at: float | None = None
    failures: int = 0
    steps: int = 0
    cost: float | None = None
    answer: WebAnswer = NO_ANSWER

    @property
    def active(self) -> bool:
        """It has not ended."""
        return self.state in ACTIVE


def helps(lookup: Lookup) -> bool:
    """Whether the web may tell what Hum could not: no service found, still unknown, or Hum was away. Where Hum refused
    the address or does not know it, the address needs another look first.
    """
    if lookup.provider_count:
        return False
    if lookup.outcome is Outcome.REFUSED:
        return lookup.reason in {LookupReason.UNAVAILABLE, LookupReason.DOWN}
    return lookup.outcome in {Outcome.NO_SERVICE, Outcome.STILL_UNKNOWN}


def begun(lookup_id: str, attempt: int, slot: int, now: float, lease: float) -> Research:
    """A research that begins now, in the hands of whoever began it for `lease` seconds."""
    return Research(lookup_id, attempt, State.STARTING, now, slot, next_poll_at=now + lease)


def learn_session(research: Research, session: AgentSession, now: float) -> Research:
    """After the create call."""
    return replace(
        research,
        state=State.RUNNING,
        session_id=session.id,
        reason=None,
        failures=0,
        working_at=None if session.status.is_waiting else now,
        next_poll_at=now + POLL_EACH,
    )


def learn_changes(research: Research, changes: Changes | None, now: float) -> Research:
    """After a question about changes; None is that nothing has changed."""
    heard = replace(research, reason=None, failures=0, next_poll_at=now + POLL_EACH)
    if changes is None:
        return heard
    working_at = heard.working_at
    if working_at is None and not changes.status.is_waiting:
        working_at = now
    answer = changes.answer
    if answer.shape is AnswerShape.NONE:
        answer = heard.answer
    heard = replace(
        heard,
        working_at=working_at,
        from_index=changes.next_index,
        steps=max(heard.steps, changes.steps or 0),
        cost=heard.cost if changes.cost is None else max(changes.cost, heard.cost or 0.0),
        answer=answer,
    )
    if not changes.status.is_settled:
        return heard
    if changes.status.is_terminal:
        # H has freed the place by itself.
        heard = replace(heard, slot=None)
    return _settled(heard, changes, now)


def _settled(research: Research, changes: Changes, now: float) -> Research:
    if research.answer.shape is not AnswerShape.NONE:
        return ended(research, State.DONE, None, now)
    reason = _REASONS.get(changes.error_code) or _REASONS.get(changes.outcome)
    if reason is None and changes.status is AgentStatus.TIMED_OUT:
        reason = Reason.TOO_LONG
    return ended(research, State.FAILED, reason or Reason.AGENT, now)


_REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        "insufficient_credit": Reason.CREDIT,
        "timeout": Reason.TOO_LONG,
        "blocked": Reason.BLOCKED,
        "infeasible": Reason.BLOCKED,
    }
)


def after_failure(research: Research, error: AgentError, now: float) -> Research:
    """After a call that failed. A create call may be sent again, since its key makes it one session."""
    if isinstance(error, StillInFlight):
        return replace(research, next_poll_at=now + error.retry_after)
    reason = _reason_of(error, is_create=research.session_id is None)
    if isinstance(error, SessionUnknown):
        research = replace(research, slot=None)
    failures = research.failures + 1
    if reason is not Reason.UNAVAILABLE or failures >= MOST_FAILURES:
        if research.session_id is None and reason is not Reason.UNAVAILABLE:
            # H has said that there is no session.
            research = replace(research, slot=None)
        return ended(research, State.FAILED, reason, now)
    wait = FIRST_RETRY * 2.0 ** (failures - 1)
    return replace(research, reason=reason, failures=failures, next_poll_at=now + wait)


def _reason_of(error: AgentError, *, is_create: bool) -> Reason:
    if isinstance(error, KeyRefused):
        return Reason.KEY
    if isinstance(error, NoCapacity) and is_create:
        return Reason.CAPACITY
    if isinstance(error, SessionUnknown):
        # Where there is no session yet, it is the agent that is unknown.
        return Reason.REFUSED if is_create else Reason.GONE
    if isinstance(error, RequestRefused):
        return Reason.REFUSED
    return Reason.UNAVAILABLE


def ended(research: Research, state: State, reason: Reason | None, now: float) -> Research:
    """The research at its end. What was answered is kept."""
    return replace(research, state=state, reason=reason, finished_at=now, next_poll_at=None, failures=0)


def must_answer_now(research: Research, caps: Caps, now: float) -> bool:
    """Whether the agent has to be asked for its answer before it is done: it has cost enough, or its time is up."""
    if not research.active or research.session_id is None or research.forced_at is not None:
        return False
    is_dear = research.cost is not None and research.cost >= caps.cost
    return is_dear or now >= research.begun_at + caps.seconds + FORCED_AFTER


def must_end_now(research: Research, caps: Caps, now: float) -> bool:
    """Whether the research has taken all the time that it may take."""
    end = research.begun_at + caps.seconds + ENDED_AFTER
    if research.forced_at is not None:
        end = min(end, research.forced_at + ANSWER_WITHIN)
    return now >= end
