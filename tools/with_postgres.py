"""Runs a command while a PostgreSQL server is there for the tests: `python -m tools.with_postgres make test`.

A server that answers is used. Otherwise a private one is started in a temporary folder, from the machine's binaries; it
is stopped when the command ends. The command runs with REQUIRE_POSTGRES=1. With `--install` before the command,
Debian's package is installed (as root) where there are no binaries.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

PACKAGE = "postgresql"
DEFAULT_URL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def is_running(url: str) -> bool:
    """True when a server lets us in at this SQLAlchemy URL."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def server_programs() -> Path | None:
    """The newest folder that holds `initdb` and `pg_ctl`; Debian keeps them off PATH."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = Path(on_path) if on_path else (debian[-1] if debian else None)
    return found.parent if found else None


def install() -> None:
    """Debian's server, where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", PACKAGE]):
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=True)


@dataclass(frozen=True, slots=True)
class PrivateServer:
    """A running server. `url` is SQLAlchemy's; `restart` stops it in the way named, as `pg_ctl --mode` does, and starts
    it again.
    """

    url: str
    restart: Callable[[str], None]


@contextmanager
def private_server(programs: Path) -> Iterator[PrivateServer]:
    """A throw-away server on a free loopback port. The server refuses to run as root, so root lends a user."""
    borrowed: dict[str, Any] = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    )
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        if borrowed:
            shutil.chown(folder, "postgres")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        # Its own output goes to a file: a server that inherited our pipe would keep it open.
        log = ["--log", f"{folder}/log", "--options", options]

        def control(*arguments: str, check: bool = True) -> None:
            command = [str(programs / "pg_ctl"), "--pgdata", f"{folder}/data", "--silent", "--wait", *arguments]
            subprocess.run(command, cwd=folder, check=check, **borrowed)

        control("init", "--options", "--username=postgres --auth=trust --no-sync")
        control(*log, "start")
        try:
            url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
            yield PrivateServer(url, lambda mode: control(*log, "--mode", mode, "restart"))
        finally:
            control("--mode", "immediate", "stop", check=False)


def main() -> None:
    """Exit as the command does."""
    command = sys.argv[1:]
    may_install = command[:1] == ["--install"]
    if may_install:
        command = command[1:]
    url = os.environ.get("TEST_DATABASE_URL", DEFAULT_URL)
    if is_running(url):
        raise SystemExit(run(command, url))
    if server_programs() is None and may_install:
        install()
    programs = server_programs()
    if programs is None:
        raise SystemExit(f"No PostgreSQL server answers at TEST_DATABASE_URL, and no initdb is found. {advice()}")
    with private_server(programs) as server:
        status = run(command, server.url)
    raise SystemExit(status)


def advice() -> str:
    """The one command that brings a server, or what to do where that command is not known."""
    if shutil.which("apt-get") is None:
        return "Start a server, or install PostgreSQL."
    return f"Start a server, or type this: {'' if os.geteuid() == 0 else 'sudo '}apt-get install {PACKAGE}"


def run(command: list[str], url: str) -> int:
    """The command's exit status, with the tests told where the server is and that it must be used."""
    return subprocess.run(
        command, env=os.environ | {"TEST_DATABASE_URL": url, "REQUIRE_POSTGRES": "1"}, check=False
    ).returncode


if __name__ == "__main__":
    main()
