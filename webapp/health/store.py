"""Rows of pings, and what the other tables tell about Hum as a whole: failed calls and the newest data set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.database import DatabaseUnavailable, is_available, writing
from webapp.health.schema import heartbeat_table, ping_table
from webapp.lookups.schema import call_table, lookup_table

FILLER = 9_000
"""Characters of a heartbeat: about a lookup with some providers, and more than two pages, which a full database may
have left over.
"""


@dataclass(frozen=True, slots=True)
class Pinged:
    """The newest answer to a ping; None where it did not tell. `asked_at` is in epoch seconds."""

    asked_at: float
    answers: bool
    key_accepted: bool | None
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """One call of Hum that failed: `error` is a short word where no usable answer came, else `status` tells."""

    at: float
    operation: str
    status: int | None
    error: str | None


class HealthStore:
    """Reads and writes pings, reads the rest. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def is_available(self) -> bool:
        """Whether the database can be read and says that it can be written to."""
        return is_available(self._engine)

    def beat(self) -> bool:
        """Whether something can be saved: writes as much as a lookup takes, and deletes it again. Nothing less reveals
        a full disk.
        """
        row = {"id": secrets.token_hex(16), "filler": secrets.token_hex(FILLER // 2)}
        try:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(heartbeat_table).values(row))
                connection.execute(sa.delete(heartbeat_table).where(heartbeat_table.c.id == row["id"]))
        except DatabaseUnavailable:
            return False
        return True

    def claim(self, environment: str, now: float, next_at: float) -> bool:
        """Takes the right to ping now; False until the `next_at` (epoch seconds) of the last request that took it."""
        due = (ping_table.c.environment == environment, ping_table.c.next_at <= now)
        try:
            with writing(self._engine) as connection:
                if connection.execute(sa.update(ping_table).where(*due).values(next_at=next_at)).rowcount:
                    return True
                if connection.execute(
                    sa.select(ping_table.c.next_at).where(ping_table.c.environment == environment)
                ).first():
                    return False
                connection.execute(sa.insert(ping_table).values(environment=environment, next_at=next_at))
        except sa.exc.IntegrityError:
            return False
        return True

    def put(self, environment: str, pinged: Pinged) -> None:
        """Stores the answer."""
        values = {name: getattr(pinged, name) for name in ("asked_at", "answers", "key_accepted", "milliseconds")}
        with writing(self._engine) as connection:
            connection.execute(sa.update(ping_table).where(ping_table.c.environment == environment).values(values))

    def newest(self, environment: str) -> Pinged | None:
        """The newest answer; None before the first."""
        columns = (ping_table.c.asked_at, ping_table.c.answers, ping_table.c.key_accepted, ping_table.c.milliseconds)
        answered = (ping_table.c.environment == environment, ping_table.c.asked_at.is_not(None))
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns).where(*answered)).first()
        if row is None:
            return None
        return Pinged(*row)

    def failures(self, since: float, most: int) -> tuple[Failure, ...]:
        """The newest recorded calls that failed after `since` (epoch seconds), at most `most`. Waiting (202) is not a
        failure.
        """
        columns = (call_table.c.started_at, call_table.c.operation, call_table.c.status, call_table.c.error)
        failed = sa.or_(call_table.c.error.is_not(None), call_table.c.status >= 400)
        statement = (
            sa.select(*columns)
            .where(call_table.c.started_at >= since, failed)
            .order_by(call_table.c.started_at.desc())
            .limit(most)
        )
        with self._engine.connect() as connection:
            return tuple(Failure(*row) for row in connection.execute(statement))

    def data_set(self, environment: str) -> str | None:
        """The data set that the newest answered lookup came from."""
        answered = (lookup_table.c.environment == environment, lookup_table.c.data_set.is_not(None))
        statement = (
            sa.select(lookup_table.c.data_set).where(*answered).order_by(lookup_table.c.created_at.desc()).limit(1)
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar()
