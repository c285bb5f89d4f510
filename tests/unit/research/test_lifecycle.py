"""What an answer or a failure makes of a research, and when H is asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from webapp.research.answers import AnswerShape, read_answer
from webapp.research.errors import (
    AgentError,
    KeyRefused,
    NoCapacity,
    RequestRefused,
    SessionUnknown,
    StillInFlight,
    Unavailable,
)
from webapp.research.lifecycle import (
    ANSWER_WITHIN,
    ENDED_AFTER,
    FORCED_AFTER,
    POLL_EACH,
    Reason,
    Research,
    State,
    after_failure,
    begun,
    learn_changes,
    learn_session,
    must_answer_now,
    must_end_now,
)
from webapp.research.operations import CHANGES, CREATE
from webapp.research.sessions import AgentSession, AgentStatus, Changes
from webapp.research.task import Caps

NOW = 1_790_000_000.0
STARTING = begun("lookup", 1, 2, NOW, 40.0)
RUNNING = learn_session(STARTING, AgentSession("session-id", AgentStatus.PENDING), NOW)
LISTED = read_answer({"providers": [{"name": "X"}]})
NONE = read_answer(None)


def told(status: AgentStatus, answer: object = None, **facts: object) -> Changes:
    return Changes(status, read_answer(answer), 0, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "answer", "state", "reason", "holds_place"),
    [
        (AgentStatus.QUEUED, None, State.RUNNING, None, True),
        (AgentStatus.PENDING, None, State.RUNNING, None, True),
        (AgentStatus.RUNNING, None, State.RUNNING, None, True),
        (AgentStatus.UNKNOWN, None, State.RUNNING, None, True),
        (AgentStatus.IDLE, [], State.DONE, None, True),
        (AgentStatus.IDLE, None, State.FAILED, Reason.AGENT, True),
        (AgentStatus.PAUSED, None, State.FAILED, Reason.AGENT, True),
        (AgentStatus.AWAITING_TOOL_RESULTS, None, State.FAILED, Reason.AGENT, True),
        (AgentStatus.COMPLETED, [], State.DONE, None, False),
        (AgentStatus.COMPLETED, None, State.FAILED, Reason.AGENT, False),
        (AgentStatus.FAILED, None, State.FAILED, Reason.AGENT, False),
        (AgentStatus.FAILED, [], State.DONE, None, False),
        (AgentStatus.TIMED_OUT, None, State.FAILED, Reason.TOO_LONG, False),
        (AgentStatus.TIMED_OUT, [], State.DONE, None, False),
        (AgentStatus.INTERRUPTED, None, State.FAILED, Reason.AGENT, False),
    ],
)
def test_every_status_leads_on(
    status: AgentStatus, answer: object, state: State, reason: Reason | None, holds_place: bool
) -> None:
    after = learn_changes(RUNNING, told(status, answer), NOW + 8)
    assert (after.state, after.reason, after.slot is not None) == (state, reason, holds_place)
    assert (after.next_poll_at is None) == (not after.active)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"error_code": "insufficient_credit"}, Reason.CREDIT),
        ({"error_code": "timeout"}, Reason.TOO_LONG),
        ({"error_code": "environment_error"}, Reason.AGENT),
        ({"error_code": "internal"}, Reason.AGENT),
        ({"error_code": "no_answer"}, Reason.AGENT),
        ({"error_code": "answer_validation"}, Reason.AGENT),
        ({"error_code": "something new"}, Reason.AGENT),
        ({"outcome": "blocked"}, Reason.BLOCKED),
        ({"outcome": "infeasible"}, Reason.BLOCKED),
        ({"outcome": "partial"}, Reason.AGENT),
    ],
)
def test_why_an_agent_failed_is_told_as_far_as_it_says(facts: dict[str, str], reason: Reason) -> None:
    assert learn_changes(RUNNING, told(AgentStatus.FAILED, **facts), NOW).reason is reason


@pytest.mark.parametrize(
    ("research", "error", "state", "reason", "wait", "holds_place"),
    [
        (STARTING, StillInFlight(CREATE, 409, 3.0), State.STARTING, None, 3.0, True),
        (STARTING, Unavailable(CREATE, 503), State.STARTING, Reason.UNAVAILABLE, 2.0, True),
        (STARTING, KeyRefused(CREATE, 401), State.FAILED, Reason.KEY, None, False),
        (STARTING, NoCapacity(CREATE, 429), State.FAILED, Reason.CAPACITY, None, False),
        (STARTING, RequestRefused(CREATE, 422), State.FAILED, Reason.REFUSED, None, False),
        (STARTING, SessionUnknown(CREATE, 404), State.FAILED, Reason.REFUSED, None, False),
        (RUNNING, Unavailable(CHANGES, 502), State.RUNNING, Reason.UNAVAILABLE, 2.0, True),
        (RUNNING, NoCapacity(CHANGES, 429), State.RUNNING, Reason.UNAVAILABLE, 2.0, True),
        (RUNNING, KeyRefused(CHANGES, 401), State.FAILED, Reason.KEY, None, True),
        (RUNNING, RequestRefused(CHANGES, 400), State.FAILED, Reason.REFUSED, None, True),
        (RUNNING, SessionUnknown(CHANGES, 404), State.FAILED, Reason.GONE, None, False),
    ],
)
def test_every_failure_has_its_price(
    research: Research, error: AgentError, state: State, reason: Reason | None, wait: float | None, holds_place: bool
) -> None:
    after = after_failure(research, error, NOW)
    assert (after.state, after.reason, after.slot is not None) == (state, reason, holds_place)
    assert after.next_poll_at == (None if wait is None else NOW + wait)


def test_the_third_failure_in_a_row_ends_it_and_an_answer_in_between_does_not_count() -> None:
    research, waits = RUNNING, []
    for _ in range(2):
        research = after_failure(research, Unavailable(CHANGES), NOW)
        waits.append((research.next_poll_at or 0) - NOW)
    assert waits == [2.0, 4.0]
    assert after_failure(research, Unavailable(CHANGES), NOW).state is State.FAILED
    heard = learn_changes(research, None, NOW)
    assert (heard.failures, heard.reason) == (0, None)
    assert after_failure(heard, Unavailable(CHANGES), NOW).state is State.RUNNING


def test_a_create_that_may_have_arrived_keeps_its_place_when_given_up() -> None:
    research = STARTING
    for _ in range(3):
        research = after_failure(research, Unavailable(CREATE), NOW)
    assert (research.state, research.slot) == (State.FAILED, 2)


def test_nothing_known_is_forgotten() -> None:
    known = learn_changes(RUNNING, told(AgentStatus.RUNNING, {"providers": []}, steps=7, cost=0.2), NOW)
    later = learn_changes(known, told(AgentStatus.RUNNING, steps=3, cost=None), NOW + 4)
    assert (later.steps, later.cost, later.answer.shape) == (7, 0.2, AnswerShape.LIST)
    assert learn_changes(later, None, NOW + 8).next_poll_at == NOW + 8 + POLL_EACH


@pytest.mark.parametrize(
    ("changes", "seconds", "forced", "end"),
    [
        ({}, 0.0, False, False),
        ({}, 90 + FORCED_AFTER - 0.1, False, False),
        ({}, 90 + FORCED_AFTER, True, False),
        ({}, 90 + ENDED_AFTER, True, True),
        ({"cost": 0.49}, 5.0, False, False),
        ({"cost": 0.5}, 5.0, True, False),
        ({"cost": 0.9, "forced_at": NOW + 5}, 6.0, False, False),
        ({"forced_at": NOW + 5}, 5.0 + ANSWER_WITHIN, False, True),
    ],
)
def test_time_and_cost_are_capped(changes: dict[str, float], seconds: float, forced: bool, end: bool) -> None:
    research = replace(RUNNING, **changes)
    assert must_answer_now(research, Caps(), NOW + seconds) is forced
    assert must_end_now(research, Caps(), NOW + seconds) is end
