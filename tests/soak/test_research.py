"""Web searches whose page was closed: real workers finish them, also after one was killed, and leave nothing open."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.integration.web.site import serve
from tests.soak.worker_processes import until, workers_on
from webapp.addresses.address import Address
from webapp.agent_simulator import SCENARIOS
from webapp.agent_simulator import create_app as create_agent_simulator
from webapp.lookups.polling import Request
from webapp.research.lifecycle import State
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS as HUM_SCENARIOS
from webapp.simulator import create_app as create_simulator

pytestmark = [pytest.mark.soak, pytest.mark.long, pytest.mark.slow("it waits for a search in real time")]


def test_a_search_that_nobody_watches_is_finished_by_whichever_worker_lives(database_url: str, tmp_path: Path) -> None:
    agents = create_agent_simulator()
    simulator = agents.extensions["agent_simulator"]
    simulator.default = SCENARIOS["idle"]
    with serve(create_simulator()) as hum, serve(agents) as h:
        environment = {
            "HUM_API_KEY": "hum-key-0123456789",
            "HUM_API_URL": hum,
            "H_API_KEY": "hk-0123456789",
            "H_API_URL": h,
            "DATABASE_URL": database_url,
            "STATE_DIR": str(tmp_path),
        }
        services = build_services(load(environment))
        assert services.researches is not None
        address = Address(**HUM_SCENARIOS["no-providers"].address)
        lookup = services.lookups.start(Request(address, viewer="viewer", submit_key="a-key-of-the-tests")).lookup
        while lookup.being_asked:
            time.sleep(0.2)
            lookup = services.lookups.refresh(lookup)
        services.researches.start(lookup)
        with workers_on(tmp_path, **environment) as workers:
            workers.start().wait_until_it_works()
            workers.processes[0].kill()
            workers.start().wait_until_it_works()

            def ended() -> bool:
                research = services.researches.find(lookup.id)
                return research is not None and research.state is State.DONE and research.slot is None

            until(ended, "the search is not finished", 90)
            assert "hk-0123456789" not in workers.said()
        services.engine.dispose()
    assert simulator.active() == []
    assert (simulator.calls["create"], simulator.calls["delete"], len(simulator.sessions)) == (1, 1, 1)
    for session_id in simulator.sessions:
        assert session_id not in workers.said()
