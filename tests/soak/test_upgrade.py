"""An upgrade from the release before, with 100,000 lookups in the database and while people watch theirs."""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.web.site import serve
from tests.paths import ROOT
from tests.soak.limited_hum import LimitedHum
from tests.soak.people import Crowd
from tests.soak.server import serving
from tests.soak.worker_processes import workers_on
from tools.bench.stored import fill
from webapp.database import open_engine
from webapp.lookups.polling import CREATE_LEASE, POLL_LEASE

RELEASE_BEFORE = "32b40cf"
"""The newest commit with the release before this one."""
STORED, PEOPLE, MEANWHILE = 100_000, 6, 4.0
TAIL = CREATE_LEASE + POLL_LEASE + 40
log = logging.getLogger(__name__)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The program of the release before; "not run" where the repository's history is not there."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]
    found = subprocess.run([*git, "archive", RELEASE_BEFORE], capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"this clone has no history as far back as the release before ({RELEASE_BEFORE})")
    folder = tmp_path / "before"
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    shutil.copytree(ROOT / "static" / "vendor", folder / "static" / "vendor")
    return folder


def migrate(root: Path, database_url: str, folder: Path) -> float:
    """Brings the schema up to date as a deploy does; the seconds that it took."""
    began = time.monotonic()
    environment = os.environ | {"DATABASE_URL": database_url, "STATE_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "webapp.migrate"], cwd=root, env=environment, check=True)
    return time.monotonic() - began


@pytest.mark.long
@pytest.mark.slow("it fills a database and waits for everybody to see an end")
def test_an_upgrade_of_a_filled_database_stops_nobody(before: Path, empty_database_url: str, tmp_path: Path) -> None:
    hum = LimitedHum(6000, 5.0, latency=0.1, speed=4)
    migrate(before, empty_database_url, tmp_path)
    engine = open_engine(empty_database_url)
    fill(engine, STORED)
    with serve(hum) as url:  # type: ignore[arg-type]
        environment = {
            "HUM_API_URL": url,
            "HUM_API_KEY": "key",
            "DATABASE_URL": empty_database_url,
            "WEB_CONCURRENCY": "1",
            "POLL_INTERVAL": "0.5",
            "LOOKUPS_PER_MINUTE_ADDRESS": "0",
            "LOOKUPS_KEPT_DAYS": "3650",
        }
        with serving(tmp_path, before, **environment) as server, workers_on(tmp_path, **environment) as workers:
            crowd = Crowd(server.url, PEOPLE)
            crowd.come()
            time.sleep(MEANWHILE)
            took = migrate(ROOT, empty_database_url, tmp_path)
            # The old program goes on with the new schema, until its turn comes.
            time.sleep(MEANWHILE)
            server.renew(ROOT)
            workers.start().wait_until_it_works()
            time.sleep(MEANWHILE)
            crowd.go_home(TAIL)
        said = server.said
    notes = crowd.notes
    log.info(
        "%s: schema up to date in %.1f s; %d lookups, %d connections broken, %s",
        *(empty_database_url.partition(":")[0], took, len(notes.accepted), notes.broken, dict(notes.statuses)),
    )
    assert "Traceback" not in said
    assert notes.ended.keys() == notes.accepted.keys(), "everybody sees the end of what they began"
    assert set(notes.statuses) <= {200, 303}
    assert max(hum.sessions.values()) == 1
    with engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM lookup")).scalar_one()
    assert kept == STORED + len(notes.accepted)
    engine.dispose()
