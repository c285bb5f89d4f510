"""How many requests of this process may ask a vendor at once. Pages, static files and polls that are answered from
storage do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class AtCapacity(Exception):
    """Nothing was asked, because as many requests as may are asking."""


class Slot:
    """The right to ask, which `ConcurrencyLimit.acquire` gives for one piece of work. Whoever has one passes it on."""


class ConcurrencyLimit:
    """`count` slots for requests that ask. Nobody waits for one: a person who learns at once can press again."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(max(1, count))

    @contextmanager
    def acquire(self) -> Iterator[Slot]:
        """Holds a slot. Raises AtCapacity when all are taken."""
        if not self._free.acquire(blocking=False):
            raise AtCapacity
        try:
            yield Slot()
        finally:
            self._free.release()
