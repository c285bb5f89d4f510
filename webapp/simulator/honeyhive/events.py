"""The events that are kept, in a SQLite file: a session is an event, and so is each of its children."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_PATIENCE = 5.0
_MOST_EVENTS = 20_000
_TABLE = """
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    body TEXT NOT NULL
)
"""


class Events:
    """Opens the file anew for each call, so that threads and processes may share it, and makes its folder. The oldest
    events make room.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self, event_id: str) -> Json | None:
        """The event; None for an unknown one."""
        with self._open() as connection:
            return _find(connection, event_id)

    def of_session(self, session_id: str) -> list[Json]:
        """The session's own event and its children, in the order in which they came; empty for an unknown one."""
        with self._open() as connection:
            rows = connection.execute("SELECT body FROM event WHERE session_id = ? ORDER BY number", (session_id,))
            return [json.loads(body) for (body,) in rows]

    def put(self, event_id: str, change: Callable[[Json | None], Json]) -> Json:
        """Stores what `change` makes of the event that has this id, or of None; gives it back."""
        with self._open() as connection:
            event = change(_find(connection, event_id))
            connection.execute(
                "INSERT INTO event (event_id, session_id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (event_id) DO UPDATE SET session_id = excluded.session_id, body = excluded.body",
                (event_id, event["session_id"], json.dumps(event)),
            )
            connection.execute("DELETE FROM event WHERE number <= (SELECT max(number) FROM event) - ?", (_MOST_EVENTS,))
            return event

    def delete_session(self, session_id: str) -> bool:
        """Deletes the session with its children; False for an unknown one."""
        with self._open() as connection:
            return connection.execute("DELETE FROM event WHERE session_id = ?", (session_id,)).rowcount > 0

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            yield connection
            connection.execute("COMMIT")


def _find(connection: sqlite3.Connection, event_id: str) -> Json | None:
    row = connection.execute("SELECT body FROM event WHERE event_id = ?", (event_id,)).fetchone()
    if row is None:
        return None
    found: Json = json.loads(row[0])
    return found
