"""A PostgreSQL server of the test's own, to be started anew, or whose processes can be stopped: its kernel still takes
connections, and nothing answers.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tools.with_postgres import PrivateServer, private_server, server_programs
from webapp.database import bring_up_to_date, open_engine


@contextmanager
def own_server() -> Iterator[PrivateServer]:
    """A server for one test; reported as "not run" where PostgreSQL's programs are missing."""
    programs = server_programs()
    if programs is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES=1, but PostgreSQL's programs are not on this machine")
        pytest.skip("PostgreSQL's programs are not on this machine")
    with private_server(programs) as server:
        yield server


@contextmanager
def migrated_server() -> Iterator[PrivateServer]:
    """The same with today's schema, and no rows."""
    with own_server() as server:
        engine = open_engine(server.url)
        bring_up_to_date(engine)
        engine.dispose()
        yield server


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """All processes of the server at `url` are stopped, as in a virtual machine that is paused, and go on
    afterwards.
    """
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        postmaster = _parent(row[0])
    processes = [postmaster, *_children(postmaster)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(processes):
            os.kill(process, signal.SIGCONT)


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
