"""How fast this machine is today: the plainest Flask program on 256 gthread threads, asked for fragments as ours is."""

from __future__ import annotations

import asyncio
import time

from tools.bench.app import gunicorn
from tools.bench.hum import Hum
from tools.bench.measures import Load, observed
from tools.bench.viewers import Connection, Tally

INTERVAL = 2.0
ARGUMENTS = ("--worker-class", "gthread", "--workers", "2", "--threads", "128", "--worker-connections", "4000", "--no-control-socket")


async def yardstick(watched: int, latency: float, seconds: float) -> Load:
    """So many people who each ask for a fragment, and again 2 s after it has come."""
    hum, tally = Hum(latency, lambda _number: None), Tally()
    url = await hum.listen()
    context = gunicorn((*ARGUMENTS, "tools.bench.plain_app:app"), {"HUM_API_URL": url})
    app = await asyncio.to_thread(context.__enter__)
    try:
        begin = time.perf_counter()
        end = begin + 2 * INTERVAL + seconds

        async def watch(number: int) -> None:
            await asyncio.sleep(INTERVAL * number / watched)
            await _watch(app.url, hum, tally, number, end)

        viewers = [asyncio.create_task(watch(number)) for number in range(1, watched + 1)]
        return await observed(app, hum, tally, watched, (end - seconds, end), viewers)
    finally:
        hum.close()
        await asyncio.to_thread(context.__exit__, None, None, None)


async def _watch(url: str, hum: Hum, tally: Tally, number: int, end: float) -> None:
    token, session = hum.begin(number)
    host, _, port = url.removeprefix("http://").partition(":")
    connection = Connection(host, int(port))
    while (asked_at := time.perf_counter()) < end:
        waited = session.waited
        try:
            answer = await connection.ask(f"GET /lookups/{token}/progress HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        except (OSError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
        else:
            tally.added.append(time.perf_counter() - asked_at - (session.waited - waited))
            tally.errors.update(["no fragment"] if answer.status != 200 else [])
        await asyncio.sleep(INTERVAL)
    connection.close()
