"""/healthz says ok only where something can be saved, writes to find that out, and does so seldom."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.integration.storage.upstream import Place
from tests.integration.web.clock import Clock
from tests.integration.web.site import Site, open_site
from webapp.health.availability import BEAT_EVERY, Availability

DISK_FULL = """
import json, resource, sys
from pathlib import Path
from tests.integration.web.site import open_site

folder = Path(sys.argv[1])
site = open_site(folder)
client = site.app.test_client()
said = [client.get("/healthz").status_code]
# Files may not grow any more: to a program it is a full disk.
largest = max(path.stat().st_size for path in folder.glob("lookups.sqlite3*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
for _ in range(12):
    site.clock.advance(6)
    said.append(client.get("/healthz").status_code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
said.append(client.get("/healthz").status_code)
print(json.dumps(said))
"""


def health(site: Site) -> int:
    return site.app.test_client().get("/healthz").status_code


def test_a_process_writes_at_most_every_few_seconds_and_leaves_nothing(tmp_path: Path) -> None:
    site = open_site(tmp_path)
    written = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal written
        written += statement.startswith("INSERT INTO heartbeat")

    sa.event.listen(site.services.engine, "before_cursor_execute", count)
    for _ in range(10):
        assert health(site) == 200
    assert written == 1
    site.clock.advance(BEAT_EVERY)
    assert [health(site), health(site)] == [200, 200]
    assert written == 2
    with site.database() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar() == 0
    site.close()


@pytest.mark.soak
def test_a_full_disk_is_noticed_and_so_is_its_end(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DISK_FULL, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    first, *full, last = json.loads(done.stdout.splitlines()[-1])
    assert (first, last) == (200, 200)
    assert full[-1] == 503, "what was left in the files before is used up by then"


def test_both_databases_take_a_heartbeat(place: Place) -> None:
    assert health(place.site) == 200


class HungDatabase:
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked = 0

    def is_available(self) -> bool:
        self.asked += 1
        return self.go_on.wait(60)

    def beat(self) -> bool:
        return True


def test_however_many_ask_a_hanging_database_is_tried_once_at_a_time() -> None:
    database = HungDatabase()
    availability = Availability(database, lambda: None, monotonic=Clock(), patience=0.05)
    assert [availability.now().saves for _ in range(4)] == [False] * 4
    assert database.asked == 1
    database.go_on.set()
    # Whoever asks next gets the answer of the one that was under way, or of a new one.
    patient = Availability(database, lambda: None, monotonic=Clock(), patience=30)
    assert patient.now().saves
