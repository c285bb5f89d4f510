"""A damaged SQLite file at the start of the server: kept, out of the way, and the server runs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from webapp.database import set_aside_if_damaged

NOW = 1_763_800_000.0
SCRIPT = "import webapp.gunicorn_conf as conf; conf.on_starting(None)"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A sound database of many pages."""
    path = tmp_path / "lookups.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE kept (words TEXT)")
        connection.executemany("INSERT INTO kept VALUES (?)", [(f"{number} " * 100,) for number in range(500)])
        connection.commit()
        # Into the file: what still stands in the journal would be read from there, unharmed.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield path


def damage(path: Path, first: int, size: int) -> bytes:
    with path.open("r+b") as file:
        file.seek(first)
        file.write(b"\xa5" * size)
    return path.read_bytes()


def look_at(path: Path) -> Path | None:
    return set_aside_if_damaged(f"sqlite:///{path}", NOW)


@pytest.mark.parametrize(
    ("first", "size"), [(0, 100), (4096 * 7, 4096)], ids=["no database any more", "one page of many"]
)
def test_a_damaged_file_is_kept_beside_its_place_with_its_journal(file: Path, first: int, size: int) -> None:
    damaged = damage(file, first, size)
    aside = look_at(file)
    assert aside == file.with_name("lookups.sqlite3.damaged-20251122T082640Z")
    assert aside.read_bytes() == damaged
    assert {path.name for path in file.parent.iterdir()} == {aside.name, f"{aside.name}-wal", f"{aside.name}-shm"}


def test_what_is_sound_or_missing_or_in_use_stays(file: Path, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    assert look_at(file) is None
    assert look_at(tmp_path / "none.sqlite3") is None
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert look_at(file) is None
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_server_elsewhere_is_none_of_its_business() -> None:
    assert set_aside_if_damaged("postgresql+psycopg://nobody@127.0.0.1:1/nothing", NOW) is None


@pytest.mark.soak
def test_the_server_starts_on_an_empty_file_and_says_where_the_other_is(file: Path) -> None:
    damage(file, 0, 100)
    environment = {"STATE_DIR": str(file.parent), "DATABASE_URL": f"sqlite:///{file}"}
    started = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert started.returncode == 0
    (aside,) = file.parent.glob("*.damaged-*Z")
    assert "damaged" in started.stderr
    assert aside.name in started.stderr
    assert str(file.parent) not in started.stderr
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM lookup").fetchone() == (0,)
