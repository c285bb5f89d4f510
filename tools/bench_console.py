"""Times a poll with and without recorded calls: `python -m tools.bench_console`. The API console may add a tenth at
most.

Only the CPU of the answering thread counts; the simulator answers over HTTP in another one, as Hum would.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles
from threading import Thread

from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from webapp import create_app
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import SCENARIOS
from webapp.simulator import create_app as create_simulator

LOOKUPS = 25
SCENARIO_KEYS = ("never", "late-plans")
LONGEST_WAIT = 3.0


class Clock:
    """Epoch seconds that pass only when told to."""

    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class Quiet(WSGIRequestHandler):
    """Keeps its connections, and serves without a log line a request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


@contextmanager
def simulator(clock: Clock) -> Iterator[str]:
    """The URL of a simulator on this machine."""
    app = create_simulator(clock=clock, rate_limit=10_000_000)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def browser(url: str, clock: Clock, days: int) -> Iterator[FlaskClient]:
    """A visitor of an app with a database of its own, that keeps calls for `days`."""
    with tempfile.TemporaryDirectory() as state:
        environment = {
            "STATE_DIR": state,
            "LOG_LEVEL": "error",
            "HUM_API_URL": url,
            "HUM_API_KEY": "bench",
            "CALLS_KEPT_DAYS": str(days),
        }
        services = build_services(load(environment), clock=clock)
        yield create_app(services=services).test_client()
        services.engine.dispose()


def look_up(client: FlaskClient, scenario: str, number: int) -> str:
    """Starts a lookup and returns its path."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").get_data(as_text=True))
    key = f"bench-{scenario}-{number:04d}-0123456789"
    answer = client.post(
        "/lookups", data={**SCENARIOS[scenario].address, "submit_key": key, "csrf_token": token[1] if token else ""}
    )
    if answer.status_code != 303:
        raise RuntimeError(f"the lookup was answered with {answer.status_code}")
    return str(answer.location)


def poll(client: FlaskClient, path: str) -> tuple[float, bool]:
    """CPU seconds of one progress fragment, and whether it will ask again."""
    started = time.thread_time()
    answer = client.get(f"{path}/progress", headers={"HX-Request": "true"})
    seconds = time.thread_time() - started
    if answer.status_code != 200:
        raise RuntimeError(f"the poll was answered with {answer.status_code}")
    return seconds, b"load delay:" in answer.get_data()


def measure(
    clients: tuple[FlaskClient, FlaskClient], clock: Clock, scenario: str, number: int
) -> list[tuple[float, float]]:
    """The polls of one lookup, watched to its end by both visitors in turn: CPU seconds of each pair."""
    paths = [look_up(client, scenario, number) for client in clients]
    pairs: list[tuple[float, float]] = []
    asking = True
    while asking:
        clock.now += LONGEST_WAIT
        # Whoever comes second finds warmer caches, so they change places.
        order = (0, 1) if len(pairs) % 2 else (1, 0)
        times = [0.0, 0.0]
        for each in order:
            times[each], asking = poll(clients[each], paths[each])
        pairs.append((times[0], times[1]))
    return pairs


def main() -> None:
    """Prints the medians and the ratio."""
    clock = Clock()
    with ExitStack() as stack:
        url = stack.enter_context(simulator(clock))
        clients = (stack.enter_context(browser(url, clock, 7)), stack.enter_context(browser(url, clock, 0)))
        for scenario in SCENARIO_KEYS:
            measure(clients, clock, scenario, 0)
            pairs = [pair for number in range(1, LOOKUPS) for pair in measure(clients, clock, scenario, number)]
            recorded, plain = (median(times) * 1000 for times in zip(*pairs, strict=True))
            low, middle, high = quantiles((one / other for one, other in pairs), n=4)
            print(
                f"{scenario}: {len(pairs)} polls, {recorded:.2f} ms of CPU with recording, {plain:.2f} ms without: "
                f"{recorded / plain:.3f}"
            )
            print(f"  ratio of pairs: median {middle:.3f}, quartiles {low:.3f} and {high:.3f}")


if __name__ == "__main__":
    main()
