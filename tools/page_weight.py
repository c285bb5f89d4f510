"""Weighs a lookup's page with few providers and with the most there can be, and times the server: `python -m
tools.page_weight`.
"""

from __future__ import annotations

import gzip
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median

from flask.testing import FlaskClient

from webapp import create_app
from webapp.addresses.address import Address
from webapp.hum.providers import read_providers
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import Lookup, State
from webapp.lookups.store import LookupStore, snapshot_of
from webapp.services import Services, build_services
from webapp.settings import load
from webapp.simulator import catalog
from webapp.simulator.brands import ALL, SPECTRUM, XFINITY

RUNS = 20
VIEWER = "page-weight"
LINE = "1001 WOODWARD AVE, DETROIT, MI 48226"
PATHS = {"result": "", "result, filtered": "?tech=cable&sort=price", "CSV": "/export.csv"}


@dataclass(frozen=True, slots=True)
class Weight:
    """One page: bytes as sent and gzipped, and the median of the server's CPU seconds."""

    raw: int
    gzipped: int
    cpu: float


def few_providers() -> list[object]:
    """Four providers as a usual address has them, in Hum's newest shape."""
    return [catalog.provider(brand, LINE) for brand in ALL[:4]]


def many_providers(providers: int = 60, plans: int = 60) -> list[object]:
    """Providers of as many plans each, every plan with all the prices a plan can have."""
    products = [
        replace(product, name=f"{product.name} {number}", cents=product.cents + number)
        for number, product in zip(range(plans), (*XFINITY.products, *SPECTRUM.products) * plans, strict=False)
    ]
    brands = [
        replace(ALL[number % len(ALL)], name=f"{ALL[number % len(ALL)].name} {number}") for number in range(providers)
    ]
    return [catalog.provider(replace(brand, products=tuple(products)), LINE) for brand in brands]


def store_result(services: Services, raw: list[object], lookup_id: str) -> str:
    """Stores an ended lookup of `VIEWER` with these providers, as if Hum had answered them; returns the path of its
    page.
    """
    listed = read_providers(raw)
    if listed is None:
        raise ValueError("not a list of providers")
    digest, body = snapshot_of(listed)
    now = services.clock()
    lookup = Lookup(
        id=lookup_id,
        viewer=VIEWER,
        submit_key=lookup_id,
        environment=services.settings.environment,
        address=Address("1001 Woodward Ave", city="Detroit", state="MI", zip="48226"),
        campaign_id=None,
        created_at=now,
        state=State.DONE,
        geocoding=AgentState.MATCHED,
        internet=AgentState.MATCHED,
        matched_address=LINE,
        data_set="25041808",
        provider_count=len(listed.providers),
        plan_count=sum(len(provider.plans) for provider in listed.providers),
        snapshot_digest=digest,
        answered_at=now,
        geocoded_at=now,
        providers_at=now,
        finished_at=now,
    )
    store = LookupStore(services.engine)
    store.add(lookup)
    store.finish_poll(lookup, lookup, body)
    return f"/lookups/{lookup_id}"


def weigh(client: FlaskClient, path: str, runs: int = RUNS) -> Weight:
    """One page, asked for `runs` times after one that is not counted (templates are compiled and maps read then)."""
    seconds = []
    body = client.get(path).get_data()
    for _ in range(runs):
        start = time.process_time()
        response = client.get(path)
        seconds.append(time.process_time() - start)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")
    return Weight(len(body), len(gzip.compress(body, 6)), median(seconds))


@contextmanager
def opened() -> Iterator[tuple[Services, FlaskClient]]:
    """A keyless app on a database of its own, and a browser that owns the stored lookups."""
    with tempfile.TemporaryDirectory() as state:
        services = build_services(load({"STATE_DIR": state, "LOG_LEVEL": "error"}))
        client = create_app(services=services).test_client()
        with client.session_transaction() as session:
            session["viewer"] = VIEWER
        yield services, client
        services.engine.dispose()


def main() -> None:
    """Prints the table."""
    results = {"4 providers": few_providers(), "60 providers x 60 plans": many_providers()}
    with opened() as (services, client):
        print(f"| Result | Page | kB | kB gzipped | CPU ms, median of {RUNS} |\n|---|---|--:|--:|--:|")
        for number, (name, raw) in enumerate(results.items()):
            path = store_result(services, raw, f"page-weight-{number}")
            for page, end in PATHS.items():
                weight = weigh(client, path + end)
                print(
                    f"| {name} | {page} | {weight.raw / 1000:.0f} | {weight.gzipped / 1000:.0f} | "
                    f"{weight.cpu * 1000:.0f} |"
                )


if __name__ == "__main__":
    main()
