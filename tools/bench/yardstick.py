"""How fast this machine is today: the plainest Flask programs, asked for fragments as ours is, without database,
sessions or checks.

`PLAIN` is what one writes first, on 256 threads. `BARE` is the floor: as little as Flask, requests and gunicorn can do
for such a fragment.
"""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

from tools.bench.app import gunicorn
from tools.bench.hum import Hum
from tools.bench.measures import Load, observed
from tools.bench.viewers import Connection, Tally

INTERVAL = 2.0
ARGUMENTS = ("--workers", "2", "--worker-connections", "4000", "--no-control-socket")


class Program(NamedTuple):
    """One of `plain_app`'s ways to answer: its name in the table, gunicorn's workers for it, and its path before the
    token.
    """

    name: str
    workers: tuple[str, ...]
    path: str


PLAIN = Program("plain", ("--worker-class", "gthread", "--threads", "128"), "lookups")
BARE = Program("bare", ("--worker-class", "gevent"), "bare")


async def yardstick(program: Program, watched: int, latency: float, seconds: float) -> Load:
    """So many people who each ask for a fragment, and again 2 s after it has come."""
    hum, tally = Hum(latency, lambda _number: None), Tally()
    url = await hum.listen()
    context = gunicorn((*program.workers, *ARGUMENTS, "tools.bench.plain_app:app"), {"HUM_API_URL": url})
    app = await asyncio.to_thread(context.__enter__)
    try:
        begin = time.perf_counter()
        end = begin + 2 * INTERVAL + seconds

        async def watch(number: int) -> None:
            await asyncio.sleep(INTERVAL * number / watched)
            await _watch(f"{app.url}/{program.path}", hum, tally, number, end)

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
