"""What only SQLite needs: a guard over its one file, its pragmas, and a turn among the processes that write."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, MutableMapping, MutableSequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

SHORT_WAIT = 0.02
"""Seconds for which SQLite itself waits for a lock, and the whole process with it: a few dozen transactions."""
PAUSE = 0.02
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""Result codes of a file that is damaged or not a database; every other failure may pass by itself."""


def begin_to_write(run: Callable[[str], object], *, patience: float) -> None:
    """Begins a transaction that may write, as soon as no other process is in one; raises what `run` raises after
    `patience` seconds.

    SQLite's own way to wait sleeps inside the library, where no other request of this process could go on meanwhile:
    right for the millisecond that another worker needs, wrong for anything longer. Once the transaction has begun, none
    of its statements has to wait.
    """
    give_up_at = time.monotonic() + patience
    while True:
        try:
            run("BEGIN IMMEDIATE")
        except (sqlite3.OperationalError, sa.exc.OperationalError) as error:
            if not _is_busy(getattr(error, "orig", error)) or time.monotonic() >= give_up_at:
                raise
            time.sleep(PAUSE)
        else:
            return


def _is_busy(error: object) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


class NotCopied(Exception):
    """No copy was made; the message is SQLite's."""


class SqliteFileGuard:
    """Keeps an engine on the SQLite file of its first connection. Connections to a file that was moved or replaced are
    given up.

    SQLite itself would go on in the file that was moved away, or begin an empty one in its place, and lookups would be
    lost either way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = False

    def watch(self, engine: sa.Engine) -> None:
        """Guards all connections of an engine from now on."""
        sa.event.listen(engine, "do_connect", self._never_begin_another)
        sa.event.listen(engine, "connect", self._remember)
        sa.event.listen(engine, "checkout", self._compare)

    def _never_begin_another(
        self, _dialect: Any, _record: Any, arguments: MutableSequence[Any], options: MutableMapping[str, Any]
    ) -> None:
        if not self._begun:
            _make_private(self._path)
        else:
            arguments[:] = [f"file:{quote(str(self._path))}?mode=rw"]
            options["uri"] = True

    def _remember(self, _connection: Any, record: Any) -> None:
        self._begun = True
        record.info["file"] = self._identity()

    def _compare(self, _connection: Any, record: Any, _fairy: Any) -> None:
        if record.info["file"] != self._identity():
            raise sa.exc.DisconnectionError("the SQLite file was moved or replaced")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """Creates the file, if it is not there, for its owner only, because it will hold addresses; SQLite gives its log
    the same mode.

    A file that is there keeps its mode. It is not even opened: closing it would end SQLite's own locks on it.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        # There already, or in a place where no file can be created: SQLite will say so itself.
        return


def set_pragmas(patience: float) -> Any:
    """Makes every new connection ready; `patience` in seconds."""

    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        _switch_to_wal(cursor, patience)
        # NORMAL in WAL mode survives a killed process; only a power cut can lose the last commits, never corrupt the
        # file. What is deleted is overwritten, as on most builds of SQLite anyway: an address must not outlive its row
        # in a free page.
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return set_pragmas


def know_parts_of_a_second() -> None:
    """Gives each new connection `unixepoch('subsec')`, which is NULL before SQLite 3.42. DBOS asks for it on Python
    3.12 and newer, and one that was built on Debian 12 has SQLite 3.40.
    """
    sa.event.listen(sa.Engine, "connect", _add_unixepoch)


def _add_unixepoch(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection) and sqlite3.sqlite_version_info < (3, 42):
        connection.create_function("unixepoch", 1, lambda asked: round(time.time(), 3) if asked == "subsec" else None)


def _switch_to_wal(cursor: Any, patience: float) -> None:
    """Switching a new file to WAL needs exclusive access, and SQLite does not wait for that, unlike in later
    statements.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def is_damaged(path: Path) -> bool:
    """Whether SQLite finds a fault in any page of a database file. False when there is no file, or none that can be
    opened now.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=rw", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return bool(found != "ok")
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF in DAMAGED


def copy(path: Path, target: Path) -> None:
    """Writes the database as it is at one moment to a new file, readable by its owner only, while others go on reading
    and writing. Raises FileExistsError where something is in its place, OSError where nothing can be written there, and
    NotCopied for a database that cannot be read or a disk that is full; no half of a copy is left then.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as connection:
            # Into an empty file, which it takes for a new one.
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        target.unlink()
        raise NotCopied(str(error)) from error


def set_aside(path: Path, now: float) -> Path:
    """Renames a database file and its journal so that their names hold the time (`now`, in epoch seconds); returns the
    new path.
    """
    aside = path.with_name(f"{path.name}.damaged-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}")
    for ending in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside
