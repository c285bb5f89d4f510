"""The app in front of a simulator that it reaches over real HTTP, a person who looks up an address that plays a fault,
and what is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from tests.integration.faults.expected import End, Ending, Kept
from tests.integration.web.clock import Clock
from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site, serve
from tests.integration.web.visitor import Visitor
from webapp.hum.client import Deadlines
from webapp.lookups.schema import call_table
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.faults import MARKUP
from webapp.simulator.scenario import Scenario
from webapp.simulator.serving import SimulatorRequests

KEY = "k3y-that-nobody-may-see-0123456789"
HASTY = Deadlines(connect=1.0, read=0.1, total=0.15, create=0.15)
"""For answers that must not come in time."""
WORDS_OF_PAGES = ("Bad Gateway", "Gateway Time-out", "Sign in to continue", "elsewhere.invalid")
"""What the faults' own pages and headers say; only the API console may repeat it."""


@contextmanager
def site_on_the_wire(folder: Path, **environment: str) -> Iterator[Site]:
    """The keyed app and its simulator on one clock that the test turns. At the end, no exchange may be under way any
    more.
    """
    clock = Clock()
    simulator = create_simulator(clock=clock, sleep=clock.advance, api_key=KEY, rate_limit=100_000, faults=True)
    before = set(threading.enumerate())
    with serve(simulator, SimulatorRequests) as url:
        site = replace(open_site(folder, clock, HUM_API_URL=url, HUM_API_KEY=KEY, **environment), simulator=simulator)
        try:
            yield site
        finally:
            site.close()
            # A connection that the app still held would keep its thread of the simulator for 30 seconds.
            for thread in set(threading.enumerate()) - before:
                if "process_request_thread" in thread.name:
                    thread.join(10)
                    assert not thread.is_alive(), "an exchange was not let go"


@dataclass
class Watched:
    """A lookup of a fault, watched to its end. `names` are the providers that were there before it struck."""

    site: Site
    visitor: Visitor
    pages: list[Page]
    path: str = ""
    names: list[str] = field(default_factory=list)
    console: list[Page] = field(default_factory=list)

    @property
    def end(self) -> Page:
        return self.pages[-1]

    def calls(self) -> list[sa.Row[tuple[str, str, int]]]:
        """Operation, error and size of every call, as recorded."""
        columns = (call_table.c.operation, call_table.c.error, call_table.c.size)
        with self.site.database() as connection:
            return list(connection.execute(sa.select(*columns).order_by(call_table.c.id)))

    def look_at_everything(self) -> None:
        """Opens what the lookup's page leads to: plans, providers, exports, the console with what Hum said."""
        console = f"{self.path}/console"
        self.console.append(self.visitor.get(console))
        below = self.end.addresses_below(self.path) - {console} | {f"{self.path}/calls.har"}
        self.pages[-1:-1] = [self.visitor.get(address) for address in below]


def look_up(
    site: Site, fault: Scenario, moment: str = "", *, about_to_strike: Callable[[], None] | None = None
) -> Watched:
    """Looks the fault's address up and watches it to the end. `about_to_strike` is called once, when the next poll may
    be struck.
    """
    visitor = site.visitor()
    if about_to_strike and moment == "at create":
        about_to_strike()
    first = visitor.press(visitor.get("/"), "Look up", **fault.address, street2=moment)
    watched = Watched(site, visitor, [first])
    if first.status != 303:
        return watched
    watched.path = first.location
    watched.pages.append(visitor.follow(first))
    struck = moment == "at create"
    for fragment in visitor.watch(watched.end):
        watched.pages.append(fragment)
        ready = fragment.provider_names if moment == "at plans" else "Address matched" in fragment.steps
        if ready and not struck:
            struck = True
            watched.names = fragment.provider_names
            if about_to_strike:
                about_to_strike()
    assert struck, "the fault had nothing to strike at"
    watched.pages.append(visitor.get(watched.path))
    return watched


def assert_ends_as(watched: Watched, expected: End) -> None:
    """The person sees it, can go on, and nothing that was known is gone; no page failed or told what it must not."""
    assert_seen(watched, expected.ending)
    assert_kept(watched, expected.kept)
    secrets = {KEY, *watched.site.secrets_of_sessions()}
    for page in (*watched.pages, *watched.console):
        assert page.status in {200, 303, 422, 503}
        assert not page.is_html or MARKUP not in page.html
        assert not [secret for secret in secrets if secret in page.html]
    assert not [word for word in WORDS_OF_PAGES for page in watched.pages if page.is_html and word in page.html]
    assert 0 < len(watched.calls()) <= expected.calls
    if watched.site.simulator is not None:
        assert sum(watched.site.simulator.extensions["simulator"].counts().values()) <= expected.calls


def assert_seen(watched: Watched, ending: Ending) -> None:
    page = watched.end
    assert page.poller is None
    if watched.path:
        assert page.text_of("outcome").startswith(ending.title)
        buttons = [text_in(button) for button in page.root.iter("button")]
        assert ending.next_action in [*page.ways_on, *buttons]
    else:
        refusal = "faults" if page.status == 422 else "trouble"
        assert page.text_of(refusal).startswith(ending.title)
        assert page.form_with(ending.next_action) is not None
    assert ending.says in page.text


def assert_kept(watched: Watched, kept: Kept) -> None:
    page = watched.end
    if not watched.path:
        assert kept is Kept.TYPED
        typed = page.values(page.form_with("Look up"))
        assert "Scenario Way" in typed["street1"]
        assert (typed["zip"], typed["city"], typed["state"]) == ("48226", "Detroit", "MI")
        return
    assert "Scenario Way" in page.heading
    assert (page.find("match") is not None) is (kept is not Kept.TYPED)
    assert bool(page.provider_names) is (kept is Kept.PROVIDERS)
    if watched.names and len(page.provider_names) == len(watched.names):
        assert all(name.startswith(before) for name, before in zip(page.provider_names, watched.names, strict=True))
        assert "Lowest stated price" in page.text_of("outcome"), "what was known of prices has gone"
    assert len(page.provider_names) >= len(watched.names)
