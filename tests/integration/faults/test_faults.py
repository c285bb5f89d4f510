"""The faults of the catalog at each moment they may strike, over real HTTP: what a person sees, what is kept, how
often Hum is asked.

test_client.py says of every fault what the client makes of it. What a person sees depends on that alone, so one page
test for each kind of failure and each end suffices; the others are marked `soak`. A fault whose answers can be read is
always tried on pages: they show what it says.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.faults.expected import CLIENT, FATES, End
from tests.integration.faults.stage import HASTY, KEY, Watched, assert_ends_as, look_up, site_on_the_wire
from tests.integration.web.clock import Clock
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time, serve
from tests.sweeps import few
from webapp.hum.client import Deadlines
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.faults.table import FAULTS, GROUPS
from webapp.simulator.faults.timing import AT_CREATE, AT_PLANS
from webapp.simulator.scenarios import SCENARIOS
from webapp.simulator.serving import SimulatorRequests

LASTING = next(group for group in GROUPS if group.title == "Slow or silent").faults
OVER_HTTP = [key for key, fault in FAULTS.items() if not fault.before_http]
THOUSANDS_OF_PLANS = "fault-many-lean-plans"
"""Takes seconds to draw."""
BEFORE_HTTP = [key for key, fault in FAULTS.items() if fault.before_http]


def one_of_each_kind(moment: str) -> list[object]:
    """Every fault over HTTP, those marked `soak` whose end and whose failure at the client another one has already."""
    seen: set[tuple[End, tuple[str, ...]]] = set()
    faults: list[object] = []
    for key in OVER_HTTP:
        end, client = getattr(FATES[key], moment), CLIENT[key]
        calls = {"poll": (client.status, client.internet), "plans": (client.internet,), "create": (client.create,)}
        kind = (end, tuple(kind_of(words) for words in calls[moment]))
        is_new = kind not in seen
        seen.add(kind)
        is_short = key != THOUSANDS_OF_PLANS and is_new
        faults.append(key if is_short else pytest.param(key, marks=pytest.mark.soak))
    return faults


def kind_of(words: str) -> str:
    """`Unavailable timeout uncertain` -> `Unavailable uncertain`: the reason is for the log and the console."""
    first, *others = words.split()
    return f"{first} uncertain" if "uncertain" in others else first


def watch(site: Site, key: str, moment: str = "") -> Watched:
    """A fault that only a deadline ends gets a short one, from when it strikes on."""

    def hurry() -> None:
        site.services.hum.deadlines = HASTY

    return look_up(site, FAULTS[key], moment, about_to_strike=hurry if FAULTS[key] in LASTING else None)


def test_the_table_names_every_fault() -> None:
    assert set(FATES) == set(FAULTS)


@pytest.mark.parametrize("key", one_of_each_kind("poll"))
def test_a_fault_in_mid_poll(tmp_path: Path, key: str) -> None:
    with site_on_the_wire(tmp_path) as site:
        watched = watch(site, key)
        watched.look_at_everything()
        assert_ends_as(watched, FATES[key].poll)


@pytest.mark.parametrize("key", one_of_each_kind("plans"))
def test_a_fault_after_the_providers(tmp_path: Path, key: str) -> None:
    with site_on_the_wire(tmp_path) as site:
        assert_ends_as(watch(site, key, AT_PLANS), FATES[key].plans)


@pytest.mark.parametrize("key", one_of_each_kind("create"))
def test_a_fault_in_the_answer_to_create(tmp_path: Path, key: str) -> None:
    with site_on_the_wire(tmp_path) as site:
        assert_ends_as(watch(site, key, AT_CREATE), FATES[key].create)
        assert site.upstream_calls("create") == 1, "a create that may have arrived is never repeated"


@pytest.mark.parametrize("key", few([fault.key for fault in LASTING], [LASTING[0].key]))
def test_what_lasts_is_cut_off_at_the_deadline(tmp_path: Path, key: str) -> None:
    with site_on_the_wire(tmp_path) as site:
        calls = watch(site, key).calls()
        assert [call.error for call in calls] == [None, None, "timeout", "timeout", "timeout"]


@pytest.mark.parametrize(("key", "error"), [("fault-gzip-bomb", "encoded"), ("fault-ten-megabytes", "too-large")])
def test_what_is_too_large_is_read_to_the_cap_and_no_further(tmp_path: Path, key: str, error: str) -> None:
    with site_on_the_wire(tmp_path) as site:
        struck = watch(site, key).calls()[2:]
        assert {call.error for call in struck} == {error}
        assert all(call.size < Deadlines().max_bytes + 100_000 for call in struck)


def test_a_redirect_is_told_as_one_and_led_nowhere(tmp_path: Path) -> None:
    """Had it been followed, a connection would have failed: there is no such host."""
    with site_on_the_wire(tmp_path) as site:
        assert {call.error for call in watch(site, "fault-redirect").calls()} == {None}


@pytest.mark.parametrize("key", ["fault-nul", "fault-surrogates"])
def test_what_no_text_should_hold_can_be_stored(tmp_path: Path, database_url: str, key: str) -> None:
    with site_on_the_wire(tmp_path, DATABASE_URL=database_url) as site:
        assert_ends_as(watch(site, key), FATES[key].poll)


@pytest.mark.parametrize(("moment", "fate"), [("", "poll"), (AT_PLANS, "plans")])
@pytest.mark.parametrize("key", BEFORE_HTTP)
def test_a_fault_before_http_in_process(tmp_path: Path, key: str, moment: str, fate: str) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, faults=True)
    assert_ends_as(watch(site, key, moment), getattr(FATES[key], fate))
    site.close()


@pytest.mark.parametrize(
    "key", ["fault-hang", "fault-slow-body", "fault-reset", "fault-gzip-bomb", "fault-ten-megabytes"]
)
def test_in_process_a_fault_ends_as_on_the_wire(tmp_path: Path, key: str) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, faults=True)
    assert_ends_as(watch(site, key), FATES[key].poll)
    site.close()


def test_a_server_that_goes_away_in_mid_poll(tmp_path: Path) -> None:
    """The connection refused, over real sockets."""
    clock = Clock()
    with ExitStack() as server:
        simulator = create_simulator(clock=clock, faults=True)
        url = server.enter_context(serve(simulator, SimulatorRequests))
        site = open_site(tmp_path, clock, HUM_API_URL=url, HUM_API_KEY=KEY)
        assert_ends_as(look_up(site, FAULTS["fault-closed"], about_to_strike=server.close), FATES["fault-refused"].poll)
        site.close()


@pytest.mark.parametrize(
    ("key", "pointed_at"),
    [("refused", "http://127.0.0.1:{closed}"), ("no-such-host", "https://hum.invalid"), ("tls", "")],
)
def test_a_fault_before_http_at_create(tmp_path: Path, key: str, pointed_at: str) -> None:
    """Chosen by where HUM_API_URL points: for TLS at a server that speaks plain HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    fate = FATES[f"fault-{key}"].create
    with serve(create_simulator(), SimulatorRequests) as plain:
        url = pointed_at.format(closed=closed) or plain.replace("http:", "https:")
        site = open_site(tmp_path, HUM_API_URL=url, HUM_API_KEY=KEY)
        assert_ends_as(look_up(site, SCENARIOS["fast"]), fate)
        site.close()
