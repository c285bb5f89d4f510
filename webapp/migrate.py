"""Brings the database up to date, and forgets what processes that have ended had counted: `python -m webapp.migrate`.
The server runs it before its first worker.

Waits for a PostgreSQL server that is away. A damaged SQLite file is set aside, and an empty one takes its place.
"""

from __future__ import annotations

import os
import sys
import time

from webapp.database import open_engine, set_aside_if_damaged
from webapp.database.readiness import DatabaseUnusable, make_ready_patiently
from webapp.metrics.counters import FOLDER, forget_ended_processes
from webapp.settings import Settings, SettingsError, load

DAMAGED = """The database file is damaged. It is kept beside its place as {0}, and an empty one is begun.
Put a backup in its place while the app is stopped, or try what `sqlite3 {0} .recover` can save."""


def migrate(settings: Settings) -> None:
    """Ends when the schema is current. Raises DatabaseUnusable for a database that waiting would not mend."""
    set_aside = set_aside_if_damaged(settings.database_url, time.time())
    if set_aside is not None:
        say(DAMAGED.format(set_aside.name))
    engine = open_engine(settings.database_url)
    parent = os.getppid()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if os.getppid() != parent:
            raise SystemExit(1)  # the server that started this command has ended

    try:
        make_ready_patiently(engine, say, sleep=sleep)
    finally:
        engine.dispose()
    forget_ended_processes(settings.state_dir / FOLDER)


def say(text: str) -> None:
    """A line for the person who starts the server."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        migrate(load())
    except (SettingsError, DatabaseUnusable) as error:
        raise SystemExit(str(error)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
