"""A SQLite database as the migrations leave it, made once in a test process and copied: a run for each test would prove
nothing new.

`tests/integration/storage/test_database.py` is about the migrations themselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from webapp.database import bring_up_to_date, open_engine


def begin(database_url: str) -> str:
    """Puts today's schema, without rows, where a SQLite database is to begin; gives the URL back. Files that are there
    stay as they are.
    """
    url = sa.make_url(database_url)
    path = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not path.exists():
        path.write_bytes(_empty())
    return database_url


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.sqlite3"
        engine = open_engine(f"sqlite:///{path}")
        bring_up_to_date(engine)
        # The last connection that closes writes the journal into the file.
        engine.dispose()
        return path.read_bytes()
