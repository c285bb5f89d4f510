"""What can happen to a database, done to real ones: each trouble begins and ends, as often as a test wants."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.integration.web.site import Site


@dataclass(frozen=True)
class Trouble:
    """`begin` is a context in which the database is in trouble. Some leave reading possible; `noticed` says whether
    /healthz can tell.
    """

    begin: Callable[[Site], AbstractContextManager[None]]
    reading_works: bool = False
    noticed: bool = True


@contextmanager
def sqlite_locked(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(_file(site), isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def sqlite_full(site: Site) -> Iterator[None]:
    """No page more, and the pages there are are full of other people's lookups."""
    with site.services.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with _with_pragma(site, f"max_page_count={pages}", "max_page_count=1073741823"):
        _fill(site)
        yield
        with site.database() as connection:
            connection.exec_driver_sql("DELETE FROM lookup WHERE viewer = 'filler'")


@contextmanager
def sqlite_read_only(site: Site) -> Iterator[None]:
    """Not by the file's mode, which root may ignore; the error is the same."""
    with _with_pragma(site, "query_only=ON", "query_only=OFF"):
        yield


@contextmanager
def sqlite_moved(site: Site) -> Iterator[None]:
    folder = _file(site).parent
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()
    yield
    assert list(folder.iterdir()) == [], "an empty database in the place of the lost one would hide the loss"
    folder.rmdir()
    elsewhere.rename(folder)


def sqlite_damaged(first: int, last: int | None) -> Callable[[Site], AbstractContextManager[None]]:
    """The file's bytes from `first` to `last` are no database any more, until its copy is put in its place."""

    @contextmanager
    def damaged(site: Site) -> Iterator[None]:
        path = _file(site)
        # Damage is found when a page is read anew, not while it is in somebody's memory.
        site.services.engine.dispose()
        copy = shutil.copy(path, path.with_name("copy"))
        with path.open("r+b") as file:
            size = (last or path.stat().st_size) - first
            file.seek(first)
            file.write(b"\xa5" * size)
        yield
        Path(copy).replace(path)

    return damaged


@contextmanager
def postgres_locked(site: Site) -> Iterator[None]:
    with _speak_from(site.services.engine.url) as connection:
        connection.exec_driver_sql("LOCK TABLE lookup IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def postgres_full(site: Site) -> Iterator[None]:
    """The server's own error, raised by a trigger: a disk that is really full would be everybody's."""
    _administer(
        site,
        """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$""",
        *(
            f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
            for table in ("lookup", "snapshot", "heartbeat")
        ),
    )
    yield
    _administer(site, "DROP FUNCTION full_disk CASCADE")


@contextmanager
def postgres_read_only(site: Site) -> Iterator[None]:
    """What a standby says, or a server whose administrator took fright."""
    name = site.services.engine.url.database
    _administer(site, f"ALTER DATABASE {name} SET default_transaction_read_only = on", _hang_up(name))
    yield
    _administer(site, f"ALTER DATABASE {name} RESET default_transaction_read_only", _hang_up(name))


@contextmanager
def postgres_gone(site: Site) -> Iterator[None]:
    name = site.services.engine.url.database
    _administer(site, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", _hang_up(name))
    yield
    _administer(site, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


TROUBLES = {
    "sqlite": {
        "locked": Trouble(sqlite_locked, reading_works=True),
        "full": Trouble(sqlite_full, reading_works=True),
        "read-only": Trouble(sqlite_read_only, reading_works=True),
        "moved away": Trouble(sqlite_moved),
        "no database any more": Trouble(sqlite_damaged(0, 100)),
        "damaged": Trouble(sqlite_damaged(4096, None)),
    },
    "postgresql": {
        "locked": Trouble(postgres_locked, noticed=False),
        "full": Trouble(postgres_full, reading_works=True),
        "read-only": Trouble(postgres_read_only, reading_works=True),
        "gone": Trouble(postgres_gone),
    },
}


def _file(site: Site) -> Path:
    return Path(str(site.services.engine.url.database))


@contextmanager
def _with_pragma(site: Site, during: str, after: str) -> Iterator[None]:
    """Sets a pragma of single connections on all that the app uses."""
    now = [during]

    def set_pragma(connection: Any, _record: object, _fairy: object) -> None:
        connection.execute(f"PRAGMA {now[0]}")

    sa.event.listen(site.services.engine, "checkout", set_pragma)
    try:
        yield
    finally:
        now[0] = after


def _fill(site: Site) -> None:
    """Lookups until not one more fits, the last of which grows until it does not either."""
    with site.database() as connection:
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(lookup)")]
    values = {"id": "'f' || :number", "viewer": "'filler'", "submit_key": "'f' || :number"}
    chosen = ", ".join(values.get(name, name) for name in columns)
    insert = sa.text(
        f"INSERT INTO lookup ({', '.join(columns)}) SELECT {chosen} FROM lookup WHERE viewer != 'filler' LIMIT 1"
    )
    grow = "UPDATE lookup SET search_text = search_text || :more WHERE rowid = (SELECT max(rowid) FROM lookup)"
    _until_it_is_full(site, insert, ({"number": number} for number in range(10_000)))
    for size in (64, 8, 1):
        _until_it_is_full(site, sa.text(grow), ({"more": "x" * size} for _ in range(4096)))


def _until_it_is_full(site: Site, statement: sa.TextClause, parameters: Iterable[dict[str, object]]) -> None:
    for each in parameters:
        try:
            with site.database() as connection:
                connection.execute(statement, each)
        except sa.exc.OperationalError as error:
            if "full" in str(error.orig):
                return
            raise
    raise AssertionError("it never became full")


def _hang_up(database: str | None) -> str:
    """Ends all connections but our own, and waits until they have ended."""
    return (
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> "
        "pg_backend_pid()"
    )


def _administer(site: Site, *statements: str) -> None:
    """Statements of another connection, which may need a database of its own to speak from."""
    url = site.services.engine.url
    if not any("TRIGGER" in each or "FUNCTION" in each for each in statements):
        url = url.set(database="postgres")
    with _speak_from(url, isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _speak_from(url: sa.URL, **options: Any) -> sa.Connection:
    return sa.create_engine(url, poolclass=sa.NullPool, **options).connect()
