"""Lets the code that asks Hum see the exchange itself, masked, beside the facts that the client makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from webapp.upstream.call import Call

# The client tells of a call without knowing who made it; the thread that made it does. Listeners may stand inside one
# another.
_listeners: ContextVar[tuple[list[Call], ...]] = ContextVar("listeners", default=())


def listen(call: Call) -> None:
    """The observer: give it to the client."""
    for calls in _listeners.get():
        calls.append(call)


@contextmanager
def heard() -> Iterator[list[Call]]:
    """The calls that this thread makes inside, in order, also those that fail."""
    calls: list[Call] = []
    before = _listeners.set((*_listeners.get(), calls))
    try:
        yield calls
    finally:
        _listeners.reset(before)
