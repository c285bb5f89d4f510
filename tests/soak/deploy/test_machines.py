"""Two machines behind one nginx, over one PostgreSQL: no request belongs to a machine, and one may die or be renewed in
the middle of everybody's lookups.
"""

from __future__ import annotations

import logging
import signal
import time
from pathlib import Path

import pytest

from tests.integration.web.site import serve
from tests.soak.limited_hum import LimitedHum
from tests.soak.people import Crowd
from tests.soak.server import serving
from tests.soak.worker_processes import RunningBatch, until, workers_on
from tools import proxied
from webapp.batches.batch import BatchState
from webapp.lookups.polling import CREATE_LEASE, POLL_LEASE

PEOPLE, ROWS, MEANWHILE = 8, 40, 5.0
TAIL = CREATE_LEASE + POLL_LEASE + 40
"""Seconds in which everybody must have seen an end: two leases one after the other, and a slow machine."""
ENDS = {("done", "served", None), ("failed", "refused", "uncertain")}
log = logging.getLogger(__name__)


@pytest.mark.long
@pytest.mark.slow("it waits for what a dead machine had begun")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_of_two_machines_dies_and_both_are_renewed_while_people_look_up(
    programs: None, database_url: str, tmp_path: Path
) -> None:
    hum = LimitedHum(6000, 5.0, latency=0.2, speed=4)
    folders = [tmp_path / name for name in ("first", "second", "proxy")]
    for folder in folders:
        folder.mkdir()
    with serve(hum) as url:  # type: ignore[arg-type]
        environment = {
            "HUM_API_URL": url,
            "HUM_API_KEY": "key",
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a secret that both machines share, as they must",
            "HTTPS": "1",
            "PROXY_HOPS": "1",
            "WEB_CONCURRENCY": "1",
            "POLL_INTERVAL": "0.5",
            "LOOKUPS_PER_MINUTE_ADDRESS": "0",
        }
        with (
            serving(folders[0], **environment) as first,
            serving(folders[1], **environment) as second,
            proxied.proxy(folders[2], first.port, second_server(second.port)) as proxy,
            workers_on(tmp_path, **environment) as workers,
        ):
            for _ in range(2):
                workers.start().wait_until_it_works()
            batch = RunningBatch(database_url, ROWS, first=5000)
            crowd = Crowd(f"https://{proxied.NAME}", PEOPLE, proxy.browser)
            crowd.come()
            until(lambda: batch.ended() > 0, "no row ends")

            first.kill_machine()
            workers.processes[0].kill()
            time.sleep(MEANWHILE)
            first.start()
            workers.start().wait_until_it_works()
            for server in (second, first):
                server.tell(signal.SIGTERM)
                assert server.ended() == 0
                server.start()
                time.sleep(MEANWHILE)

            crowd.go_home(TAIL)
            until(lambda: batch.state is BatchState.FINISHED, "rows are lost", TAIL, tell=batch.standing)
    log.info(
        "%d lookups, %d keys pressed again, %d connections broken, %s; rows: %s",
        *(len(crowd.notes.accepted), len(crowd.notes.lost), crowd.notes.broken),
        *(dict(crowd.notes.statuses), dict(batch.ends())),
    )
    notes = crowd.notes
    assert notes.ended.keys() == notes.accepted.keys(), "everybody sees the end of what they began"
    assert batch.ends().keys() <= ENDS
    assert max(hum.sessions.values()) == 1, "nothing is paid for twice"
    assert set(notes.statuses) <= {200, 303, 502, 503}
    assert len(notes.accepted) > PEOPLE
    batch.close()


def second_server(port: int) -> dict[str, str]:
    """The line that `docs/operations.md` adds to nginx's file."""
    one = "    server 127.0.0.1:8000;\n"
    return {one: f"{one}    server 127.0.0.1:{port};\n"}
