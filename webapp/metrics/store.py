"""What the database knows of all processes on all machines: the rate limit, queues, workers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.batches.batch import UNFINISHED_ROWS, BatchState
from webapp.batches.schema import batch_row_table, batch_table
from webapp.database import DatabaseUnavailable
from webapp.health.heartbeats import SAID_TO_BE_ALIVE_FOR
from webapp.health.schema import worker_table
from webapp.lookups.lifecycle import ACTIVE
from webapp.lookups.schema import lookup_table
from webapp.quotas.schema import allowance_table

DAY = 86_400.0

_batch, _batch_row, _lookup, _limit = batch_table.c, batch_row_table.c, lookup_table.c, allowance_table.c


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Counts, and moments in epoch seconds. `limit` is 0 while Hum has stated none; `batch_moved_at` is when a row of a
    running batch last began or ended; `rows` are those that running batches still have to look up, by state.
    """

    lookups_asked_about: int
    workers_alive: int
    limit: int
    limit_left: int
    paused_until: float
    rows: dict[str, int]
    oldest_batch_at: float | None
    batch_moved_at: float | None


class MetricsStore:
    """Reads the figures of one environment."""

    def __init__(self, engine: sa.Engine, environment: str) -> None:
        self._engine = engine
        self._environment = environment

    def figures(self, now: float) -> StoredFigures | None:
        """The figures at `now` (epoch seconds); None where the database does not answer."""
        try:
            with self._engine.connect() as connection:
                return self._read(connection, now)
        except DatabaseUnavailable:
            return None

    def _read(self, connection: sa.Connection, now: float) -> StoredFigures:
        asked_about = sa.select(sa.func.count()).where(
            _lookup.environment == self._environment,
            _lookup.created_at > now - DAY,
            _lookup.state.in_([state.value for state in ACTIVE]),
            _lookup.next_poll_at.is_not(None),
        )
        alive = sa.select(sa.func.count()).where(worker_table.c.seen_at >= now - SAID_TO_BE_ALIVE_FOR)
        limit = sa.select(_limit.most, _limit.remaining, _limit.reset_at, _limit.pause_until)
        found = connection.execute(limit.where(_limit.environment == self._environment)).first()
        most, left, paused_until = 0, 0, 0.0
        if found is not None:
            # A window that has ended begins anew with the next call.
            most, paused_until = found.most, found.pause_until
            left = found.most if found.reset_at <= now else max(0, found.remaining)
        running = (_batch.state == BatchState.RUNNING.value, _batch.environment == self._environment)
        unfinished = _batch_row.state.in_([state.value for state in UNFINISHED_ROWS])
        of_running = sa.select(_batch_row.state, sa.func.count()).join(batch_table, _batch.id == _batch_row.batch_id)
        of_running = of_running.where(*running, unfinished).group_by(_batch_row.state)
        moves = sa.select(sa.func.max(_batch_row.begun_at), sa.func.max(_batch_row.ended_at))
        moves = moves.join(batch_table, _batch.id == _batch_row.batch_id).where(*running)
        times = sa.select(sa.func.min(_batch.started_at), sa.func.max(_batch.started_at)).where(*running)
        oldest, newest = connection.execute(times).one()
        moved = [moment for moment in (*connection.execute(moves).one(), newest) if moment is not None]
        return StoredFigures(
            connection.execute(asked_about).scalar_one(),
            connection.execute(alive).scalar_one(),
            most,
            left,
            paused_until,
            {row.state: row[1] for row in connection.execute(of_running)},
            oldest,
            max(moved, default=None),
        )
