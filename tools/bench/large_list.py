"""How long an answer of sixty providers with sixty plans each stops the other requests of a worker.

`python -m tools.bench.large_list` prints the longest stretches of computing during the poll that brings such a list.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tools.trips import ARTICLE, Clock, poll, start
from webapp.services import build_services
from webapp.settings import load
from webapp.simulator import create_app
from webapp.simulator.adapter import SimulatorAdapter
from webapp.upstream.transport import open_http
from webapp.web.application import build_application

LARGE = (60, 60)
"""Providers, and plans of each."""
RESUMED = "the answer"
MEMBERS = (
    "sku",
    "category",
    "technology",
    "download_speed",
    "upload_speed",
    "data_limit",
    "is_contract_required",
    "is_modem_router_included",
    "initial_term_discount_months",
)


class Stretches:
    """How much is computed from one moment at which other requests may run to the next, by `clock`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.moments: list[tuple[float, str]] = []
        self._clock = clock

    def give_way(self) -> None:
        """Notes a moment at which other requests may run, and who gave way."""
        caller = sys._getframe(1)
        self.moments.append((self._clock(), f"{caller.f_code.co_filename.rpartition('/')[2]}:{caller.f_lineno}"))

    def resume(self) -> None:
        """Notes the end of work that is not ours."""
        self.moments.append((self._clock(), RESUMED))

    def found(self) -> list[tuple[float, str]]:
        """Our stretches, the longest first, each with where it began and ended."""
        ours = [(end - begin, f"{a} to {b}") for (begin, a), (end, b) in pairwise(self.moments) if b != RESUMED]
        return sorted(ours, reverse=True)


def with_large_list(simulator: WSGIApplication, stretches: Stretches) -> WSGIApplication:
    """The simulator with each list of providers blown up. Its work is not ours, so a stretch ends where it begins."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        stretches.give_way()
        answer: list[Any] = []
        body = b"".join(simulator(environ, lambda *head: answer.extend(head)))  # type: ignore[arg-type]
        if environ["PATH_INFO"].endswith("/internet") and answer[0].startswith("200"):
            body = enlarged(body, *LARGE)
            answer[1] = [(name, value) for name, value in answer[1] if name.lower() != "content-length"]
        start_response(*answer)
        stretches.resume()
        return [body]

    return application


def enlarged(body: bytes, provider_count: int, plan_count: int) -> bytes:
    """An answer with so many providers and plans of each, made of those it has; each has its own id and secret."""
    answer = json.loads(body)
    given = [provider for provider in answer["data"]["internet"] if provider["product_catalog"]]
    providers = []
    for number in range(provider_count):
        provider = json.loads(json.dumps(given[number % len(given)]))
        provider |= {"provider_id": f"provider-{number}", "provider_name": f"{provider['provider_name']} {number}"}
        provider["security_token"] = f"{provider['security_token']}-{number}"
        category = provider["product_catalog"][0]
        products = category["products"]
        category["products"] = [
            _shortened(products[plan % len(products)]) | {"id": f"plan-{plan}", "name": f"Plan {plan}"}
            for plan in range(plan_count)
        ]
        providers.append(provider)
    answer["data"]["internet"] = providers
    return json.dumps(answer, separators=(",", ":")).encode()


def _shortened(product: dict[str, Any]) -> dict[str, Any]:
    """A product with what is read of it and four of its amounts: 3,600 whole ones exceed the limit of 2 MB."""
    pricing = list(product["pricing"].items())
    return {name: product[name] for name in MEMBERS} | {"pricing": dict(pricing[:3] + pricing[-1:])}


def play(stretches: Stretches) -> None:
    """Leaves the stretches of the poll that brings a large list to its page, after one that has warmed every cache."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        simulator = create_app(clock=clock, rate_limit=100_000)
        http = open_http(simulator_adapter=SimulatorAdapter(with_large_list(simulator, stretches)))
        settings = load({"STATE_DIR": folder, "LOG_LEVEL": "error"})
        app = build_application(build_services(settings, http=http, clock=clock, give_way=stretches.give_way))
        for _ in range(2):
            client = app.test_client()
            path, _submit = start(client)
            page = client.get(path).get_data(as_text=True)
            while "data-hx-trigger" in page and ARTICLE not in page:
                clock.now += 2.5
                stretches.moments.clear()
                stretches.give_way()
                page = poll(client, page)
                stretches.give_way()
            if ARTICLE not in page:
                raise SystemExit("The large list did not reach the page.")


def longest_stop() -> float:
    """Milliseconds of the longest stretch, in a process of its own: the garbage of other measurements would count."""
    found = subprocess.run([sys.executable, "-m", "tools.bench.large_list"], check=True, capture_output=True, text=True)
    return max(float(line.split()[0]) for line in found.stdout.splitlines()[1:])


def main() -> None:
    """Print the longest stretches and the whole."""
    # As in a worker that serves: see `webapp.gunicorn_conf.get_ready`, whose import would bring gevent's patches.
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 50, 100)
    stretches = Stretches(time.process_time)
    play(stretches)
    found = stretches.found()
    print(f"{len(found)} stretches, {sum(seconds for seconds, _ in found) * 1000:.0f} ms in all")
    for seconds, where in found[:12]:
        print(f"{seconds * 1000:6.1f} ms  {where}")


if __name__ == "__main__":
    main()
