"""The single measurements. Each starts the app anew on an empty database and gives plain figures."""

from __future__ import annotations

import asyncio
import math
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from tools.bench.app import App, serve
from tools.bench.hum import Hum
from tools.bench.viewers import Connection, Tally, Viewer
from webapp.lookups.lifecycle import POLL_WINDOW

COMING = 40
"""Viewers that come in a second, at most. Starting a lookup costs several polls, and no office all comes at
once.
"""
SETTLING = 10.0
"""Seconds after the last of them, before anything is measured: the figures are those of people who watch."""


@dataclass(frozen=True)
class Load:
    """What one load came to. Times in milliseconds; `added` is a fragment's time less what Hum took of it."""

    watched: int
    latency: float
    seconds: float
    fragments: int
    hum_calls: int
    cpu_ms: float
    added_median: float
    added_p99: float
    errors: int
    megabytes: float


@asynccontextmanager
async def running(hum: Hum, state: Path | None = None, **environment: str) -> AsyncIterator[App]:
    """The app against a Hum, on an empty database unless `state` has one."""
    url = await hum.listen()
    with tempfile.TemporaryDirectory() as empty:
        context = serve(state or Path(empty), url, **environment)
        app = await asyncio.to_thread(context.__enter__)
        try:
            yield app
        finally:
            hum.close()
            await asyncio.to_thread(context.__exit__, None, None, None)


async def load(watched: int, latency: float, seconds: float, *, state: Path | None = None, **environment: str) -> Load:
    """So many people each watch a lookup whose answer does not come, and Hum takes `latency` seconds for each of its
    own answers. `environment` holds settings that are not the usual ones.
    """
    hum, tally = Hum(latency, lambda _number: None), Tally()
    async with running(hum, state, **environment) as app:
        # Whole windows, so that at every moment as many are at their beginning as at their end.
        ramp = POLL_WINDOW * math.ceil(watched / COMING / POLL_WINDOW)
        begin = time.perf_counter()
        end = begin + ramp + SETTLING + seconds

        async def come(number: int) -> None:
            await asyncio.sleep(ramp * number / watched)
            await Viewer(app.url, hum, tally, number).watch_until(end)

        viewers = [asyncio.create_task(come(number)) for number in range(1, watched + 1)]
        return await observed(app, hum, tally, watched, (end - seconds, end), viewers)


async def observed(
    app: App, hum: Hum, tally: Tally, watched: int, span: tuple[float, float], viewers: Sequence[asyncio.Task[None]]
) -> Load:
    """What a load comes to between two moments of `time.perf_counter`; errors are counted until the last viewer has
    gone.
    """
    since, until = span
    await asyncio.sleep(since - time.perf_counter())
    before, calls, cpu = len(tally.added), hum.asked.total(), app.cpu_seconds()
    await asyncio.sleep(until - time.perf_counter())
    added, cpu = sorted(tally.added[before:]), app.cpu_seconds() - cpu
    calls, megabytes = hum.asked.total() - calls, app.megabytes()
    await asyncio.gather(*viewers)
    return Load(
        watched,
        hum.latency,
        until - since,
        len(added),
        calls,
        cpu / len(added) * 1000,
        median(added) * 1000,
        added[int(len(added) * 0.99)] * 1000,
        tally.errors.total(),
        megabytes,
    )


async def calls_per_lookup(viewers: int) -> int:
    """How often Hum is asked for one lookup that so many people watch to its end, create included."""
    hum, tally = Hum(0.1, lambda _number: 4.0), Tally()
    async with running(hum) as app:
        end = time.perf_counter() + 40
        first = Viewer(app.url, hum, tally, 1)
        page = await first.begin()
        others = [Viewer(app.url, hum, tally, 1) for _ in range(viewers - 1)]
        for other in others:
            other.cookie, other.path = first.cookie, first.path
        await asyncio.gather(*(viewer.watch_until(end, page) for viewer in (first, *others)))
        calls = hum.asked.total()
    if tally.errors or len(tally.shown_after) != viewers:
        raise RuntimeError(f"{len(tally.shown_after)} of {viewers} saw the providers: {dict(tally.errors)}")
    return calls


async def providers_shown_after(lookups: int, viewers: int) -> float:
    """Mean seconds from the moment Hum has providers to the fragment that shows them, to each of so many viewers of
    each lookup.
    """
    chance = random.Random(1)  # noqa: S311  (the same moments in every run)
    moments = {number: chance.uniform(3.0, 8.0) for number in range(1, lookups + 1)}
    hum, tally = Hum(0.1, moments.__getitem__), Tally()
    async with running(hum) as app:
        end = time.perf_counter() + 40

        async def watch(number: int) -> None:
            await asyncio.sleep(chance.uniform(0, 4))
            first = Viewer(app.url, hum, tally, number)
            page = await first.begin()
            others = [Viewer(app.url, hum, tally, number) for _ in range(viewers - 1)]
            for other in others:
                other.cookie, other.path = first.cookie, first.path

            async def later(viewer: Viewer) -> None:
                await asyncio.sleep(chance.uniform(0, 1.0))
                await viewer.watch_until(end, page if viewer is first else (await viewer.get(viewer.path)).body)

            await asyncio.gather(*(later(viewer) for viewer in (first, *others)))

        await asyncio.gather(*(watch(number) for number in moments))
    if tally.errors or len(tally.shown_after) != lookups * viewers:
        raise RuntimeError(f"{len(tally.shown_after)} of {lookups * viewers} saw the providers: {dict(tally.errors)}")
    return mean(tally.shown_after)


async def served_from_storage(seconds: float) -> float:
    """Fragments a second that need no word from Hum, asked for over 16 connections without a pause."""
    hum, tally = Hum(0.0, lambda _number: None), Tally()
    async with running(hum) as app:
        viewer = Viewer(app.url, hum, tally, 1)
        await viewer.begin()
        await viewer.get(f"{viewer.path}/progress", fragment=True)
        host, _, port = app.url.removeprefix("http://").partition(":")
        request = (
            f"GET {viewer.path}/progress?seen=ended HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: "
            f"{viewer.cookie}\r\nHX-Request: true\r\n\r\n"
        )
        end, count = time.perf_counter() + seconds, 0

        async def ask() -> None:
            nonlocal count
            connection = Connection(host, int(port))
            while time.perf_counter() < end:
                await connection.ask(request.encode())
                count += 1
            connection.close()

        await asyncio.gather(*(ask() for _ in range(16)))
    return count / seconds


async def direct(seconds: float) -> tuple[float, float]:
    """Median milliseconds of a poll fragment that asks a Hum of 300 ms, and of that Hum asked directly, one after the
    other.
    """
    hum, tally = Hum(0.3, lambda _number: None), Tally()
    async with running(hum) as app:
        viewers = [Viewer(app.url, hum, tally, number) for number in range(1, 11)]
        end = time.perf_counter() + seconds
        await asyncio.gather(*(viewer.watch_until(end) for viewer in viewers))
        url = await hum.listen()
        host, _, port = url.removeprefix("http://").partition(":")
        connection, times = Connection(host, int(port)), []
        for _ in range(20):
            asked_at = time.perf_counter()
            await connection.ask(b"GET /sessions/bench-session-00000000 HTTP/1.1\r\nHost: hum\r\n\r\n")
            times.append(time.perf_counter() - asked_at)
        connection.close()
        hum.close()
    return median(tally.added) * 1000, median(times) * 1000
