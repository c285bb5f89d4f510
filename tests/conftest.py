"""What every test stands on: no way out but loopback, databases of its own, the browser that is installed."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tests import migrated
from tools import browser, nginx
from webapp.database import bring_up_to_date, open_engine

pytest_plugins = ["tests.budget"]

# Timings belong in benchmarks: the first example pays for loading data, and the machines are noisy.
CHECKS = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("short", max_examples=30, **CHECKS)
hypothesis.settings.register_profile("long", max_examples=200, **CHECKS)
hypothesis.settings.load_profile("short")

SERVER = make_url(os.environ.get("TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"))
SOAK = Path(__file__).parent / "soak"
COLLECTED_AFTER = (5_000, 50, 100)
"""For `gc.set_threshold`."""
NO_SERVER = "no PostgreSQL server answers at TEST_DATABASE_URL"


def is_loopback(host: object) -> bool:
    """True for this machine by address or by a name that cannot mean another (RFC 6761)."""
    name = (
        (host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")).rstrip(".").lower()
    )
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_world(event: str, args: tuple[object, ...]) -> None:
    """Audit hook: a connection or a name look-up that would leave the machine fails the test that asked for it.

    It fails with pytest's own outcome, which `except Exception` in the code under test cannot swallow. Names under
    `.invalid` get the resolver's own refusal, without asking it, so that the fault "no such host" can be tested.
    """
    if event in {"socket.connect", "socket.sendto"}:
        target = args[1]
        host = target[0] if isinstance(target, tuple) else "localhost"  # a path (AF_UNIX) stays on the machine
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        return
    if is_loopback(host):
        return
    if str(host).endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    pytest.fail(f"{event} to {host!r}: tests may talk to loopback only; use the simulator or a local server instead")


sys.addaudithook(refuse_the_world)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks everything under `tests/soak`, and lets long tests begin first: one that begins last keeps a single process
    busy while all others have nothing left to do.
    """
    for item in items:
        if SOAK in item.path.parents:
            item.add_marker(pytest.mark.soak)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Keeps what is loaded by now, which stays until the end, out of every garbage collection, and makes collections
    rarer, as the server's workers do.

    Looking through hundreds of megabytes of modules and tests again and again took a seventh of the page tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


@pytest.fixture(scope="session")
def postgres_server() -> None:
    """The server that may be used; its absence is reported as "not run", or as a failure where REQUIRE_POSTGRES=1
    insists.
    """
    engine = create_engine(SERVER, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"REQUIRE_POSTGRES=1, but {NO_SERVER}: {error.orig}")
        pytest.skip(NO_SERVER)
    finally:
        engine.dispose()


def template(name: str, load: list[Callable[..., None]]) -> Callable[[pytest.FixtureRequest], Iterator[NoopExecutor]]:
    """A fixture of a template database that `load` fills once in a test process, under a name of this process alone:
    several may use the server at the same time.
    """
    return factories.postgresql_noproc(
        host=SERVER.host,
        port=SERVER.port,
        user=SERVER.username,
        password=SERVER.password,
        maintenance_dbname=SERVER.database,
        dbname=f"test_{uuid.uuid4().hex}_{name}",
        load=load,
    )


def migrate(*, dbname: str, **_connection: object) -> None:
    """Brings a database of the server up to date."""
    engine = open_engine(url_of(dbname))
    bring_up_to_date(engine)
    engine.dispose()


def url_of(dbname: str) -> str:
    return SERVER.set(database=dbname).render_as_string(hide_password=False)


empty_template = template("empty", [])
migrated_template = template("migrated", [migrate])
shared_template = template("shared", [migrate])
empty_postgres = factories.postgresql("empty_template")
migrated_postgres = factories.postgresql("migrated_template")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with today's schema and no rows, once on each of the two that the app supports.

    Tests that damage a database, or fill it, get a PostgreSQL database of their own. The others of a process use one
    after the other the same: making and dropping one for each test took a sixth of the whole suite's time.
    """
    if request.param == "sqlite":
        return migrated.begin(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    if {"storage", "soak"}.intersection(request.path.parts) or request.node.get_closest_marker("own_database"):
        return copy_of_template(request, "migrated_postgres")
    return emptied(request)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same without a schema, for what is about making it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return copy_of_template(request, "empty_postgres")


def copy_of_template(request: pytest.FixtureRequest, fixture: str) -> str:
    """The URL of the database that one of pytest-postgresql's fixtures makes for this test and drops after it."""
    request.getfixturevalue("postgres_server")
    connection: psycopg.Connection = request.getfixturevalue(fixture)
    url = url_of(connection.info.dbname)
    # The tests open connections of their own, and some end all that there are.
    connection.close()
    return url


EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
END $$;
"""
"""Ends what a test before left open, and deletes all rows whatever refers to them."""


def emptied(request: pytest.FixtureRequest) -> str:
    """The URL of the database that the tests of this process share, without a row."""
    request.getfixturevalue("postgres_server")
    url = url_of(request.getfixturevalue("shared_template").template_dbname)
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True) as server:
        server.execute(EMPTY)
    return url


@pytest.fixture(scope="session")
def programs() -> None:
    """What the tests of `deploy/` need; its absence is reported as "not run", or as a failure where REQUIRE_NGINX=1
    insists.
    """
    missing = nginx.missing()
    if missing and os.environ.get("REQUIRE_NGINX") == "1":
        pytest.fail(f"REQUIRE_NGINX=1, but there is no {' and no '.join(missing)}")
    if missing:
        pytest.skip(f"there is no {' and no '.join(missing)} on this machine")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Playwright's arguments, with the machine's own Chromium where there is one."""
    installed = browser.find()
    return browser_type_launch_args | ({"executable_path": installed} if installed else {})
