"""Rows of traces, and what is read of lookups and calls to send them: never a street, a city, or a request's body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from webapp.database import DatabaseUnavailable, writing
from webapp.hum.operations import STATUS
from webapp.lookups.lifecycle import ACTIVE
from webapp.lookups.schema import call_table, lookup_table
from webapp.tracing.schema import trace_table
from webapp.tracing.trace import SEARCH_CHANGES, TracedCall, TracedLookup

NEVER_SENT = -1
READ = (STATUS.name, SEARCH_CHANGES)
"""Calls whose answers are read for what they say of the states and of the cost."""

_row, _lookup, _call = trace_table.c, lookup_table.c, call_table.c
_LOOKUP_PLAIN = (
    "id",
    "environment",
    "campaign_id",
    "state_code",
    "created_at",
    "outcome",
    "reason",
    "token",
    "geocoding",
    "internet",
    "data_set",
    "provider_count",
    "plan_count",
    "polls",
    "geocoded_at",
    "providers_at",
    "finished_at",
    "left_at",
)
_LOOKUP = sa.select(
    *(_lookup[name] for name in _LOOKUP_PLAIN),
    sa.func.substr(_lookup.zip, 1, 3).label("zip3"),
    (sa.func.coalesce(_lookup.street2, "") != "").label("has_unit"),
)
_CALL_PLAIN = (
    "id",
    "turn",
    "operation",
    "method",
    "path",
    "status",
    "started_at",
    "milliseconds",
    "size",
    "error",
    "response_headers",
)
_CALL = sa.select(
    *(_call[name] for name in _CALL_PLAIN),
    sa.case((_call.operation.in_(READ), _call.response_body), else_="").label("response_body"),
)


class DueTrace(NamedTuple):
    """A trace that is to be sent. `next_at` is the row's schedule as it was read; after a claim it is the lease."""

    lookup_id: str
    last_call_id: int
    failures: int
    next_at: float


class Ages(NamedTuple):
    """Moments in epoch seconds: lookups that began before `oldest` are not traced; those that ended before `ended` are
    finished; those that Hum was last asked about before `silent` are, whatever their state.
    """

    oldest: float
    ended: float
    silent: float


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """How traces stand: `waiting` are to be sent, the oldest since `oldest`; `error` is why the last failure failed."""

    waiting: int
    oldest: float | None
    last_sent_at: float | None
    sent: int
    dropped: int
    error: str | None


