"""A machine is lost. Its backup, restored on an empty one, has everybody's lookups, and what was under way goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.web.site import serve
from tests.paths import ROOT
from tests.soak.limited_hum import LimitedHum
from tests.soak.own_server import migrated_server, own_server
from tests.soak.people import Person
from tests.soak.server import serving
from tests.soak.worker_processes import RunningBatch, until, workers_on
from tools.with_postgres import server_programs
from webapp.batches.batch import BatchState

SECRET = "the secret is kept where the operator keeps it"
ROWS = 6


@dataclass(frozen=True, slots=True)
class Machines:
    """The machine that is lost, where its copy is written, and how an empty one is filled from it; both steps are those
    of `docs/operations.md`.
    """

    database_url: str
    back_up: Callable[[Path], None]
    restore: Callable[[Path], str]
    """Gives the URL of the other machine's database."""


def run(*command: str | Path, **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, stdin=subprocess.DEVNULL)


@pytest.fixture(params=["sqlite", "postgresql"])
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machines]:
    if request.param == "sqlite":
        yield sqlite_machines(tmp_path)
        return
    with ExitStack() as running:
        lost, other = (running.enter_context(begun()) for begun in (migrated_server, own_server))

        def back_up(copy: Path) -> None:
            run(program("pg_dump"), "--format=custom", f"--file={copy}", libpq(lost.url))

        def restore(copy: Path) -> str:
            run(program("pg_restore"), "--no-owner", f"--dbname={libpq(other.url)}", copy)
            return other.url

        yield Machines(lost.url, back_up, restore)


def sqlite_machines(folder: Path) -> Machines:
    url = migrated.begin(f"sqlite:///{folder / 'lost.sqlite3'}")

    def back_up(copy: Path) -> None:
        flask = [sys.executable, "-m", "flask", "--app", "webapp", "backup"]
        run(*flask, copy, DATABASE_URL=url, SECRET_KEY=SECRET, STATE_DIR=str(folder), FLASK_SKIP_DOTENV="1")

    def restore(copy: Path) -> str:
        shutil.copy(copy, folder / "other.sqlite3")
        return f"sqlite:///{folder / 'other.sqlite3'}"

    return Machines(url, back_up, restore)


def program(name: str) -> str | Path:
    """On PATH, or beside the server's."""
    return shutil.which(name) or (server_programs() or Path()) / name


def libpq(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def test_a_restored_copy_goes_on_where_the_lost_machine_was(machines: Machines, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with serve(LimitedHum(600, 5.0, speed=4)) as hum, ExitStack() as end:  # type: ignore[arg-type]
        environment = {"HUM_API_URL": hum, "HUM_API_KEY": "key", "SECRET_KEY": SECRET, "POLL_INTERVAL": "0.5"}
        lost_folder, folder = tmp_path / "lost", tmp_path / "other"
        lost_folder.mkdir()
        folder.mkdir()
        with serving(lost_folder, DATABASE_URL=machines.database_url, **environment) as site:
            person = Person(site.url)
            end.callback(person.leave)
            ended = person.begin("1 Main St")
            person.watch(ended)
            under_way = person.begin("2 Main St")
            batch = RunningBatch(machines.database_url, ROWS)
            machines.back_up(copy)
            after = person.begin("3 Main St")
        batch.close()

        url = machines.restore(copy)
        other = environment | {"DATABASE_URL": url}
        with serving(folder, **other) as site, workers_on(folder, **other) as workers:
            workers.start()
            person.go_to(site.url)
            assert "1 Main St" in person.ask("GET", ended).text
            person.watch(under_way)
            assert "providers found" in person.notes.ended[under_way]
            assert after not in person.ask("GET", "/lookups").text, "it came after the copy was made"
            person.watch(person.begin("4 Main St"))
            restored = RunningBatch(url, 0)
            until(lambda: restored.state is BatchState.FINISHED, "the batch does not go on", tell=restored.standing)
            assert restored.ends() == {("done", "served", None): ROWS}
            restored.close()
