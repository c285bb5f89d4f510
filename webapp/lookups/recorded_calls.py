"""Recorded calls: what a lookup asked Hum and what came back, as the API console shows it. Masked before it gets
here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.database import writing
from webapp.lookups.schema import call_table
from webapp.upstream.call import Call

MOST_BODY_CHARACTERS = 64 * 1024
"""Of each body that is kept: sixty providers of sixty plans would otherwise cost half a megabyte a poll."""

_CALL_COLUMNS = ("operation", "method", "path", "status", "started_at", "milliseconds", "request_body", "size", "error")


class TurnKind(StrEnum):
    """Why a vendor was asked: the form was sent, a poll was due, or a person pressed *Stop* or *Check for more plans*.
    The calls of `RESEARCH` went to H Company, all others to Hum.
    """

    START = "start"
    POLL = "poll"
    STOP = "stop"
    CHECK = "check"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class Turn:
    """One piece of our work in which Hum was asked once or more. `started_at` is in epoch seconds; `milliseconds`
    include the calls.
    """

    kind: TurnKind
    started_at: float
    milliseconds: int


@dataclass(slots=True)
class RecordedTurn:
    """What a turn that is under way has asked Hum so far. `started` is a moment of the monotonic clock.

    `stored` is set by whoever has stored the calls, so that they are stored once.
    """

    lookup_id: str
    kind: TurnKind
    started_at: float
    started: float
    calls: list[Call] = field(default_factory=list)
    stored: bool = False

    def rows(self, ended: float) -> list[dict[str, Any]]:
        """One row for each call of a turn that ends now, at `ended` on the monotonic clock."""
        turn = Turn(self.kind, self.started_at, round((ended - self.started) * 1000))
        return call_rows(self.lookup_id, turn, self.calls)


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call as stored. `id` grows in the order of storing; `cut` says that the answer's body was longer than what is
    kept.
    """

    id: int
    turn: Turn
    call: Call
    cut: bool


class CallStore:
    """Reads, writes and deletes recorded calls."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Stores the calls of a turn, as `call_rows` makes them."""
        with writing(self._engine) as connection:
            insert_calls(connection, rows)

    def of_lookup(self, lookup_id: str) -> tuple[RecordedCall, ...]:
        """All calls of a lookup in order. Whose lookup it is must have been asked before."""
        statement = sa.select(call_table).where(call_table.c.lookup_id == lookup_id).order_by(call_table.c.id)
        with self._engine.connect() as connection:
            return tuple(_from_row(row) for row in connection.execute(statement).mappings())

    def newest_headers(self) -> tuple[float, Mapping[str, str]] | None:
        """When the newest call to Hum, of all lookups, ended (epoch seconds) and its answer's headers; None without
        any.
        """
        columns = (call_table.c.started_at, call_table.c.milliseconds, call_table.c.response_headers)
        of_hum = sa.select(*columns).where(call_table.c.turn != TurnKind.RESEARCH.value)
        with self._engine.connect() as connection:
            row = connection.execute(of_hum.order_by(call_table.c.id.desc()).limit(1)).first()
        return None if row is None else (row.started_at + row.milliseconds / 1000, json.loads(row.response_headers))

    def prune(self, before: float, most: int) -> int:
        """Deletes calls that began before `before` (epoch seconds), the oldest first, at most `most`; returns how
        many.
        """
        oldest = (
            sa.select(call_table.c.id)
            .where(call_table.c.started_at < before)
            .order_by(call_table.c.started_at)
            .limit(most)
        )
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(call_table).where(call_table.c.id.in_(oldest))).rowcount


def call_rows(lookup_id: str, turn: Turn, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The calls of a turn as they are stored."""
    return [_to_row(lookup_id, turn, call) for call in calls]


def insert_calls(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Stores the calls of a turn in the caller's transaction."""
    if rows:
        connection.execute(sa.insert(call_table), list(rows))


def _to_row(lookup_id: str, turn: Turn, call: Call) -> dict[str, Any]:
    return {
        "lookup_id": lookup_id,
        "turn": turn.kind.value,
        "turn_started_at": turn.started_at,
        "turn_milliseconds": turn.milliseconds,
        **{name: getattr(call, name) for name in _CALL_COLUMNS},
        "request_headers": json.dumps(dict(call.request_headers)),
        "response_headers": json.dumps(dict(call.response_headers)),
        "response_body": call.response_body[:MOST_BODY_CHARACTERS],
        "cut": len(call.response_body) > MOST_BODY_CHARACTERS,
    }


def _from_row(row: Mapping[Any, Any]) -> RecordedCall:
    call = Call(
        **{name: row[name] for name in _CALL_COLUMNS},
        request_headers=json.loads(row["request_headers"]),
        response_headers=json.loads(row["response_headers"]),
        response_body=row["response_body"],
    )
    return RecordedCall(
        row["id"], Turn(TurnKind(row["turn"]), row["turn_started_at"], row["turn_milliseconds"]), call, row["cut"]
    )
