"""What only PostgreSQL needs: connections that stop waiting by themselves, limits inside the server, and the time of
its clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import RV, PQGen

GRACE = 1.0
"""Seconds that the server has for its own end of a statement, which keeps the connection, before ours closes it."""
LONGEST_ROUND_TRIP = 1.0
"""Seconds; an answer that took longer is too imprecise to set the clock by."""


class Connection(psycopg.Connection[Any]):
    """A connection on which no wait is longer than `patience` seconds (None: any length).

    The limits inside the server, and TCP's own, do not help when the server's processes are stopped and its kernel goes
    on answering: a paused virtual machine, storage that hangs. After the deadline the connection is closed, because its
    next bytes could be the late answer to an earlier statement.
    """

    patience: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Waits for one exchange with the server; OperationalError when it does not answer in time."""
        limit = self.patience if timeout is None else timeout
        deadline = None if limit is None else time.monotonic() + limit
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            if deadline is not None and time.monotonic() >= deadline:
                self.close()
                raise psycopg.OperationalError("the server did not answer in time") from None
            raise


@dataclass(slots=True)
class ServerClock:
    """How many seconds the server's clock is ahead of this machine's, as its newest connection told."""

    machine: Callable[[], float]
    ahead: float = 0.0

    def __call__(self) -> float:
        """The server's time in epoch seconds: the same for all machines that share the database."""
        return self.machine() + self.ahead


def watch(
    engine: sa.Engine, *, connect: float, lock: float, statement: float, machine_clock: Callable[[], float]
) -> ServerClock:
    """Gives all connections of an engine their deadlines (in seconds) from now on, and returns the server's clock. An
    idle connection is tried for only `connect` seconds.
    """
    clock = ServerClock(machine_clock)
    limits = {"lock_timeout": lock, "statement_timeout": statement, "idle_in_transaction_session_timeout": 60.0}

    def do_connect(
        _dialect: Any, _record: Any, arguments: Sequence[Any], options: MutableMapping[str, Any]
    ) -> Connection:
        return Connection.connect(*arguments, **options)

    def on_connect(connection: Connection, _record: Any) -> None:
        connection.patience = connect
        _begin(connection, limits, clock)

    def on_checkout(connection: Connection, _record: Any, _fairy: Any) -> None:
        connection.patience = statement + GRACE

    def on_checkin(connection: Connection | None, _record: Any) -> None:
        # None for one that was closed meanwhile.
        if connection is not None:
            connection.patience = connect

    sa.event.listen(engine, "do_connect", do_connect)
    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "checkout", on_checkout)
    sa.event.listen(engine, "checkin", on_checkin)
    return clock


def _begin(connection: Connection, limits: Mapping[str, float], clock: ServerClock) -> None:
    """Sets the limits of a new connection and asks it for the time."""
    # Not among the parameters of the connection: connection poolers refuse those. A transaction left open by a machine
    # that is gone would keep a lookup's row locked.
    statement = f"SELECT {', '.join('set_config(%s, %s, false)' for _ in limits)}"
    parameters = [text for name, seconds in limits.items() for text in (name, str(round(seconds * 1000)))]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        asked_at, asked = clock.machine(), time.monotonic()
        row = cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        took = time.monotonic() - asked
    connection.commit()
    if row is not None and took <= LONGEST_ROUND_TRIP:
        clock.ahead = row[0] - (asked_at + took / 2)


def without_limits(connection: sa.Connection) -> None:
    """Lifts all limits of this transaction, to bring the schema up to date or wait while another process does."""
    for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    driver = connection.connection.driver_connection
    if isinstance(driver, Connection):
        driver.patience = None


def liveness(url: str, *, connect: int, statement: float) -> dict[str, Any]:
    """libpq's parameters that end a wait for a machine that is gone. Those that the URL sets stay as they are."""
    wanted = {"connect_timeout": connect, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
    wanted["tcp_user_timeout"] = round(statement * 1000)
    return {name: value for name, value in wanted.items() if name not in sa.make_url(url).query}
