"""What a whole lookup costs, from the form to the fragment with its providers, beside the plain yardstick.

`python -m tools.bench.whole_lookup` prints CPU and Hum calls of both for lookups that one person each watches.
"""

from __future__ import annotations

import asyncio
import random
import time
from functools import partial
from statistics import median
from typing import NamedTuple

from tools.bench.app import App, program
from tools.bench.hum import Hum
from tools.bench.large_list import enlarged
from tools.bench.measures import running
from tools.bench.viewers import Tally, Viewer
from tools.bench.yardstick import PLAIN, Program

LOOKUPS = 60
ROUNDS = 3
EVERY = 0.2
"""Seconds between the beginnings of two lookups."""
READY = (4.0, 8.0)
"""Seconds after which Hum has the providers of a lookup."""
SIZE = (8, 3)
"""Providers, and plans of each."""


class Cost(NamedTuple):
    """Of one lookup: milliseconds of CPU, and calls to Hum."""

    cpu_ms: float
    hum_calls: float


def prepared_hum() -> Hum:
    """Its providers come after some seconds, the same in every run."""
    chance = random.Random(8)  # noqa: S311  (the same moments in every run)
    moments = {number: chance.uniform(*READY) for number in range(1, LOOKUPS + 11)}
    return Hum(0.1, moments.__getitem__, partial(enlarged, provider_count=SIZE[0], plan_count=SIZE[1]))


async def _watch_all(app: App, hum: Hum, numbers: range) -> None:
    tally = Tally()

    async def watch(place: int, number: int) -> None:
        await asyncio.sleep(EVERY * place)
        await Viewer(app.url, hum, tally, number).watch_until(time.perf_counter() + 40)

    await asyncio.gather(*(watch(place, number) for place, number in enumerate(numbers)))
    if tally.errors or len(tally.shown_after) != len(numbers):
        raise RuntimeError(f"{len(tally.shown_after)} of {len(numbers)} saw the providers: {dict(tally.errors)}")


async def _cost(app: App, hum: Hum) -> Cost:
    """Some lookups warm every cache of the program before it is measured."""
    await _watch_all(app, hum, range(LOOKUPS + 1, LOOKUPS + 11))
    cpu, calls = app.cpu_seconds(), hum.asked.total()
    await _watch_all(app, hum, range(1, LOOKUPS + 1))
    return Cost((app.cpu_seconds() - cpu) / LOOKUPS * 1000, (hum.asked.total() - calls) / LOOKUPS)


async def ours() -> Cost:
    """A lookup in the app as it is run."""
    hum = prepared_hum()
    async with running(hum) as app:
        return await _cost(app, hum)


async def plain(chosen: Program = PLAIN) -> Cost:
    """The same in a plain program, which makes the calls that Hum's documents name, one by one."""
    hum = prepared_hum()
    url = await hum.listen()
    context = program(chosen.command, {"HUM_API_URL": url})
    app = await asyncio.to_thread(context.__enter__)
    try:
        return await _cost(app, hum)
    finally:
        hum.close()
        await asyncio.to_thread(context.__exit__, None, None, None)


async def compare() -> tuple[Cost, Cost]:
    """Medians of ours and of plain, measured by turns."""
    rounds = [(await ours(), await plain()) for _ in range(ROUNDS)]
    return _middle([ours_cost for ours_cost, _ in rounds]), _middle([plain_cost for _, plain_cost in rounds])


def _middle(costs: list[Cost]) -> Cost:
    return Cost(median(cost.cpu_ms for cost in costs), median(cost.hum_calls for cost in costs))


async def row() -> str:
    """The figures as a row of Markdown."""
    our_cost, plain_cost = await compare()
    figures = " / ".join(f"{cost.cpu_ms:.1f} ms, {cost.hum_calls:.2f} calls" for cost in (our_cost, plain_cost))
    ratio = our_cost.cpu_ms / plain_cost.cpu_ms
    size = f"{SIZE[0]} providers with {SIZE[1]} plans each"
    return f"| A whole lookup, form to list ({size}): ours / plain, ratio of CPU | {figures}, {ratio:.2f} |"


if __name__ == "__main__":
    print(asyncio.run(row()))
