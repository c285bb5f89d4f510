"""What protects everybody else: lookups per browser and network a minute, seats for requests that ask Hum, and an
outage told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from socket import SHUT_RDWR

import pytest
from flask import Flask, request

from tests.integration.web.clock import Clock
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, serve
from tests.integration.web.visitor import Visitor
from webapp.hum.operations import STATUS
from webapp.lookups.polling import WHEN_BUSY
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.scenarios import SCENARIOS
from webapp.upstream.circuit_breaker import IN_A_ROW, OPEN_FOR


class Hum:
    """A simulator over HTTP that can be switched off: then it closes every connection without a word."""

    def __init__(self, clock: Clock) -> None:
        self.simulator: Flask = create_simulator(clock=clock, sleep=clock.advance, rate_limit=100_000)
        self.is_down = False
        self.simulator.before_request(self._hang_up)

    def _hang_up(self) -> None:
        if self.is_down:
            request.environ["werkzeug.socket"].shutdown(SHUT_RDWR)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hum(clock: Clock) -> Hum:
    return Hum(clock)


@pytest.fixture
def keyed(tmp_path: Path, clock: Clock, hum: Hum) -> Iterator[Site]:
    """The app with a key, in front of a Hum that may go down; a third lookup of a browser in a minute is one too
    many.
    """
    with ExitStack() as stack:
        url = stack.enter_context(serve(hum.simulator))
        limits = {"LOOKUPS_PER_MINUTE": "2", "LOOKUPS_PER_MINUTE_ADDRESS": "5", "HUM_CONNECTIONS": "1"}
        site = open_site(tmp_path, clock, HUM_API_URL=url, HUM_API_KEY="any", **limits)
        stack.callback(site.close)
        yield site


def look_up(visitor: Visitor, scenario: str = "never") -> Page:
    return visitor.press(visitor.get("/"), "Look up", **SCENARIOS[scenario].address)


def made(hum: Hum) -> int:
    counts: dict[str, int] = hum.simulator.extensions["simulator"].counts()
    return counts.get("create", 0)


def test_one_lookup_too_many_in_a_minute_says_how_long_to_wait(keyed: Site, hum: Hum) -> None:
    visitor = keyed.visitor()
    assert [look_up(visitor).status for _ in range(2)] == [303, 303]
    page = look_up(visitor)
    assert page.status == 429
    assert "Too many lookups in the last minute" in page.text
    assert page.values(page.form_with("Look up"))["street1"] == SCENARIOS["never"].address["street1"], (
        "what was typed is kept"
    )
    wait = int(page.headers["Retry-After"])
    assert f"in {wait} second" in page.text
    assert made(hum) == 2
    keyed.clock.advance(wait)
    assert visitor.press(page, "Look up").status == 303


def test_other_buttons_that_start_lookups_count_too(keyed: Site) -> None:
    visitor = keyed.visitor()
    first = look_up(visitor)
    look_up(visitor)
    page = visitor.follow(first)
    ended = visitor.follow(visitor.press(page, "Stop"))
    assert visitor.press(ended, "Look up again").status == 429


def test_a_second_click_is_no_second_lookup(keyed: Site, hum: Hum) -> None:
    visitor = keyed.visitor()
    look_up(visitor)
    form = visitor.get("/")
    answers = [visitor.press(form, "Look up", **SCENARIOS["never"].address) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert made(hum) == 2


def test_one_network_may_begin_more_than_one_browser_but_not_any_number(keyed: Site, hum: Hum) -> None:
    statuses = [look_up(keyed.visitor()).status for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert made(hum) == 5


def test_networks_are_counted_for_themselves(tmp_path: Path) -> None:
    site = open_site(tmp_path, LOOKUPS_PER_MINUTE_ADDRESS="1", PROXY_HOPS="1")
    first, second = (site.visitor(**{"X-Forwarded-For": address}) for address in ("192.0.2.1", "192.0.2.2"))
    assert [look_up(visitor).status for visitor in (first, second, first)] == [303, 303, 429]
    with site.database() as connection:
        stored = connection.exec_driver_sql("SELECT who FROM start_count").scalars().all()
    assert stored
    assert not [who for who in stored if "192.0.2" in who]
    site.close()


def test_a_day_holds_so_many_lookups_of_all_together_and_ends_at_midnight(tmp_path: Path) -> None:
    site = open_site(tmp_path, LOOKUPS_PER_DAY="3", LOOKUPS_PER_MINUTE="2", TIME_ZONE="America/Detroit")
    first, second = site.visitor(), site.visitor()
    assert [look_up(first).status for _ in range(3)] == [303, 303, 429], "the third is too many for its minute"
    assert "2 of at most 3 (LOOKUPS_PER_DAY). The day ends at midnight, America/Detroit." in first.get("/status").text
    assert look_up(second).status == 303, "what was refused for its minute does not count for the day"
    site.clock.advance(60)
    page = look_up(first)
    assert page.status == 429
    assert "Today's lookups are used up" in page.text
    assert "after midnight (America/Detroit), in 21 hours" in page.text
    assert page.values(page.form_with("Look up"))["street1"] == SCENARIOS["never"].address["street1"], (
        "what was typed is kept"
    )
    wait = int(page.headers["Retry-After"])
    site.clock.advance(wait - 1)
    assert "in 1 minute." in look_up(second).text
    site.clock.advance(1)
    assert look_up(second).status == 303
    assert "1 of at most 3" in first.get("/status").text
    site.close()


@pytest.mark.parametrize("through_htmx", [False, True])
def test_keep_checking_counts_like_a_lookup_and_costs_nothing_of_the_day(tmp_path: Path, through_htmx: bool) -> None:
    site = open_site(tmp_path, LOOKUPS_PER_MINUTE="2", LOOKUPS_PER_DAY="3")
    visitor = site.visitor()
    paused = []
    for _ in range(3):
        paused.append(visitor.last(visitor.follow(look_up(visitor))))
        site.clock.advance(60)
    press = visitor.press_through_htmx if through_htmx else visitor.press
    answers = [press(page, "Keep checking") for page in paused]
    assert [answer.status for answer in answers] == [200 if through_htmx else 303] * 2 + [429]
    assert answers[-1].is_fragment is through_htmx
    assert "Wait a minute, then try again" in answers[-1].text
    site.clock.advance(60)
    assert press(paused[-1], "Keep checking").status < 400
    site.close()


def test_without_a_limit_the_day_is_counted_all_the_same(keyed: Site) -> None:
    visitor = keyed.visitor()
    look_up(visitor)
    assert "1 today. No daily limit is set (LOOKUPS_PER_DAY)." in visitor.get("/status").text


def test_when_every_slot_is_taken_a_new_lookup_is_refused_at_once(keyed: Site, hum: Hum) -> None:
    visitor = keyed.visitor()
    running = visitor.follow(look_up(visitor))
    assert keyed.services.settings.hum_connections == 1
    with keyed.services.hum.acquire(STATUS):
        page, fragment = _elsewhere(lambda: look_up(visitor)), _elsewhere(lambda: visitor.poll(running))
        assert _elsewhere(lambda: visitor.get("/")).status == 200
    assert page.status == 503
    assert int(page.headers["Retry-After"]) == WHEN_BUSY
    assert "Too many lookups are being started at this moment" in page.text
    assert page.values(page.form_with("Look up"))["street1"] == SCENARIOS["never"].address["street1"]
    assert made(hum) == 1
    assert fragment.status == 200
    assert fragment.poll_delay >= WHEN_BUSY
    keyed.clock.advance(60)
    assert visitor.press(page, "Look up").status == 303


def _elsewhere(work: Callable[[], Page]) -> Page:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_when_hum_is_down_the_page_says_so_at_once_and_recovers_by_itself(keyed: Site, hum: Hum, clock: Clock) -> None:
    watching = keyed.visitor()
    running = watching.follow(look_up(watching, "slow"))
    hum.is_down = True
    others = [keyed.visitor() for _ in range(IN_A_ROW)]
    assert {look_up(visitor).status for visitor in others[:3]} == {503}
    for _ in range(2):
        clock.advance(running.poll_delay)
        running = watching.poll(running)
    before = made(hum)
    refused = look_up(others[4])
    assert (refused.status, made(hum)) == (503, before), "nobody waits for a Hum that is known to be down"
    assert "Hum is not responding" in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= OPEN_FOR
    assert "Hum is not responding" in keyed.visitor().get("/").text
    for _ in range(6):
        clock.advance(running.poll_delay)
        running = watching.poll(running)
        assert running.poller is not None, "a running lookup waits for Hum by itself"
    assert "Hum is not responding" in running.text
    hum.is_down = False
    clock.advance(30)
    *_, last = watching.watch(running)
    assert "Providers" in last.text
    assert "Hum is not responding" not in last.text
    assert last.find("outcome") is not None
    assert "Hum is not responding" not in keyed.visitor().get("/").text
    assert look_up(others[4]).status == 303
