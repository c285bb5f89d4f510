"""The app over real HTTP to a simulator that can be told to do something the moment it has answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.integration.web.clock import Clock
from tests.integration.web.site import Site, serve
from tests.integration.web.visitor import Visitor
from webapp import create_app
from webapp.database import Timeouts
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS
from webapp.simulator import create_app as create_simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SHORT = Timeouts(connect=3, lock=0.15, statement=2.0, pool=2.0)
"""Nobody waits five seconds in a test."""


@dataclass
class Upstream:
    """Hum, as the app reaches it. `then` runs once, after the next answer to a call of this method is ready and before
    it is sent.
    """

    clock: Clock
    then: tuple[str, Callable[[], object]] | None = None
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.simulator = create_simulator(clock=self.clock, sleep=self.clock.advance, rate_limit=100_000)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        self.asked[method] += 1
        answer = b"".join(self.simulator(environ, start_response))
        if self.then is not None and self.then[0] == method:
            happen, self.then = self.then[1], None
            happen()
        return [answer]

    @property
    def sessions(self) -> int:
        """How many sessions were begun: what costs money."""
        return self.asked["POST"]


@dataclass(frozen=True)
class Place:
    """A site, its Hum, and one person's browser."""

    site: Site
    upstream: Upstream
    visitor: Visitor

    def tokens(self) -> dict[str, str]:
        """Hum's session of each lookup that has one."""
        with self.site.database() as connection:
            rows = connection.exec_driver_sql("SELECT id, token FROM lookup WHERE token IS NOT NULL")
            return {row[0]: row[1] for row in rows}


def address_of(scenario: str) -> dict[str, str]:
    """What a person types who wants to see this scenario."""
    return dict(SCENARIOS[scenario].address)


@contextmanager
def open_place(folder: Path, database_url: str, **environment: str) -> Iterator[Place]:
    """The app on this database with short waits."""
    clock = Clock()
    upstream = Upstream(clock)
    with serve(upstream) as url:  # type: ignore[arg-type]
        given = {
            "STATE_DIR": str(folder),
            "DATABASE_URL": database_url,
            "HUM_API_URL": url,
            "HUM_API_KEY": "key",
            **environment,
        }
        services = build_services(load(given), clock=clock, waits=SHORT)
        app = create_app(services=services)
        site = Site(app, services, clock, upstream.simulator)
        try:
            yield Place(site, upstream, site.visitor())
        finally:
            site.close()
