"""The database: engine, shared metadata, transactions that write, and bringing the schema up to date. SQLite and
PostgreSQL alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from webapp.database import postgres, sqlite

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_UPGRADE_LOCK = 4_807_526_976
_WRITE_LOCK, _LONGEST_WAIT, _CLOCK = "write_lock", "longest_wait_for_a_lock", "clock"
_READ_CLOCK_AFTER = 600
"""Seconds after which a connection to PostgreSQL is replaced by a new one, which reads the server's clock."""

DatabaseUnavailable = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
"""What a statement raises when the database is locked, gone, full, read-only or damaged."""

# Troubles that the drivers report as other errors: besides SQLite's damage, these SQLSTATEs of PostgreSQL.
_POSTGRES_TROUBLES = frozenset({"25006", "XX001", "XX002"})  # read-only, damaged table, damaged index

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which a thread stops waiting: for a new connection, a lock, the end of a statement, a connection
    out of the pool.
    """

    connect: int = 3
    lock: float = 5.0
    statement: float = 15.0
    pool: float = 5.0


WAITS = Timeouts()


def open_engine(
    url: str, *, pool_size: int = 16, waits: Timeouts = WAITS, machine_clock: Callable[[], float] = time.time
) -> sa.Engine:
    """An engine with a pool for `pool_size` threads, and as many again at busy moments. Every wait for it has a
    timeout.

    SQLite runs in WAL mode, and only on the file it began with: when that file is moved away, statements fail instead
    of filling a new one. `machine_clock` tells this machine's time in epoch seconds, which `clock_of` sets right.
    """
    pool = {"pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": waits.pool}
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args={"timeout": sqlite.SHORT_WAIT}, **pool)
        sqlite.SqliteFileGuard(Path(engine.url.database or "").resolve()).watch(engine)
        sa.event.listen(engine, "connect", sqlite.set_pragmas(waits.lock))
        engine.update_execution_options(**{_WRITE_LOCK: Lock(), _LONGEST_WAIT: waits.lock, _CLOCK: machine_clock})
    else:
        arguments = postgres.liveness(url, connect=waits.connect, statement=waits.statement)
        engine = sa.create_engine(
            url, connect_args=arguments, pool_pre_ping=True, pool_recycle=_READ_CLOCK_AFTER, **pool
        )
        seconds = {"connect": waits.connect, "lock": waits.lock, "statement": waits.statement}
        engine.update_execution_options(**{_CLOCK: postgres.watch(engine, **seconds, machine_clock=machine_clock)})
    sa.event.listen(engine, "handle_error", _name_by_meaning, retval=True)
    return engine


def clock_of(engine: sa.Engine) -> Callable[[], float]:
    """The time, in epoch seconds, by which leases and polling windows are compared: that of the PostgreSQL server,
    whose clock is the one that all machines share. A SQLite file belongs to one machine, whose own clock it is.
    """
    clock: Callable[[], float] = engine.get_execution_options()[_CLOCK]
    return clock


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes: committed at the end, rolled back by an exception.

    Where the database takes only one writer at a time, the threads of a process wait for each other here, without
    holding a connection, and for those of other processes when they begin the transaction. PostgreSQL orders writers by
    itself.
    """
    options = engine.get_execution_options()
    lock: Lock | None = options.get(_WRITE_LOCK)
    if lock is None:
        with engine.begin() as connection:
            yield connection
        return
    if not lock.acquire(timeout=options[_LONGEST_WAIT]):
        raise sa.exc.TimeoutError("another thread did not end its transaction in time")
    try:
        with engine.begin() as connection:
            sqlite.begin_to_write(connection.exec_driver_sql, patience=options[_LONGEST_WAIT])
            yield connection
    finally:
        lock.release()


def is_available(engine: sa.Engine) -> bool:
    """Whether lookups can be read and saved right now, as far as that can be known without saving one."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                sqlite.begin_to_write(
                    connection.exec_driver_sql, patience=engine.get_execution_options()[_LONGEST_WAIT]
                )
                connection.exec_driver_sql("SELECT count(*) FROM alembic_version")
                return True
            return connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"
    except DatabaseUnavailable:
        return False


def _name_by_meaning(context: sa.engine.ExceptionContext) -> BaseException | None:
    """SQLAlchemy's error, or an OperationalError in place of one under which a driver hides trouble of the database."""
    named = context.sqlalchemy_exception
    error = context.original_exception
    damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in sqlite.DAMAGED
    if named is None or not (damaged or getattr(error, "sqlstate", "") in _POSTGRES_TROUBLES):
        return named
    return sa.exc.OperationalError(named.statement, None, error, connection_invalidated=context.is_disconnect)


def set_aside_if_damaged(url: str, now: float) -> Path | None:
    """Moves a damaged SQLite file out of the way and returns its new path; None when nothing was moved. Call it only in
    the process that starts all others.

    The app could not work with the file, but a person may still save its contents. A PostgreSQL server looks after its
    own files.
    """
    found = sa.make_url(url)
    path = Path(found.database or "")
    if found.get_backend_name() != "sqlite" or not sqlite.is_damaged(path):
        return None
    return sqlite.set_aside(path, now)


def bring_up_to_date(engine: sa.Engine) -> None:
    """Runs the missing migrations, one process at a time; cheap when there are none, so every start may call it."""
    if _revision(engine) == _head():
        return
    with engine.connect() as connection:
        # Both locks end with the transaction, so a migration that fails releases them and leaves nothing half done.
        if engine.dialect.name == "postgresql":
            postgres.without_limits(connection)
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        else:
            sqlite.begin_to_write(connection.exec_driver_sql, patience=engine.get_execution_options()[_LONGEST_WAIT])
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@cache
def _head() -> str | None:
    """The newest revision, which stays the same while a program runs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
