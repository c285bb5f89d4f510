"""Real worker processes over one database and one upstream, on a clock that the test turns for all of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from webapp.database import bring_up_to_date, open_engine
from webapp.hum.client import HumClient
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import LookupService, Request
from webapp.lookups.store import LookupStore
from webapp.upstream.transport import open_http

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 20
"""Seconds after which a worker that says nothing fails the test."""


class SharedClock:
    """Epoch seconds that all processes of a test read and only the test writes."""

    def __init__(self, now: float) -> None:
        self._cell: Any = SPAWN.Value("d", now)

    def __call__(self) -> float:
        return float(self._cell.value)

    def turn_to(self, now: float) -> None:
        self._cell.value = now


class Barrier(Protocol):
    """What all threads of all workers wait at before each of them does the same thing."""

    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class Place:
    """Where a worker works."""

    database_url: str
    upstream_url: str


class Worker:
    """One process. `say` tells it to do something, `hear` is what came of it: one result for each of its threads."""

    def __init__(self, clock: SharedClock, together: Barrier, threads: int) -> None:
        # Held here too: the process takes a moment to begin, and what it shares with us must live until then.
        self._shared = (clock, together)
        self._ours, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=serve, args=(theirs, clock, together, threads), daemon=True)
        self.process.start()
        theirs.close()

    def say(self, work: Callable[..., Any], place: Place, *arguments: object) -> None:
        self._ours.send((work, place, arguments))

    def hear(self) -> list[Any]:
        assert self._ours.poll(PATIENCE), "the worker says nothing"
        results: list[Any] = self._ours.recv()
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return results

    def kill(self) -> None:
        """SIGKILL: no clean-up, no last words."""
        self.process.kill()
        self.process.join(PATIENCE)
        self._ours.close()


def serve(orders: Connection, clock: SharedClock, together: Barrier, threads: int) -> None:
    """A worker's life: the same order for each thread, all starting together, until the test hangs up."""
    with ThreadPoolExecutor(threads) as pool, suppress(EOFError):
        while True:
            work, place, arguments = orders.recv()
            orders.send(
                list(
                    pool.map(lambda _, order=(work, place, arguments): _outcome(order, clock, together), range(threads))
                )
            )


def _outcome(order: tuple[Callable[..., Any], Place, Sequence[object]], clock: SharedClock, together: Barrier) -> Any:
    work, place, arguments = order
    try:
        return work(place, clock, together, *arguments)
    except Exception as error:
        return error


def service_at(place: Place, clock: SharedClock) -> tuple[LookupService, Callable[[], None]]:
    """A service as a worker has it, over HTTP, and what closes it."""
    engine = open_engine(place.database_url, pool_size=2)
    http = open_http()
    hum = HumClient(place.upstream_url, "key", http=http, clock=clock)

    def close() -> None:
        http.close()
        engine.dispose()

    return LookupService(LookupStore(engine), hum, environment="DEMO", clock=clock), close


def look_and_refresh(place: Place, clock: SharedClock, together: Barrier, lookup_id: str, viewer: str) -> Lookup:
    """What a tab does: reads the lookup, and then, together with all other tabs, refreshes it."""
    service, close = service_at(place, clock)
    try:
        lookup = service.find(lookup_id, viewer)
        assert lookup is not None
        together.wait(PATIENCE)
        return service.refresh(lookup)
    finally:
        close()


def submit(place: Place, clock: SharedClock, together: Barrier, request: Request) -> str:
    """What a click does; returns the id of the lookup it leads to."""
    service, close = service_at(place, clock)
    try:
        together.wait(PATIENCE)
        return service.start(request).lookup.id
    finally:
        close()


def upgrade(place: Place, clock: SharedClock, together: Barrier) -> None:
    """What every process does first."""
    together.wait(PATIENCE)
    engine = open_engine(place.database_url, pool_size=1)
    try:
        bring_up_to_date(engine)
    finally:
        engine.dispose()
