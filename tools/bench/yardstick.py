"""How fast this machine is today: the plainest Flask programs, asked for fragments as ours is, without database,
sessions or checks.

`PLAIN` is what one writes first, on 256 threads. `BARE` is the floor: as little as Flask, requests and gunicorn can do
for such a fragment.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import NamedTuple

from tools.bench.app import program
from tools.bench.hum import Hum
from tools.bench.measures import Load, observed
from tools.bench.viewers import Connection, Tally

INTERVAL = 2.0
GUNICORN = (
    *(sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--log-level", "error"),
    *("--workers", "2", "--worker-connections", "4000", "--no-control-socket"),
)


class Program(NamedTuple):
    """A program that answers as `plain_app` does: its name in the table, its server's command with `{port}`, and its
    path before the token.
    """

    name: str
    command: tuple[str, ...]
    path: str = "lookups"


APP = "tools.bench.plain_app:app"
PLAIN = Program("plain", (*GUNICORN, "--worker-class", "gthread", "--threads", "128", APP))
BARE = Program("bare", (*GUNICORN, "--worker-class", "gevent", APP), "bare")


async def yardstick(chosen: Program, watched: int, latency: float, seconds: float) -> Load:
    """So many people who each ask for a fragment, and again 2 s after it has come."""
    hum, tally = Hum(latency, lambda _number: None), Tally()
    url = await hum.listen()
    context = program(chosen.command, {"HUM_API_URL": url})
    app = await asyncio.to_thread(context.__enter__)
    try:
        begin = time.perf_counter()
        end = begin + 2 * INTERVAL + seconds

        async def watch(number: int) -> None:
            await asyncio.sleep(INTERVAL * number / watched)
            await _watch(f"{app.url}/{chosen.path}", hum, tally, number, end)

        viewers = [asyncio.create_task(watch(number)) for number in range(1, watched + 1)]
        return await observed(app, hum, tally, watched, (end - seconds, end), viewers)
    finally:
        hum.close()
        await asyncio.to_thread(context.__exit__, None, None, None)


async def _watch(url: str, hum: Hum, tally: Tally, number: int, end: float) -> None:
    token, session = hum.begin(number)
    address, _, path = url.removeprefix("http://").partition("/")
    host, _, port = address.partition(":")
    connection = Connection(host, int(port))
    while (asked_at := time.perf_counter()) < end:
        waited = session.waited
        try:
            answer = await connection.ask(f"GET /{path}/{token}/progress HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        except (OSError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
        else:
            tally.added.append(time.perf_counter() - asked_at - (session.waited - waited))
            tally.errors.update(["no fragment"] if answer.status != 200 else [])
        await asyncio.sleep(INTERVAL)
    connection.close()