class TraceStore:
    """Reads and writes traces of one environment. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine, environment: str) -> None:
        self._engine = engine
        self._environment = environment

    def note_finished(self, ages: Ages, now: float, most: int) -> int:
        """Schedules lookups that have ended, or that have changed since they were sent; how many, at most `most`."""
        found = sa.select(_lookup.id, _row.lookup_id.is_not(None))
        found = found.select_from(lookup_table.outerjoin(trace_table, _row.lookup_id == _lookup.id))
        changed = sa.and_(_row.next_at.is_(None), _row.dropped_at.is_(None), _row.polls != _lookup.polls)
        of_interest = sa.and_(self._is_finished(ages), sa.or_(_row.lookup_id.is_(None), changed))
        with self._engine.connect() as connection:
            rows = connection.execute(found.where(of_interest).order_by(_lookup.created_at).limit(most)).all()
        if not rows:
            return 0
        known = [lookup_id for lookup_id, is_known in rows if is_known]
        new = [_new_row(lookup_id, now) for lookup_id, is_known in rows if not is_known]
        again = sa.update(trace_table).where(_row.lookup_id.in_(known), _row.next_at.is_(None))
        try:
            with writing(self._engine) as connection:
                connection.execute(again.values(next_at=now, waiting_since=now, failures=0))
                if new:
                    connection.execute(sa.insert(trace_table), new)
        except sa.exc.IntegrityError:
            # Another worker has noted some of them, or a person has deleted one: the rest is noted in the next round.
            return 0
        return len(rows)

    def note_again(self, lookup_id: str, *, at: float, oldest: float) -> None:
        """Sends a lookup again from `at` on, because more was found out about it; not one that began before `oldest`.
        While the database is away its trace stays as it is.
        """
        young = sa.select(_lookup.id).where(_lookup.id == lookup_id, _lookup.created_at > oldest)
        own = (_row.lookup_id.in_(young), _row.next_at.is_(None), _row.dropped_at.is_(None))
        again = sa.update(trace_table).where(*own).values(next_at=at, waiting_since=at, failures=0)
        try:
            with writing(self._engine) as connection:
                connection.execute(again)
        except DatabaseUnavailable:
            return

    def drop_old(self, ages: Ages, now: float) -> int:
        """Gives up what could not be sent of lookups that are too old by now; how many those were."""
        old = sa.select(_lookup.id).where(_lookup.created_at <= ages.oldest)
        waiting = (_row.next_at.is_not(None), _row.lookup_id.in_(old))
        with self._engine.connect() as connection:
            if connection.execute(sa.select(_row.lookup_id).where(*waiting).limit(1)).first() is None:
                return 0
        with writing(self._engine) as connection:
            drop = sa.update(trace_table).where(*waiting).values(dropped_at=now, next_at=None)
            return connection.execute(drop).rowcount

    def due(self, now: float, most: int) -> list[DueTrace]:
        """Traces to be sent now, those that wait longest first."""
        columns = (_row.lookup_id, _row.last_call_id, _row.failures, _row.next_at)
        due = sa.select(*columns).join(lookup_table, _lookup.id == _row.lookup_id)
        due = due.where(_lookup.environment == self._environment, _row.next_at <= now)
        with self._engine.connect() as connection:
            return [DueTrace(*row) for row in connection.execute(due.order_by(_row.next_at).limit(most))]

    def claim(self, trace: DueTrace, lease_until: float) -> DueTrace | None:
        """Takes the right to send it until `lease_until`; None when another worker has it."""
        with writing(self._engine) as connection:
            won = connection.execute(_still(trace).values(next_at=lease_until)).rowcount
        return trace._replace(next_at=lease_until) if won else None

    def sent(self, claimed: DueTrace, *, polls: int, last_call_id: int, now: float) -> None:
        """It was sent, as the lookup was at `polls`, with all calls up to `last_call_id`."""
        done = {"polls": polls, "last_call_id": last_call_id, "sent_at": now, "next_at": None}
        with writing(self._engine) as connection:
            connection.execute(_still(claimed).values(**done, failures=0, error=None))

    def failed(self, claimed: DueTrace, error: str, *, next_at: float) -> None:
        """It was not sent, and is to be tried again at `next_at`."""
        after = {"failures": claimed.failures + 1, "error": error, "next_at": next_at}
        with writing(self._engine) as connection:
            connection.execute(_still(claimed).values(after))

    def lookup(self, lookup_id: str) -> TracedLookup | None:
        """The lookup, without its address; None when it was deleted."""
        with self._engine.connect() as connection:
            row = connection.execute(_LOOKUP.where(_lookup.id == lookup_id)).mappings().first()
        return None if row is None else TracedLookup(**{**row, "has_unit": bool(row["has_unit"])})

    def calls(self, lookup_id: str) -> list[TracedCall]:
        """The lookup's calls in order; none where they are not kept."""
        with self._engine.connect() as connection:
            rows = connection.execute(_CALL.where(_call.lookup_id == lookup_id).order_by(_call.id)).mappings().all()
        return [_call_of(row) for row in rows]

    def newest_sent_of(self, viewer: str) -> str | None:
        """The id of this viewer's newest lookup that was sent."""
        own = sa.select(_lookup.id).join(trace_table, _row.lookup_id == _lookup.id)
        own = own.where(_lookup.viewer == viewer, _lookup.environment == self._environment, _row.sent_at.is_not(None))
        with self._engine.connect() as connection:
            return connection.execute(own.order_by(_lookup.created_at.desc()).limit(1)).scalar()

    def summary(self) -> TraceSummary:
        """How the traces of all kept lookups stand."""
        waiting = sa.select(sa.func.count(), sa.func.min(_row.waiting_since)).where(_row.next_at.is_not(None))
        sent = sa.select(sa.func.count(), sa.func.max(_row.sent_at)).where(_row.sent_at.is_not(None))
        dropped = sa.select(sa.func.count()).where(_row.dropped_at.is_not(None))
        failed = sa.select(_row.error).where(_row.next_at.is_not(None), _row.error.is_not(None))
        with self._engine.connect() as connection:
            count, oldest = connection.execute(waiting).one()
            sent_count, last_sent_at = connection.execute(sent).one()
            return TraceSummary(
                count,
                oldest,
                last_sent_at,
                sent_count,
                connection.execute(dropped).scalar_one(),
                connection.execute(failed.order_by(_row.next_at.desc()).limit(1)).scalar(),
            )

    def _is_finished(self, ages: Ages) -> sa.ColumnElement[bool]:
        """Ended a moment ago, so that the calls of the end are stored; or paused for as long as Hum keeps a session, so
        that nobody can go on with it. A poll that is under way will be written soon.
        """
        is_active = _lookup.state.in_([state.value for state in ACTIVE])
        last_asked = sa.func.coalesce(_lookup.answered_at, _lookup.created_at)
        has_ended = sa.and_(sa.not_(is_active), sa.func.coalesce(_lookup.finished_at, last_asked) <= ages.ended)
        return sa.and_(
            _lookup.environment == self._environment,
            _lookup.created_at > ages.oldest,
            sa.or_(has_ended, last_asked <= ages.silent),
            sa.or_(_lookup.claimed_at.is_(None), _lookup.claimed_at <= ages.ended),
        )


def _still(trace: DueTrace) -> sa.Update:
    """Changes the row as it was read: one that anybody has claimed since has another `next_at`."""
    return sa.update(trace_table).where(_row.lookup_id == trace.lookup_id, _row.next_at == trace.next_at)


def _new_row(lookup_id: str, now: float) -> dict[str, Any]:
    return {
        "lookup_id": lookup_id,
        "polls": NEVER_SENT,
        "last_call_id": 0,
        "next_at": now,
        "waiting_since": now,
        "failures": 0,
    }


def _call_of(row: Mapping[Any, Any]) -> TracedCall:
    headers = json.loads(row["response_headers"])
    return TracedCall(**{**{str(name): value for name, value in row.items()}, "response_headers": headers})
