"""`python -m tools.bench.compared`: ours beside plain Flask, FastAPI with httpx, and Streamlit, in one table.

All do the same lookup. The others keep nothing, mask nothing, check nothing and show less; the table says what that
is worth. Streamlit has one process for all viewers: it has no workers.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tools.bench import measures, whole_lookup
from tools.bench.app import App, program
from tools.bench.environment import PYTHON, install
from tools.bench.first_page import FirstPage, weigh, weigh_page
from tools.bench.hum import Hum
from tools.bench.measures import Load, observed
from tools.bench.viewers import Tally
from tools.bench.whole_lookup import Cost
from tools.bench.yardstick import PLAIN, Program, yardstick

LOADS = (100, 200, 300, 640)
LATENCY = 0.3
HELD = 100.0
"""Milliseconds: a load is held when 99 of 100 answers are added less than this, and none is an error."""
SECONDS = 12.0
BEGINNING = 6.0
"""Seconds until every Streamlit viewer has its form and its first answer."""
UVICORN = (
    *(str(PYTHON), "-m", "uvicorn", "tools.bench.fastapi_app:app", "--host", "127.0.0.1", "--port", "{port}"),
    *("--workers", "2", "--log-level", "error", "--no-access-log"),
)
FASTAPI = Program("FastAPI + httpx", UVICORN)
STREAMLIT = (
    *(str(PYTHON), "-m", "streamlit", "run", "tools/bench/streamlit_app.py"),
    *("--server.address", "127.0.0.1", "--server.port", "{port}", "--server.headless", "true"),
    *("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none", "--logger.level", "error"),
)


@dataclass(frozen=True)
class Column:
    """One program: its loads as far as it held them and the first that it did not, what a finished lookup costs, and
    its first page.
    """

    name: str
    processes: int
    loads: Sequence[Load]
    whole: Cost
    first: FirstPage


async def columns() -> list[Column]:
    """All four, one after the other."""
    install()
    plain_first = await _first_page(program(PLAIN.command, {}))
    fastapi_first = await _first_page(program(FASTAPI.command, {}))
    return [
        Column("Ours", 2, await _loads(_ours), await whole_lookup.ours(), await asyncio.to_thread(weigh)),
        Column("Plain Flask", 2, await _loads(_of(PLAIN)), await whole_lookup.plain(), plain_first),
        Column(FASTAPI.name, 2, await _loads(_of(FASTAPI)), await whole_lookup.plain(FASTAPI), fastapi_first),
        Column(
            "Streamlit", 1, await _loads(_streamlit), await streamlit_lookup(), await _first_page(_serve_streamlit())
        ),
    ]


async def table() -> list[str]:
    """The table as lines of Markdown."""
    found = await columns()
    rows: dict[str, Callable[[Column], str]] = {
        f"Lookups held at {LATENCY:g} s, of {', '.join(map(str, LOADS))}": _held,
        "Added p99 at 300 watched (or where it was given up)": _added,
        "CPU of a finished lookup": lambda column: f"{column.whole.cpu_ms:.1f} ms",
        "Hum calls a finished lookup": lambda column: f"{column.whole.hum_calls:.2f}",
        "First page": lambda column: f"{column.first.bytes:,} bytes, {column.first.requests} requests",
        "Memory at the largest load tried, all processes": _memory,
    }
    lines = [f"| | {' | '.join(column.name for column in found)} |", "|---" * (len(found) + 1) + "|"]
    for name, read in rows.items():
        lines.append(f"| {name} | {' | '.join(map(read, found))} |")
    return lines


def _is_held(load: Load) -> bool:
    return load.added_p99 < HELD and not load.errors


def _held(column: Column) -> str:
    held = [load.watched for load in column.loads if _is_held(load)]
    if not held:
        return f"fewer than {LOADS[0]}"
    return f"{max(held):,}"


def _added(column: Column) -> str:
    reached = [load for load in column.loads if load.watched <= 300]
    load = reached[-1]
    return f"{load.added_p99:.0f} ms at {load.watched}, {load.errors} errors"


def _memory(column: Column) -> str:
    load = column.loads[-1]
    return f"{load.megabytes * column.processes:.0f} MB at {load.watched}"


async def _loads(measure: Callable[[int], Awaitable[Load]]) -> list[Load]:
    """Larger and larger ones, to the first that is not held."""
    loads: list[Load] = []
    for watched in LOADS:
        loads.append(await measure(watched))
        if not _is_held(loads[-1]):
            break
    return loads


async def _ours(watched: int) -> Load:
    return await measures.load(watched, LATENCY, SECONDS)


def _of(chosen: Program) -> Callable[[int], Awaitable[Load]]:
    async def measure(watched: int) -> Load:
        return await yardstick(chosen, watched, LATENCY, SECONDS)

    return measure


async def _first_page(context: AbstractContextManager[App]) -> FirstPage:
    app = await asyncio.to_thread(context.__enter__)
    try:
        return await asyncio.to_thread(weigh_page, app.url)
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


def _serve_streamlit(hum_url: str = "") -> AbstractContextManager[App]:
    return program(STREAMLIT, {"HUM_API_URL": hum_url}, health="/_stcore/health", alone=True)


async def _streamlit(watched: int) -> Load:
    """So many viewers whose script asks for the status every two seconds. `added` is the time from Hum's answer to its
    arrival at the viewer: the script, not the viewer, asks.
    """
    hum, tally = Hum(LATENCY, lambda _number: None), Tally()
    url = await hum.listen()
    context = _serve_streamlit(url)
    app = await asyncio.to_thread(context.__enter__)
    try:
        begin = time.perf_counter()
        end = begin + BEGINNING + SECONDS
        viewing = asyncio.create_task(_view(app, hum, tally, "watch", range(1, watched + 1), end - begin))
        return await observed(app, hum, tally, watched, (end - SECONDS, end), [viewing])
    finally:
        hum.close()
        await asyncio.to_thread(context.__exit__, None, None, None)


async def streamlit_lookup() -> Cost:
    """A whole lookup, as `whole_lookup` measures it."""
    hum = whole_lookup.prepared_hum()
    context = _serve_streamlit(await hum.listen())
    app = await asyncio.to_thread(context.__enter__)
    count = whole_lookup.LOOKUPS
    try:
        await _view(app, hum, Tally(), "look-up", range(count + 1, count + 11), 40)
        cpu, calls, tally = app.cpu_seconds(), hum.asked.total(), Tally()
        await _view(app, hum, tally, "look-up", range(1, count + 1), 60)
        if tally.errors:
            raise RuntimeError(f"Streamlit: {dict(tally.errors)}")
        return Cost((app.cpu_seconds() - cpu) / count * 1000, (hum.asked.total() - calls) / count)
    finally:
        hum.close()
        await asyncio.to_thread(context.__exit__, None, None, None)


async def _view(app: App, hum: Hum, tally: Tally, mode: str, numbers: range, seconds: float) -> None:
    """Viewers in a process of their own; what each answer took to arrive goes into the tally as it does."""
    address = f"{app.url.replace('http', 'ws', 1)}/_stcore/stream"
    viewers = await asyncio.create_subprocess_exec(
        *(str(PYTHON), "-m", "tools.bench.streamlit_viewers", address, mode),
        *(str(len(numbers)), f"{seconds:.1f}", str(numbers.start)),
        stdout=asyncio.subprocess.PIPE,
    )
    if viewers.stdout is None:
        raise RuntimeError("the viewers' output cannot be read")
    async for line in viewers.stdout:
        told = json.loads(line)
        if "error" in told:
            tally.errors[told["error"]] += 1
        elif told["answer"] is not None:
            tally.added.append(told["at"] - hum.by_number[told["number"]].answered[told["answer"] - 1])
    await viewers.wait()


if __name__ == "__main__":
    print("\n".join(asyncio.run(table())))
