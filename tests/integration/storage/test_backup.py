"""`flask --app webapp backup FILE`: a copy that others may not read, and one message where none can be made."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from tests.integration.storage.upstream import Place, address_of
from webapp.database.urls import sqlite_path


def back_up(place: Place, target: Path) -> tuple[int, str]:
    done = place.site.app.test_cli_runner().invoke(args=["backup", str(target)])
    return done.exit_code, done.output


def is_sqlite(place: Place) -> bool:
    return sqlite_path(place.site.services.settings.database_url) is not None


def test_a_copy_holds_what_was_stored_and_is_its_owners(place: Place, tmp_path: Path) -> None:
    place.visitor.last(place.visitor.look_up(**address_of("fast")))
    copy = tmp_path / "copy.sqlite3"
    if not is_sqlite(place):
        assert back_up(place, copy) == (
            1,
            "Error: The database is PostgreSQL. Its own command makes the copy: pg_dump.\n",
        )
        return
    with place.site.database() as writer:
        # Somebody is in the middle of writing: the copy is made beside it.
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        assert back_up(place, copy) == (0, f"Written: {copy}.\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT count(*) FROM lookup").fetchone() == (1,)
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    before = copy.read_bytes()
    assert back_up(place, copy) == (1, f"Error: {copy} is there already, and stays as it is. Name a new file.\n")
    assert copy.read_bytes() == before


def test_where_none_can_be_made_nothing_is_left(place: Place, tmp_path: Path) -> None:
    if not is_sqlite(place):
        return
    nowhere = tmp_path / "missing" / "copy"
    assert back_up(place, nowhere) == (1, f"Error: {nowhere} cannot be written (No such file or directory).\n")
    database = sqlite_path(place.site.services.settings.database_url)
    assert database is not None
    database.write_bytes(b"no database at all" * 1000)
    copy = tmp_path / "copy"
    assert back_up(place, copy) == (1, "Error: No copy was made: file is not a database.\n")
    assert not copy.exists()
