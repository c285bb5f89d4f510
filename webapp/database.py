"""The database: engine, shared metadata, SQLite's pragmas, and bringing the schema up to date. SQLite and PostgreSQL alike."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 4_807_526_976

Unavailable = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
"""What a statement raises when the database is locked, gone, full or read-only."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def open_engine(url: str, *, pool_size: int = 16) -> sa.Engine:
    """An engine with a pool for `pool_size` threads. SQLite runs in WAL mode and waits up to 5 s for a lock."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args={"timeout": 5}, pool_size=pool_size, max_overflow=pool_size)
        sa.event.listen(engine, "connect", _set_pragmas)
        return engine
    return sa.create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_timeout=5)


def answers(engine: sa.Engine) -> bool:
    """Whether the database can be used right now."""
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except Unavailable:
        return False
    return True


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    _switch_to_wal(cursor)
    # NORMAL in WAL mode survives a killed process; only a power cut can lose the last commits, never corrupt the file.
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    """The switch of a new file needs it alone and does not wait for that by itself, unlike every later statement."""
    for _ in range(50):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(0.1)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def bring_up_to_date(engine: sa.Engine) -> None:
    """Runs the missing migrations, one process at a time; cheap when there are none, so every start may call it."""
    if _revision(engine) == _head():
        return
    with engine.connect() as connection:
        # Both locks end with the transaction, so a migration that fails releases them and leaves nothing half done.
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
