"""A lookup under an upstream that says anything at all, in any order: still monotonic, still few polls, still an
end.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.lookups.stage import Stage, request_for
from webapp.lookups.lifecycle import POLL_WINDOW, State

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TOKEN = "token-of-the-flapping-hum"
ORDER = list(State)
KEYS = itertools.count()

Body = dict[str, object]
Play = tuple[str, Body | str]


def body(geocoding: str | None, internet: str | None, address: str | None, providers: object) -> Body:
    """An answer with everything in it that anyone ever put into one."""
    agents = {"geocoding": geocoding, "internet": internet}
    data = {"service_address": address} | ({"internet": providers} if providers is not None else {})
    return {
        "message": "fine",
        "request_status": "ok",
        "data": data,
        "meta": {"session_token": TOKEN, "agent_status": agents},
    }


words = st.sampled_from([None, "pending", "matched", "multiple", "failed", "Matched", "thinking"])
providers = st.none() | st.lists(
    st.builds(
        lambda name, plans: {"provider_name": name, "product_catalog": [{"products": [{"name": "Plan"}] * plans}]},
        st.sampled_from(["Rocket Fiber", "Frontier"]),
        st.integers(0, 2),
    ),
    max_size=3,
)
bodies = st.builds(body, words, words, st.sampled_from([None, "", "1 MAIN ST, DETROIT, MI 48226"]), providers)
good = st.tuples(st.sampled_from(["200 OK", "202 Accepted"]), bodies)
bad = st.sampled_from(
    [
        ("500 Oops", "{}"),
        ("502 Bad Gateway", "<html>"),
        ("429 Slow", "{}"),
        ("200 OK", "[1"),
        ("404 No", "{}"),
        ("401 No", "{}"),
    ]
)
plays = st.lists(good | good | good | bad, min_size=1, max_size=24)


class FlappingHum:
    """Answers a create well, and every call after it with the next play; the last one is repeated."""

    def __init__(self) -> None:
        self.plays: list[Play] = []
        self.calls = 0

    def play(self, plays: Sequence[Play]) -> None:
        self.plays, self.calls = list(plays), 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        play: Play = ("201 Created", body("pending", "pending", None, None))
        if environ["REQUEST_METHOD"] == "GET":
            self.calls += 1
            play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
        status, content = play
        start_response(status, [("Content-Type", "application/json")])
        return [(content if isinstance(content, str) else json.dumps(content)).encode()]


@pytest.fixture
def hum() -> FlappingHum:
    return FlappingHum()


@pytest.fixture
def flapping(sqlite_url: str, hum: FlappingHum) -> Iterable[Stage]:
    stage = Stage(sqlite_url, upstream=hum)
    yield stage
    stage.close()


# One database and one upstream serve all examples: each example is a lookup of its own in them.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plays)
def test_it_moves_on_and_comes_to_an_end(flapping: Stage, hum: FlappingHum, plays: list[Play]) -> None:
    hum.play(plays)
    lookup = flapping.service.start(request_for("fast", submit_key=str(next(KEYS)))).lookup
    while lookup.being_asked:
        before, lookup = lookup, flapping.refresh_when_due(lookup)

        assert ORDER.index(lookup.state) >= ORDER.index(before.state)
        assert lookup.polls == before.polls + 1, "a poll that was due was made"
        assert lookup.provider_count or not before.provider_count
        assert lookup.matched_address or not before.matched_address
        assert flapping.stored(lookup) == lookup
        assert lookup.window_polls <= 9
        assert hum.calls <= 2 * lookup.polls, "a status and a list each time at most"
        shown = flapping.service.providers(lookup)
        assert (0 if shown is None else len(shown.providers)) == lookup.provider_count, "the page shows what is counted"
    assert lookup.outcome is not None
    assert flapping.clock.now - lookup.window_started_at <= lookup.window_seconds
    assert lookup.window_seconds <= POLL_WINDOW + 9 * 60, "only waits that Hum caused, each of a minute at most"
