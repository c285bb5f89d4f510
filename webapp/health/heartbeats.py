"""Which workers are alive: each writes when it was last alive, by the clock that all machines share."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

from webapp.database import DatabaseUnavailable, writing
from webapp.health.schema import worker_table

BEAT_EACH = 5.0
"""Seconds between two signs of life of a worker."""
DEAD_AFTER = 30.0
"""Seconds without one after which others take over what a worker had begun."""
SAID_TO_BE_ALIVE_FOR = 60.0
"""Seconds for which pages say that a worker is there."""
FORGOTTEN_AFTER = 3600.0

_workers = worker_table.c


class Heartbeats:
    """Written by workers, read by them and by pages."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def beat(self, worker_id: str) -> None:
        """This worker is alive. Workers that were last seen an hour ago are forgotten."""
        now = self._clock()
        renew = sa.update(worker_table).where(_workers.id == worker_id).values(seen_at=now)
        with writing(self._engine) as connection:
            if not connection.execute(renew).rowcount:
                connection.execute(sa.insert(worker_table).values(id=worker_id, seen_at=now))
            connection.execute(sa.delete(worker_table).where(_workers.seen_at < now - FORGOTTEN_AFTER))

    def leave(self, worker_id: str) -> None:
        """This worker ends."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(worker_table).where(_workers.id == worker_id))

    def living(self) -> frozenset[str]:
        """The ids of the workers that need not be taken over from."""
        alive = sa.select(_workers.id).where(_workers.seen_at >= self._clock() - DEAD_AFTER)
        with self._engine.connect() as connection:
            return frozenset(connection.execute(alive).scalars())

    def is_worker_alive(self) -> bool | None:
        """Whether any worker was alive in the last minute; None where the database does not tell."""
        seen_lately = _workers.seen_at >= self._clock() - SAID_TO_BE_ALIVE_FOR
        try:
            with self._engine.connect() as connection:
                return connection.execute(sa.select(_workers.id).where(seen_lately).limit(1)).first() is not None
        except DatabaseUnavailable:
            return None
