"""What a person sees who starts the server or a command while something is wrong: one message, no traceback, no
password.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from tests.paths import ROOT
from tests.soak.server import COMMAND, serving
from webapp.database import open_engine

PRUNE = [sys.executable, "-m", "flask", "--app", "webapp", "prune"]
SIMULATOR = [sys.executable, "-m", "webapp.simulator"]
PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def started(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What came of a start that is to fail."""
    environment = {**os.environ, "STATE_DIR": str(folder), "PORT": str(free_port()), **environment}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode not in {0, None}
    assert "Traceback" not in done.stderr + done.stdout
    assert "hunter2" not in done.stderr + done.stdout
    return done


def message(done: subprocess.CompletedProcess[str]) -> str:
    """What was said, without gunicorn's own dated lines."""
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("[20"))


@pytest.mark.parametrize(
    ("command", "environment", "said"),
    [
        (PRUNE, {"SECRET_KEY": "short", "PORT": "many"}, "SECRET_KEY must have at least 32 characters"),
        (COMMAND, {"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:abc/x"}, "DATABASE_URL cannot be read as a URL"),
        (COMMAND, {"DATABASE_URL": "sqlite:////proc"}, "/proc is a folder, not a file"),
    ],
    ids=["prune", "url", "folder"],
)
def test_settings_that_cannot_be_used_are_one_message(
    command: list[str], environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    told = message(started(command, tmp_path, **environment))
    assert said in told
    assert told.startswith("The settings cannot be used:")


def test_a_port_in_use_is_one_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = message(started(COMMAND, tmp_path, PORT=str(port)))
    assert told == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. Stop the program that uses this port, or set "
        "PORT to another one."
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_one_message(tmp_path: Path, host: str) -> None:
    told = message(started(COMMAND, tmp_path, HOST=host))
    assert told.startswith(f"Cannot listen on {host}:")
    assert "Set HOST to an address of this machine" in told
    assert told.count("\n") == 0


@pytest.mark.parametrize("command", [COMMAND, PRUNE], ids=["server", "prune"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_of_a_newer_release_is_one_message(command: list[str], database_url: str, tmp_path: Path) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    told = message(started(command, tmp_path, DATABASE_URL=database_url))
    assert told.startswith("DATABASE_URL: the database was made by a newer release")
    assert told.count("\n") == 0


def test_a_command_without_its_database_says_so(tmp_path: Path) -> None:
    url = f"postgresql://me:hunter2@127.0.0.1:{free_port()}/x"
    assert "Error: The database cannot be used right now." in started(PRUNE, tmp_path, DATABASE_URL=url).stderr


@pytest.mark.parametrize(
    ("argument", "value"),
    [("--port", "70000"), ("--port", "http"), ("--speed", "inf"), ("--rate-limit", "0"), ("--host", "http://x")],
)
def test_the_simulator_says_which_argument_is_wrong(tmp_path: Path, argument: str, value: str) -> None:
    done = started([*SIMULATOR, argument, value], tmp_path)
    assert argument in done.stderr.splitlines()[-1]


WITH_CTRL_C = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


@contextmanager
def waiting_server(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A server that is being started, and the file in which it says how it goes."""
    log = folder / "said"
    with log.open("wb") as said:
        environment = {**os.environ, "STATE_DIR": str(folder), "WEB_CONCURRENCY": "1", **environment}
        # A shell without job control starts what runs in its background with SIGINT ignored, and children inherit that.
        command = [sys.executable, "-c", WITH_CTRL_C, *COMMAND]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        yield server, log
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait(PATIENCE)


def wait_for(log: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while text not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def test_a_server_that_listens_on_every_address_prints_one_that_opens(tmp_path: Path) -> None:
    with waiting_server(tmp_path, HOST="0.0.0.0", PORT=str(free_port())) as (_, log):
        wait_for(log, "is ready at")
        address = log.read_text().partition("is ready at ")[2].partition(",")[0]
        assert requests.get(f"{address}healthz", timeout=PATIENCE).text.startswith("ok\n")


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_server_waits_for_its_database_and_starts_when_it_comes(empty_database_url: str, tmp_path: Path) -> None:
    url, port = sa.make_url(empty_database_url), free_port()
    away = url.set(database=f"{url.database}_later", password="hunter2").render_as_string(hide_password=False)
    administrator = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with waiting_server(tmp_path, DATABASE_URL=away, PORT=str(port)) as (server, log):
            wait_for(log, "Waiting for it.")
            with administrator.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {url.database}_later")
            wait_for(log, "is ready at")
            assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).text.startswith("ok\n")
            said = log.read_text()
            assert said.count("DATABASE_URL: the database cannot be used") == 1
            assert "Traceback" not in said
            assert "hunter2" not in said
            server.terminate()
            server.wait(PATIENCE)
    finally:
        with administrator.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {url.database}_later WITH (FORCE)")
        administrator.dispose()


def test_ctrl_c_ends_the_waiting_without_a_trace(tmp_path: Path) -> None:
    url = f"postgresql://127.0.0.1:{free_port()}/x"
    with waiting_server(tmp_path, DATABASE_URL=url, PORT=str(free_port())) as (server, log):
        wait_for(log, "Waiting for it.")
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 130
        assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_that_comes_while_the_database_is_away_serves_and_goes_on(database_url: str, tmp_path: Path) -> None:
    url = sa.make_url(database_url)
    administrator = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with (
        serving(tmp_path, DATABASE_URL=database_url, WEB_CONCURRENCY="1") as site,
        administrator.connect() as connection,
    ):
        (old,) = site.workers()
        connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{url.database}'"
        )
        site.kill(old)
        deadline = time.monotonic() + PATIENCE
        while site.workers() in ([], [old]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert requests.get(f"{site.url}/", timeout=PATIENCE).status_code == 200
        assert requests.get(f"{site.url}/healthz", timeout=PATIENCE).status_code == 503
        connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true")
        assert requests.get(f"{site.url}/healthz", timeout=PATIENCE).status_code == 200
        assert "Traceback" not in site.said
    administrator.dispose()
