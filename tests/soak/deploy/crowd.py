"""Clients that take their time, as many of each kind as wanted, all at once. Whoever is thrown out comes back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from tools import proxied

HOST = b"Host: lookup.example.com\r\n"
DRIP_SECONDS = 0.5
PATIENCE = 30.0
AT_THE_DOOR = 100
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Behavior = Callable[["Crowd", str, Streams], Awaitable[None]]


class Crowd:
    """`each` clients of every kind; a kind shares one address, like an office. Used as a context: they leave at its
    end.
    """

    def __init__(self, site: proxied.Site, kinds: Mapping[str, Behavior], each: int, large_file: str = "/") -> None:
        self.site = site
        self.kinds = kinds
        self.each = each
        self.large_file = large_file.encode()
        self.arrivals: Counter[str] = Counter()
        self.refused = threading.Event()
        self._complete = threading.Event()
        self._leave = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._come()), daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        assert self._complete.wait(PATIENCE), f"not all are in place: {self.arrivals}"
        return self

    def __exit__(self, *raised: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(PATIENCE)

    def stands(self, kind: str) -> None:
        """One more is where it wanted to be, or is so again."""
        self.arrivals[kind] += 1
        if all(self.arrivals[kind] >= self.each for kind in self.kinds):
            self._complete.set()

    def have_come_back(self, kind: str) -> bool:
        """True when as many as there are of this kind have been thrown out and stand there again."""
        return self.arrivals[kind] >= 2 * self.each

    async def _come(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._trust = self.site.trust()
        # nginx takes up to 511 connections that it has not accepted yet; a crowd at one door would only wait outside.
        self._door = asyncio.Semaphore(AT_THE_DOOR)
        clients = [
            asyncio.create_task(self._stay(number, kind))
            for number, kind in enumerate(self.kinds, 11)
            for _ in range(self.each)
        ]
        await self._leave.wait()
        # Nobody is called away while a connection is being made: what is half made would stay open.
        for _ in range(AT_THE_DOOR):
            await self._door.acquire()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    async def _stay(self, number: int, kind: str) -> None:
        while True:
            streams = None
            try:
                async with self._door:
                    streams = await self._connect(f"127.0.0.{number}")
                await self.kinds[kind](self, kind, streams)
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
                pass
            finally:
                if streams:
                    streams[1].transport.abort()
                    with contextlib.suppress(OSError):
                        await streams[1].wait_closed()

    async def _connect(self, address: str) -> Streams:
        plain = socket.socket()
        plain.setblocking(False)
        # What a client does not read shall stay with nginx, not in this machine's buffers.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.bind((address, 0))
        try:
            await self._loop.sock_connect(plain, ("127.0.0.1", self.site.https))
        except OSError:
            plain.close()
            raise
        return await asyncio.open_connection(sock=plain, ssl=self._trust, server_hostname=proxied.NAME, limit=4096)


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then, until the other side has had enough."""
    while not writer.transport.is_closing():
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


async def drip_headers(crowd: Crowd, kind: str, streams: Streams) -> None:
    """Never comes to the end of its headers."""
    streams[1].write(b"GET / HTTP/1.1\r\n" + HOST + b"X-A: ")
    crowd.stands(kind)
    await drip(streams[1])


async def drip_body(crowd: Crowd, kind: str, streams: Streams) -> None:
    """Never comes to the end of its form."""
    streams[1].write(b"POST /lookups HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\n")
    crowd.stands(kind)
    await drip(streams[1])


async def never_read(crowd: Crowd, kind: str, streams: Streams) -> None:
    """Asks for more than fits on the way and takes none of it."""
    streams[1].transport.pause_reading()
    streams[1].write((b"GET " + crowd.large_file + b" HTTP/1.1\r\n" + HOST + b"\r\n") * 6)
    crowd.stands(kind)
    await asyncio.sleep(PATIENCE)


async def keep_idle(crowd: Crowd, kind: str, streams: Streams) -> None:
    """Gets one answer and keeps the connection."""
    streams[1].write(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    await streams[0].readuntil(b"\r\n\r\nok\n")
    crowd.stands(kind)
    await streams[0].read()


async def stop_in_mid_body(crowd: Crowd, kind: str, streams: Streams) -> None:
    """Sends nothing of its form, and listens to what is said of that."""
    streams[1].write(b"POST /lookups HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\n")
    crowd.stands(kind)
    if b" 429 " in await streams[0].readline():
        crowd.refused.set()


KINDS: dict[str, Behavior] = {
    "drips its headers": drip_headers,
    "drips its body": drip_body,
    "stops in mid-body": stop_in_mid_body,
    "never reads": never_read,
    "keeps an idle connection": keep_idle,
}
