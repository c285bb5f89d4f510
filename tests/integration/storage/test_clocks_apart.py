"""Two machines on one PostgreSQL server whose clocks differ: one lookup, one cookie, and both machines may serve
them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.integration.web.clock import Clock
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor
from tests.sweeps import few
from webapp import create_app
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
each_may_be_first = pytest.mark.parametrize("first", few([0, 1], [1]))
SECRET = "one secret for all machines of this site"


class MachineClock(Clock):
    """Runs as the server's does, `now` seconds ahead of it."""

    def __call__(self) -> float:
        return time.time() + self.now


@dataclass
class Machines:
    """Each machine's site and its clock, behind one address: `next` says which machine gets the next request."""

    sites: tuple[Site, Site]
    next: int = 0

    def __post_init__(self) -> None:
        self._apps = [site.app.wsgi_app for site in self.sites]
        self.sites[0].app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._apps[self.next](environ, start_response)

    def visitor(self) -> Visitor:
        """A new browser."""
        return self.sites[0].visitor()

    def advance(self, seconds: float) -> None:
        """Moves all clocks, as time does."""
        for site in self.sites:
            site.clock.advance(seconds)


@pytest.fixture
def machines(database_url: str, tmp_path: Path) -> Iterator[Machines]:
    """Two; the clock of the second is 30 seconds ahead."""
    sites = []
    for off in (0.0, 30.0):
        clock = MachineClock()
        clock.now = off
        given = {"STATE_DIR": str(tmp_path), "DATABASE_URL": database_url, "SECRET_KEY": SECRET}
        services = build_services(load(given), machine_clock=clock)
        # A new connection would ask the server for the time, which a test cannot move: these are all that will be
        # needed.
        for connection in [services.engine.connect() for _ in range(4)]:
            connection.close()
        app = create_app(services=services)
        sites.append(Site(app, services, clock, None))  # type: ignore[arg-type]
    yield Machines((sites[0], sites[1]))
    for site in sites:
        site.close()


def begin(machines: Machines, at: int, scenario: str) -> tuple[Visitor, Page]:
    machines.next = at
    visitor = machines.visitor()
    return visitor, visitor.look_up(**SCENARIOS[scenario].address)


@each_may_be_first
def test_a_lookup_begun_on_one_machine_is_asked_about_by_the_other(machines: Machines, first: int) -> None:
    visitor, page = begin(machines, first, "normal")
    path = page.poller.get("data-hx-get", "").split("/progress")[0] if page.poller is not None else ""
    polls = 0
    while page.poller is not None and polls < 9:
        machines.advance(3)
        machines.next = 1 - machines.next
        page = visitor.poll(page)
        polls += 1
    assert visitor.get(path).provider_names
    assert polls <= 7, "neither machine waited for the other's clock"


@each_may_be_first
def test_an_answer_that_one_machine_waits_for_is_not_given_up_by_the_other(machines: Machines, first: int) -> None:
    visitor, page = begin(machines, first, "normal")
    with machines.sites[0].database() as connection:
        waiting = (
            "UPDATE lookup SET state = 'created', token = NULL, claimed_at = created_at, next_poll_at = created_at + 30"
        )
        assert connection.execute(sa.text(waiting)).rowcount == 1
    machines.advance(10)
    machines.next = 1 - first
    page = visitor.poll(page)
    assert page.poller is not None
    assert "we do not know" not in page.text


@each_may_be_first
def test_a_fresh_cookie_is_known_to_the_other_machine(machines: Machines, first: int) -> None:
    visitor, page = begin(machines, first, "fast")
    machines.next = 1 - first
    history = visitor.get("/lookups")
    assert page.heading in history.text


@each_may_be_first
def test_a_fresh_link_is_open_on_the_other_machine(machines: Machines, first: int) -> None:
    visitor, page = begin(machines, first, "fast")
    path = page.poller.get("data-hx-get", "").split("/progress")[0] if page.poller is not None else ""
    links = visitor.follow(visitor.press(visitor.get(f"{path}/shares"), "Create a link"))
    token = links.html.partition("/shared/")[2].partition('"')[0]
    machines.next = 1 - first
    assert machines.visitor().get(f"/shared/{token}").status == 200


def test_a_cookie_that_a_clock_a_minute_ahead_has_dated_is_as_good_as_any(tmp_path: Path, database_url: str) -> None:
    site = open_site(tmp_path, DATABASE_URL=database_url)
    visitor = site.visitor()
    page = visitor.look_up("fast")
    site.clock.advance(-60)
    assert page.heading in visitor.get("/lookups").text
    site.clock.advance(181 * 86_400)
    assert page.heading not in visitor.get("/lookups").text, "its life has ended"
    site.close()
