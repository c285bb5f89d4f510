"""People who watch lookups, as browsers with htmx do it: hundreds of them on one event loop, each on a kept connection
of its own.
"""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from tools.bench.hum import Hum

_DELAY = re.compile(rb"delay:(\d+)ms")
_POLLER = re.compile(rb'data-hx-get="(/lookups/[^"]+/progress[^"]*)"')
_GO_ON = re.compile(
    rb'data-hx-post="(/lookups/[^"]+/keep-checking[^"]*)".*?name="csrf_token"[^>]*value="([^"]+)"', re.DOTALL
)
_FIELD = re.compile(rb'name="(csrf_token|submit_key)"[^>]*value="([^"]+)"')
_TROUBLE = re.compile(rb'id="trouble">.*?</svg>\s*([^<]*)', re.DOTALL)
_PROVIDER = b'class="provider"'
PATIENCE = 30.0


@dataclass
class Tally:
    """What all viewers together saw. Latencies in seconds; `added` is a fragment's latency less what Hum took of it."""

    fragments: int = 0
    added: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    shown_after: list[float] = field(default_factory=list)
    """Seconds from the moment at which Hum had providers to the fragment that shows them."""


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        """The first header of this name; empty without one."""
        found = re.search(rb"\r\n" + name + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


class Connection(asyncio.Protocol):
    """One kept HTTP/1.1 connection to the app; opened again when the app has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The app has taken the connection."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The app has closed it: an error only while an answer is due."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("closed before the answer"))

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        if (
            separator
            and length
            and len(body) >= int(length[1])
            and self._waiting is not None
            and not self._waiting.done()
        ):
            self._received = b""
            self._waiting.set_result(Answer(int(head[9:12]), head, body))

    async def ask(self, request: bytes) -> Answer:
        """Sends a request and gives its answer. A connection that the app has closed meanwhile is opened anew, as
        browsers do.
        """
        loop = asyncio.get_running_loop()
        for attempt in (1, 2):
            if self._transport is None or self._transport.is_closing():
                await loop.create_connection(lambda: self, *self._place)
            if self._transport is None:
                raise ConnectionError("closed as soon as it was opened")
            self._received, self._waiting = b"", loop.create_future()
            self._transport.write(request)
            try:
                return await asyncio.wait_for(self._waiting, PATIENCE)
            except ConnectionError:
                if attempt == 2 or self._received:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Closes the connection."""
        if self._transport is not None:
            self._transport.close()


class Viewer:
    """One browser: fills in the form, follows the progress fragment, and presses *Keep checking* whenever it pauses."""

    def __init__(self, url: str, hum: Hum, tally: Tally, house: int) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._connection = Connection(host, int(port))
        self._host = f"{host}:{port}"
        self._hum, self._tally = hum, tally
        self._house = house
        self.cookie = self.path = ""

    async def watch_until(self, end: float, page: bytes | None = None) -> None:
        """Watches a lookup of its own, or the one of `page`, until `end` (of `time.perf_counter`) or until it has its
        providers.
        """
        try:
            page = page or await self.begin()
            while time.perf_counter() < end and not self._shows_providers(page):
                page = await self._next(page)
        except (OSError, TimeoutError, RuntimeError) as error:
            self._tally.errors[f"{type(error).__name__}: {error}"[:120]] += 1
        finally:
            self._connection.close()

    async def begin(self) -> bytes:
        """Sends the form of a new address and opens the lookup's page."""
        page = await self.get("/")
        fields = {name.decode(): html.unescape(value.decode()) for name, value in _FIELD.findall(page.body)}
        address = {"street1": f"{self._house}+Woodward+Ave", "city": "Detroit", "state": "MI", "zip": "48226"}
        self.path = (await self._post("/lookups", {**fields, **address})).header(b"location")
        return (await self.get(self.path)).body

    async def _next(self, page: bytes) -> bytes:
        """The fragment that comes next: after the delay that the one before it chose, or at once after *Keep
        checking*.
        """
        poller, delay = _POLLER.search(page), _DELAY.search(page)
        if poller is None:
            button = _GO_ON.search(page)
            if button is None:
                raise RuntimeError("a page that neither asks again nor can be told to")
            token = {"csrf_token": html.unescape(button[2].decode())}
            return (await self._post(html.unescape(button[1].decode()), token, fragment=True)).body
        await asyncio.sleep(int(delay[1]) / 1000 if delay else 10.0)
        session = self._hum.by_number[self._house]
        waited, asked_at = session.waited, time.perf_counter()
        page = (await self.get(html.unescape(poller[1].decode()), fragment=True)).body
        self._tally.fragments += 1
        self._tally.added.append(time.perf_counter() - asked_at - (session.waited - waited))
        return page

    def _shows_providers(self, page: bytes) -> bool:
        session = self._hum.by_number[self._house]
        if session.ready_at is None or _PROVIDER not in page:
            return False
        self._tally.shown_after.append(time.perf_counter() - session.ready_at)
        return True

    async def _post(self, path: str, fields: Mapping[str, str], *, fragment: bool = False) -> Answer:
        body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self.cookie}\r\nSec-Fetch-Site: same-origin\r\n"
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        answer = await self._ask((head + ("HX-Request: true\r\n" if fragment else "") + kind).encode() + body)
        if answer.status != (200 if fragment else 303):
            told = _TROUBLE.search(answer.body)
            raise RuntimeError(
                f"POST {path.rpartition('/')[2]} was answered with {answer.status}: {told[1].decode() if told else ''}"
            )
        return answer

    async def get(self, path: str, *, fragment: bool = False) -> Answer:
        """A page or a fragment; anything but 200 is an error."""
        htmx = b"HX-Request: true\r\nHX-Target: progress\r\n" if fragment else b""
        cookie = b"Cookie: %s\r\n" % self.cookie.encode() if self.cookie else b""
        answer = await self._ask(
            b"GET %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n" % (path.encode(), self._host.encode(), cookie, htmx)
        )
        if answer.status != 200:
            raise RuntimeError(f"{'a fragment' if fragment else 'a page'} was answered with {answer.status}")
        return answer

    async def _ask(self, request: bytes) -> Answer:
        answer = await self._connection.ask(request)
        if given := answer.header(b"set-cookie"):
            self.cookie = given.partition(";")[0]
        return answer
