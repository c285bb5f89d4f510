"""How many requests of this process may ask Hum at once. Pages, static files and polls that are answered from storage
need no seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore

from webapp.hum.errors import Busy


class ConcurrencyLimit:
    """`count` seats for requests that ask Hum. Nobody waits for one: a person who is told at once can press again."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(max(1, count))
        self._seated: ContextVar[bool] = ContextVar("seated", default=False)

    @contextmanager
    def taken(self, operation: str, method: str) -> Iterator[None]:
        """Holds a seat; inside, the same request needs no other. Raises Busy when all are taken."""
        if self._seated.get():
            yield
            return
        if not self._free.acquire(blocking=False):
            raise Busy(operation, method)
        token = self._seated.set(True)
        try:
            yield
        finally:
            self._seated.reset(token)
            self._free.release()
