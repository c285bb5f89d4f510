"""What a worker does again and again, each duty in a thread of its own: one that waits for Hum or deletes for minutes
holds up no other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.database import DatabaseUnavailable
from webapp.telemetry import log, place_of


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done, at once and then with `pause` seconds between its end and its next beginning."""

    name: str
    pause: float
    do: Callable[[], object]

    def do_once(self) -> None:
        """Does it; what it raises is logged without its text, which may hold what a person typed."""
        try:
            self.do()
        except DatabaseUnavailable as error:
            log.warning("database_unavailable", duty=self.name, kind=type(error).__name__)
        except Exception as error:
            log.error("bug", duty=self.name, kind=type(error).__name__, at=place_of(error))


class Duties:
    """Done until `stopped` is set, whatever happens to one of them."""

    def __init__(self, duties: Iterable[Duty], stopped: threading.Event) -> None:
        self._stopped = stopped
        self._threads = [threading.Thread(target=self._keep_doing, args=(duty,), name=duty.name) for duty in duties]

    def start(self) -> None:
        """Begins all of them."""
        for thread in self._threads:
            thread.start()

    def join(self, patience: float) -> None:
        """Waits until each has ended what it is doing, at most `patience` seconds for each."""
        for thread in self._threads:
            thread.join(patience)

    def _keep_doing(self, duty: Duty) -> None:
        while True:
            duty.do_once()
            if self._stopped.wait(duty.pause):
                return
