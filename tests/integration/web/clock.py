"""Time that stands still until a test turns it, and the requests that it must not be turned under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START = 1_763_800_000.0


class Clock:
    """Epoch seconds. `advance` may be given as the sleep of whatever wants to wait."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Traffic:
    """Counts the requests that an app has under way, so that a test can act between two of them."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._changed = Condition()
        self._under_way = 0
        self._held = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            self._changed.wait_for(lambda: not self._held)
            self._under_way += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    @contextmanager
    def held(self) -> Iterator[None]:
        """None is under way from here on; those that come wait outside. TimeoutError when one does not end."""
        with self._changed:
            self._held = True
            ended = self._changed.wait_for(lambda: not self._under_way, timeout=10)
        try:
            if not ended:
                raise TimeoutError("a request has been under way for 10 seconds")
            yield
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()
