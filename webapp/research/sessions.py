"""H's sessions as far as we read them, in the shapes of all versions. Enums are open: a word may be none of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.hum.readers import items, mapping, number, whole
from webapp.research.answers import WebAnswer, read_answer
from webapp.texts import clean

HIGHEST_COST = 1_000.0
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class AgentStatus(StrEnum):
    """How a session stands. `UNKNOWN` is a word that we do not know: it is treated as running."""

    QUEUED = "queued"
    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    IDLE = "idle"
    AWAITING_TOOL_RESULTS = "awaiting_tool_results"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"

    @property
    def is_terminal(self) -> bool:
        """The session is over and holds no place any more."""
        return self in _TERMINAL

    @property
    def is_settled(self) -> bool:
        """Nothing more will come by itself. An idle session has answered and still holds a place."""
        return self in _TERMINAL or self in _STUCK

    @property
    def is_waiting(self) -> bool:
        """The agent has not begun."""
        return self in {AgentStatus.QUEUED, AgentStatus.PENDING}


_BY_WORD = {status.value: status for status in AgentStatus}
_TERMINAL = frozenset({AgentStatus.COMPLETED, AgentStatus.FAILED, AgentStatus.TIMED_OUT, AgentStatus.INTERRUPTED})
# Nobody of ours pauses a session, and our agent has no tools whose results it could wait for.
_STUCK = frozenset({AgentStatus.IDLE, AgentStatus.PAUSED, AgentStatus.AWAITING_TOOL_RESULTS})


@dataclass(frozen=True, slots=True)
class AgentSession:
    """What a create call has made."""

    id: str
    status: AgentStatus


@dataclass(frozen=True, slots=True)
class Changes:
    """How a session stands. `next_index` is where the next question about changes begins.

    `steps` counts the agent's, None where H does not say; `cost` is in US dollars. `error_code` and `outcome` are
    short words of H's, "" where it says none.
    """

    status: AgentStatus
    answer: WebAnswer
    next_index: int
    steps: int | None = None
    cost: float | None = None
    error_code: str = ""
    outcome: str = ""


def is_session_id(text: object) -> bool:
    """Whether a text may stand in a path as a session's id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def read_session(body: Mapping[str, object]) -> AgentSession | None:
    """The session of a create call; None without an id that can be used."""
    session_id = body.get("id")
    if not isinstance(session_id, str) or not is_session_id(session_id):
        return None
    # The status is an object, in some answers of older versions a text.
    status = mapping(body.get("status")).get("status", body.get("status"))
    return AgentSession(session_id, _status(status))


def read_changes(body: Mapping[str, object], from_index: int) -> Changes:
    """The changes since `from_index`. `body` holds no secrets any more."""
    status = body.get("status")
    nested = mapping(status)
    metrics = mapping(body.get("metrics"))
    steps = whole(metrics.get("steps", nested.get("steps")))
    cost = number(metrics.get("total_cost"))
    return Changes(
        status=_status(nested.get("status", status)),
        answer=read_answer(body.get("answer")),
        next_index=_next_index(body, from_index),
        steps=steps if steps is not None and 0 <= steps <= 10_000 else None,
        cost=cost if cost is not None and 0 <= cost <= HIGHEST_COST else None,
        error_code=clean(body.get("error_code", nested.get("error_code")), 40),
        outcome=clean(body.get("outcome", nested.get("outcome")), 40),
    )


def _next_index(body: Mapping[str, object], from_index: int) -> int:
    first = whole(body.get("first_index"))
    if first is None or not 0 <= first <= 1_000_000:
        first = from_index
    return max(from_index, first + len(items(body.get("new_events"))))


def _status(value: object) -> AgentStatus:
    return _BY_WORD.get(clean(value).lower(), AgentStatus.UNKNOWN)
