"""Workers are killed at random under load, the app is deployed, its master dies: no lookup is lost and none is paid for
twice.

What happened is printed: `pytest tests/soak -o log_cli=true --log-cli-level=info`. KILL_SEED repeats a course of
killings.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.web.site import serve
from tests.soak.people import Crowd
from tests.soak.server import Server, serving
from tests.soak.upstream import Upstream
from webapp.lookups.polling import CREATE_LEASE, POLL_LEASE

LATENCY = 0.2
CROWD = 36
REFUSES_EVERY = 20
"""Creates of which Hum refuses one: few enough for no circuit to open."""
TAIL = CREATE_LEASE + POLL_LEASE + 40
"""Seconds in which everybody must have seen an end after the last kill: two leases one after the other, and a slow
machine.
"""
log = logging.getLogger(__name__)


class Killings:
    """A course of events that a seed decides."""

    def __init__(self, server: Server, seed: int) -> None:
        self._server = server
        self._random = random.Random(seed)
        self.workers = self.deploys = self.masters = 0

    def go_on_for(self, seconds: float) -> None:
        """About one worker a second; a deploy after a third of the time, a killed master after two thirds."""
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            time.sleep(self._random.uniform(0.5, 1.5))
            if not self.deploys and passed > seconds / 3:
                self._server.tell(signal.SIGHUP)
                self.deploys += 1
            elif not self.masters and passed > seconds * 2 / 3:
                self._server.kill_master()
                self._server.start()
                self.masters += 1
            elif workers := self._server.workers():
                self._server.kill(self._random.choice(workers))
                self.workers += 1


@pytest.mark.long
@pytest.mark.slow("it kills workers for a minute, and waits for the last lookup to end")
@pytest.mark.parametrize(
    ("database_url", "seconds"),
    [("postgresql", 60), ("sqlite", 15)],
    indirect=["database_url"],
)
def test_killing_workers_loses_no_lookup_and_pays_for_none_twice(
    database_url: str, seconds: float, tmp_path: Path
) -> None:
    seed = int(os.environ.get("KILL_SEED", "20261122"))
    upstream = Upstream(LATENCY, refuses_every=REFUSES_EVERY)
    with serve(upstream) as hum:  # type: ignore[arg-type]
        environment = {
            "HUM_API_URL": hum,
            "HUM_API_KEY": "key",
            "DATABASE_URL": database_url,
            "LOOKUPS_PER_MINUTE_ADDRESS": "0",
        }
        with serving(tmp_path, WEB_CONCURRENCY="3", POLL_INTERVAL="0.3", **environment) as server:
            crowd, killings = Crowd(server.url, CROWD), Killings(server, seed)
            crowd.come()
            try:
                killings.go_on_for(seconds)
            finally:
                began = time.monotonic()
                crowd.go_home(TAIL)
    rows, notes = stored(database_url), crowd.notes
    # A form that Hum refuses, or cannot be asked for in time, is kept as refused, and sent again by its person as a new
    # one.
    refused = [row for row in rows if f"/lookups/{row.id}" not in notes.accepted]
    assert {(row.state, row.token) for row in refused} <= {("failed", None)}
    assert {row.street1 for row in refused} <= {row.street1 for row in rows if row not in refused}
    rows = [row for row in rows if row not in refused]
    outcomes = Counter((row.state, row.outcome, row.reason) for row in rows)
    uncertain = [row for row in rows if row.reason == "uncertain"]
    declined = [row for row in rows if row.reason in {"unavailable", "down"}]
    orphans = sum(upstream.sessions.values()) - sum(row.token is not None for row in rows)
    log.info(
        "%s, seed %d: %d workers killed in %d s, %d deploy, %d master; %d lookups accepted, %d stored, %d refused, "
        "outcomes %s; %d sessions begun, %d of them orphans, most for one address %d; answers %s %s, %d connections "
        "broken, %d forms sent again, %d times Keep checking; the last end came %.0f s after the last kill",
        *(database_url.partition(":")[0], seed, killings.workers, seconds, killings.deploys, killings.masters),
        *(len(notes.accepted), len(rows), len(refused), dict(outcomes)),
        *(sum(upstream.sessions.values()), orphans, max(upstream.sessions.values())),
        *(
            dict(notes.statuses),
            dict(notes.told),
            notes.broken,
            len(notes.lost),
            notes.kept_checking,
            time.monotonic() - began,
        ),
    )
    assert killings.workers > seconds / 3
    assert killings.deploys == killings.masters == 1
    assert len(rows) >= CROWD

    assert {f"/lookups/{row.id}": row.street1 for row in rows} == notes.accepted, "accepted is stored, and stored once"
    assert notes.ended.keys() == notes.accepted.keys()
    never_begun = {("failed", "refused", reason) for reason in ("uncertain", "unavailable", "down")}
    assert outcomes.keys() <= {("done", "served", None), *never_begun}
    assert max(upstream.sessions.values()) == 1, "nobody is paid for twice"
    assert all(upstream.sessions[row.street1] == 1 for row in rows if row.token is not None)
    assert {row.street1 for row in uncertain} <= notes.lost, "uncertain is only what was killed in the middle of create"
    assert all("we do not know whether Hum began it" in notes.ended[f"/lookups/{row.id}"] for row in uncertain)
    # Hum's refusal was stored and its worker killed before it was told: the form, sent again, leads to the lookup that
    # says so.
    assert {row.street1 for row in declined} <= notes.lost
    assert all("Nothing was started." in notes.ended[f"/lookups/{row.id}"] for row in declined)
    assert not any(upstream.sessions[row.street1] for row in declined)
    assert orphans <= len(uncertain), "each session that nobody holds belongs to a lookup that says so"
    assert notes.statuses.keys() <= {200, 303, 503}


def stored(database_url: str) -> list[sa.Row[tuple[str, str, str, str | None, str | None, str | None]]]:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT id, street1, state, token, outcome, reason FROM lookup")))
