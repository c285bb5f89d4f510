"""Long work on a worker that serves many requests at once: it gives way between its steps.

Under gevent a function that computes for a third of a second stops every other request of its worker for as long. What
reads, masks or draws a long answer therefore takes a `GiveWay` and calls it after each step.
"""

from __future__ import annotations

from collections.abc import Callable

GiveWay = Callable[[], None]


def keep_on() -> None:
    """For callers whose thread serves no other request."""
