"""The schema as migrations make it, on both databases: complete, reversible, and made once however many start at
once.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import webapp.health.schema
import webapp.lookups.schema  # noqa: F401  (their tables join the metadata)
from tests.sweeps import few
from webapp.database import MIGRATIONS, bring_up_to_date, metadata, open_engine, sqlite, writing

STARTS_AT_ONCE = 8


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(empty_database_url, pool_size=STARTS_AT_ONCE)
    yield engine
    engine.dispose()


def drift(engine: sa.Engine) -> list[object]:
    """How the database differs from what the code believes."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def downgrade_to_nothing(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def test_migrations_make_exactly_the_tables_that_the_code_uses(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    assert drift(engine) == []
    assert tables(engine) == {*metadata.tables, "alembic_version"}


@pytest.mark.parametrize(
    "change", ["ALTER TABLE lookup ADD COLUMN stray INTEGER", "ALTER TABLE lookup DROP COLUMN warning"]
)
@pytest.mark.soak
def test_a_difference_would_be_noticed(engine: sa.Engine, change: str) -> None:
    bring_up_to_date(engine)
    with engine.begin() as connection:
        connection.execute(sa.text(change))
    assert drift(engine) != []


def test_migrations_can_be_taken_back_and_made_again(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    downgrade_to_nothing(engine)
    assert tables(engine) == {"alembic_version"}
    bring_up_to_date(engine)
    assert drift(engine) == []


def test_an_up_to_date_database_is_left_alone(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    add_lookup(engine, "kept")
    bring_up_to_date(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM lookup")).scalars().all() == ["kept"]


@pytest.mark.parametrize("own_engines", few([True, False], [True]), ids=["own engines", "one engine"])
def test_many_starts_at_once_migrate_once(engine: sa.Engine, empty_database_url: str, own_engines: bool) -> None:
    together = threading.Barrier(STARTS_AT_ONCE)

    def start(_: int) -> None:
        together.wait(10)
        mine = open_engine(empty_database_url, pool_size=1) if own_engines else engine
        bring_up_to_date(mine)
        if own_engines:
            mine.dispose()

    with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
        list(pool.map(start, range(STARTS_AT_ONCE)))
    assert drift(engine) == []
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_a_migration_that_fails_leaves_nothing_behind_and_says_why(engine: sa.Engine, empty_database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE snapshot (mine INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError, match=r"snapshot.* already exists"):
        bring_up_to_date(engine)
    assert "lookup" not in tables(engine)

    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE snapshot"))
    # Another process: it must not wait for a lock that the failed one still holds.
    other = open_engine(empty_database_url, pool_size=1)
    if other.dialect.name == "postgresql":
        sa.event.listen(other, "connect", lambda raw, _: raw.execute("SET lock_timeout = '2s'"))
    bring_up_to_date(other)
    other.dispose()
    assert drift(engine) == []


def test_a_provider_list_goes_with_its_lookup(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    add_lookup(engine, "gone")
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO snapshot (lookup_id, digest, taken_at, providers) VALUES ('gone', 'd', 0, '[]')")
        )
        connection.execute(sa.text("DELETE FROM lookup"))
        assert connection.execute(sa.text("SELECT count(*) FROM snapshot")).scalar() == 0
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO snapshot (lookup_id, digest, taken_at, providers) VALUES ('nobody', 'd', 0, '[]')")
        )


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_sqlite_lets_readers_and_a_writer_work_at_the_same_time(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 20}

    with engine.connect() as writer, engine.connect() as reader:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        writer.execute(sa.text("DELETE FROM lookup"))
        assert reader.execute(sa.text("SELECT count(*) FROM lookup")).scalar() == 0


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_waiting_for_another_process_to_write_leaves_this_one_free_meanwhile(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(engine)
    add_lookup(engine, "theirs")
    pauses: list[float] = []
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        other.execute(sa.text("UPDATE lookup SET polls = 7"))

        def pause(seconds: float) -> None:
            # What waits here is our own loop, so all else in the process goes on: here, the other writer comes to its
            # end.
            pauses.append(seconds)
            if len(pauses) == 3:
                other.commit()

        monkeypatch.setattr(sqlite.time, "sleep", pause)
        with writing(engine) as connection:
            assert connection.execute(sa.text("SELECT polls FROM lookup")).scalar() == 7
    assert len(pauses) == 3


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """What most systems give a program outside systemd: everybody may read what it makes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(engine: sa.Engine) -> dict[str, int]:
    """The permissions of a SQLite database's files."""
    path = Path(str(engine.url.database))
    return {
        file.name.removeprefix(path.name): stat.S_IMODE(file.stat().st_mode)
        for file in path.parent.glob(f"{path.name}*")
    }


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_a_new_sqlite_file_and_its_log_are_for_their_owner_only(usual_umask: None, engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM lookup")
        assert modes(engine) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_the_mode_that_a_sqlite_file_was_given_stays(usual_umask: None, engine: sa.Engine) -> None:
    path = Path(str(engine.url.database))
    path.touch()
    path.chmod(0o640)
    bring_up_to_date(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM lookup")
        assert modes(engine) == {"": 0o640, "-wal": 0o640, "-shm": 0o640}


def add_lookup(engine: sa.Engine, lookup_id: str) -> None:
    """A row with the least that the table demands."""
    table = metadata.tables["lookup"]
    demanded = [column for column in table.columns if not column.nullable and column.server_default is None]
    row = {column.name: "x" if isinstance(column.type, sa.String) else 0 for column in demanded}
    with engine.begin() as connection:
        connection.execute(sa.insert(table).values(row | {"id": lookup_id}))
